"""What the scheduler's functions share: only POST, a JSON answer, 503 while something is owed."""

import json
from collections.abc import Mapping, Sequence

from flask import Request, Response

from homthu.http.edge import Handler
from homthu.http.gate import Refused, check_request
from homthu.http.responses import empty, json_response
from homthu.log import log_crash


def job_response(rows: Sequence[Mapping[str, object]], *, is_done: bool) -> Response:
    """What was done, for the log of the scheduler and for a person at the terminal."""
    return json_response(json.dumps(rows).encode(), 200 if is_done else 503)


def guard_job(name: str, handle: Handler) -> Handler:
    """The function that the framework calls; it needs a plain function named like its target."""

    def target(request: Request) -> Response:
        try:
            check_request(request, ("POST",))
            return handle(request)
        except Refused as refused:
            return empty(refused.status, allow=refused.allow)
        except Exception as error:
            log_crash("job_crashed", error)
            return job_response([], is_done=False)

    target.__name__ = name
    return target
