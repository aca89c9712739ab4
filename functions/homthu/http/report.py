"""`report`: closes weeks and sends reports whenever it is called, by the scheduler on Mondays.

Called on Fridays at an address of its own, it rehearses the next report and changes nothing; called on the
first of the month at another, it erases what was kept long enough; called every day at a third, it tells
units what is assigned to them, and clerks once a week what is to be typed. Each for one ward, or for all.
"""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass

from flask import Request, Response

from homthu.domain.boxes.box import Box
from homthu.http.errors import Handler, guard_job, job_response
from homthu.http.job_parts import ReportParts
from homthu.http.request import RequestRefused
from homthu.http.ward_jobs import answer_for
from homthu.log import log, log_crash
from homthu.ports import StoreUnavailable
from homthu.services.clerk_mails import tell_clerks
from homthu.services.desk_term import current_term
from homthu.services.owed_weeks import problem_of
from homthu.services.rehearse import rehearse_mail, rehearse_wards
from homthu.services.retain import retain_all
from homthu.services.run_reports import report_all
from homthu.services.unit_mails import tell_units

#: The addresses of infra/schedules.json. A misspelt one must not send mail, so all others are refused.
REPORT, REHEARSAL, RETENTION, UNITS = "/", "/rehearsal", "/retention", "/units"


def make(parts: ReportParts) -> Handler:
    """The function, built from its parts."""
    return guard_job("report", _Reporter(parts).answer)


@dataclass(frozen=True, slots=True)
class _Reporter:
    parts: ReportParts

    def answer(self, request: Request) -> Response:
        jobs = {
            REPORT: self._report,
            REHEARSAL: self._rehearse,
            RETENTION: self._retain,
            UNITS: self._tell_units,
        }
        if request.path not in jobs:
            raise RequestRefused(404)
        return answer_for(request, self.parts.boxes, self.parts.queue, jobs[request.path])

    def _report(self, boxes: Collection[Box]) -> Response:
        if problem := problem_of(self.parts.bring_store_up_to_date):
            log("report_not_begun", "ERROR", problem=problem)
            return job_response([{"problem": problem}], is_done=False)
        owner = self.parts.random_bytes(8).hex()
        for box in boxes:
            try:
                current_term(self.parts.desk_terms, box, self.parts.random_bytes)
            except StoreUnavailable:
                # Not the purpose of this call: a store that fails will fail the report itself.
                continue
            except Exception as error:
                # A defect in one ward's box must not keep the others from their report.
                log_crash("desk_term_crashed", error)
        outcomes = report_all(self.parts.context, self.parts.mailer, self.parts.sender, boxes, owner=owner)
        wards = [
            {
                "ward": outcome.ward,
                "closed": [str(report.week) for report in outcome.closed],
                "tried": len(outcome.tried),
                "owed": outcome.owed,
                "bounced": outcome.bounced,
                "problem": outcome.problem,
            }
            for outcome in outcomes
        ]
        # 503 makes the scheduler, or the queue, call again, until nothing is owed.
        return job_response(wards, is_done=all(outcome.is_done for outcome in outcomes))

    def _tell_units(self, boxes: Collection[Box]) -> Response:
        if problem := problem_of(self.parts.bring_store_up_to_date):
            log("units_not_told", "ERROR", problem=problem)
            return job_response([{"problem": problem}], is_done=False)
        outcomes = [*tell_units(self.parts.unit_post, boxes), *tell_clerks(self.parts.clerk_post, boxes)]
        return job_response([asdict(one) for one in outcomes], is_done=all(one.is_done for one in outcomes))

    def _rehearse(self, boxes: Iterable[Box]) -> Response:
        parts, boxes = self.parts, list(boxes)
        rows: list[dict[str, str | int]] = []
        for one in rehearse_wards(parts.context, parts.sender, boxes, check_store=parts.check_store):
            rows.append(
                {
                    "ward": one.ward,
                    "week": str(one.week) if one.week else "",
                    "mail_bytes": one.mail_bytes,
                    "problem": one.problem,
                }
            )
            log("ward_rehearsed", "ERROR" if one.problem else "INFO", **rows[-1])
        # Last, for the largest mail that was made must be one that the server takes.
        size_bytes = max((int(row["mail_bytes"]) for row in rows), default=0)
        mail = rehearse_mail(parts.mailer, parts.sender, boxes, size_bytes=size_bytes)
        log("mail_rehearsed", "ERROR" if mail else "INFO", problem=mail)
        is_sound = not mail and not any(row["problem"] for row in rows)
        # 503 is what the maintainers are alerted by; the scheduler's next calls show what has passed.
        return job_response([{"mail": mail}, *rows], is_done=is_sound)

    def _retain(self, boxes: Iterable[Box]) -> Response:
        parts = self.parts
        if problem := problem_of(parts.bring_store_up_to_date):
            log("retention_not_begun", "ERROR", problem=problem)
            return job_response([{"problem": problem}], is_done=False)
        eraser = parts.eraser
        try:
            done = retain_all(
                parts.context,
                eraser,
                boxes,
                wording=parts.wording("expired"),
                forget_mails=parts.forget_mails,
                owner=parts.random_bytes(8).hex(),
            )
        finally:
            eraser.close()
        # 503 makes the scheduler call again; what was erased is not searched for twice.
        return job_response([asdict(one) for one in done], is_done=not any(one.problem for one in done))
