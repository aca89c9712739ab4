"""`report`: closes weeks and sends reports whenever it is called, by the scheduler on Mondays."""

from flask import Request, Response

from homthu.http.edge import Handler
from homthu.http.job import guard_job, job_response
from homthu.http.parts import ReportParts
from homthu.services.report import report_all


def make(parts: ReportParts) -> Handler:
    """The function, built from its parts."""

    def report(_: Request) -> Response:
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

    return guard_job("report", report)
