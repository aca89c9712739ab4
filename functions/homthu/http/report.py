"""`report`: closes weeks and sends reports whenever it is called, by the scheduler on Mondays.

Called on Fridays at an address of its own, it rehearses the next report and changes nothing.
"""

from flask import Request, Response

from homthu.http.edge import Handler
from homthu.http.gate import Refused
from homthu.http.job import guard_job, job_response
from homthu.http.parts import ReportParts
from homthu.log import log
from homthu.services.rehearse import rehearse_mail, rehearse_wards
from homthu.services.report import report_all

#: The addresses of infra/schedules.json. A misspelt one must not send mail, so all others are refused.
REPORT, REHEARSAL = "/", "/rehearsal"


def make(parts: ReportParts) -> Handler:
    """The function, built from its parts."""

    def report(request: Request) -> Response:
        if request.path == REPORT:
            return _report(parts)
        if request.path == REHEARSAL:
            return _rehearse(parts)
        raise Refused(404)

    return guard_job("report", report)


def _report(parts: ReportParts) -> Response:
    owner = parts.random_bytes(8).hex()
    boxes = parts.boxes.by_ward.values()
    outcomes = report_all(parts.office, parts.mailer, parts.sender, boxes, owner=owner)
    wards = [
        {
            "ward": outcome.ward,
            "closed": [str(report.week) for report in outcome.closed],
            "tried": len(outcome.tried),
            "owed": outcome.owed,
            "problem": outcome.problem,
        }
        for outcome in outcomes
    ]
    # 503 makes the scheduler call again, until nothing is owed.
    return job_response(wards, is_done=all(outcome.is_done for outcome in outcomes))


def _rehearse(parts: ReportParts) -> Response:
    mail = rehearse_mail(parts.mailer, parts.sender)
    log("mail_rehearsed", "ERROR" if mail else "INFO", problem=mail)
    rows: list[dict[str, str | int]] = [{"mail": mail}]
    is_sound = not mail
    boxes = parts.boxes.by_ward.values()
    for one in rehearse_wards(parts.office, parts.sender, boxes, check_store=parts.check_store):
        week = str(one.week) if one.week else ""
        row: dict[str, str | int] = {
            "ward": one.ward,
            "week": week,
            "mail_bytes": one.mail_bytes,
            "problem": one.problem,
        }
        log("ward_rehearsed", "ERROR" if one.problem else "INFO", **row)
        rows.append(row)
        is_sound = is_sound and not one.problem
    # 503 is what the maintainers are alerted by; the scheduler's next calls show what has passed.
    return job_response(rows, is_done=is_sound)
