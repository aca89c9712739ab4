"""`watch`: two hours after the report, tells the operator what did not go out as it should."""

from collections.abc import Collection

from flask import Response

from homthu.domain.boxes.box import Box
from homthu.http.errors import Handler, guard_job, job_response
from homthu.http.job_parts import WatchParts
from homthu.http.ward_jobs import answer_for
from homthu.log import log
from homthu.services.mail_run import MailRun
from homthu.services.watch import raise_alarm, watch


def make(parts: WatchParts) -> Handler:
    """The function, built from its parts."""

    def look(boxes: Collection[Box]) -> Response:
        return _look(parts, boxes)

    return guard_job("watch", lambda request: answer_for(request, parts.boxes, parts.queue, look))


def _look(parts: WatchParts, boxes: Collection[Box]) -> Response:
    rows = []
    is_told = True
    mailer = MailRun(parts.mailer)
    for box in boxes:
        alarms = watch(parts.archive, parts.ledger, parts.unit_mails, parts.clock, box)
        for alarm in alarms:
            told = {"kind": alarm.kind, "ward": alarm.ward, "week": str(alarm.week)}
            log("alarm", "ERROR", **told, count=alarm.count, reason=alarm.reason)
            rows.append(told)
        if alarms and (
            failure := raise_alarm(mailer, parts.clock, parts.sender, parts.write_alarm, box, alarms)
        ):
            log("alarm_not_sent", "ERROR", ward=box.ward.code, reason=failure)
            is_told = False
    # An alarm that was sent is success; only one that reached nobody is tried again.
    return job_response(rows, is_done=is_told)
