"""What every job does with wards: work on the one asked for, queue each of them, or do them in turn."""

import json
from collections.abc import Callable, Collection

from flask import Request, Response

from homthu.domain.boxes.box import Box, Boxes
from homthu.http.errors import job_response
from homthu.http.request import RequestRefused
from homthu.ports import WardQueue
from homthu.services.run_reports import fan_out

_MAX_BODY_BYTES = 200


def answer_for(
    request: Request,
    boxes: Boxes,
    queue: WardQueue | None,
    work: Callable[[Collection[Box]], Response],
) -> Response:
    """Work on the ward that `{"ward": CODE}` asks for; without one, queue each ward if there is a queue.

    A task calls the very address that was called, so that each job fans out alike. Raise `RequestRefused`.
    """
    if ward := _asked_ward(request):
        if ward not in boxes.by_ward:
            raise RequestRefused(404)
        return work([boxes.by_ward[ward]])
    if queue is None:
        return work(boxes.by_ward.values())
    # Only authorised callers get here, so the host that they used is ours.
    left = fan_out(queue, boxes.by_ward, url=f"https://{request.host}", path=request.path)
    return job_response([{"ward": ward, "problem": "not_queued"} for ward in left], is_done=not left)


def _asked_ward(request: Request) -> str:
    """The ward that is asked for; empty for all. Raise `RequestRefused` for anything else."""
    body = request.get_data()
    if len(body) > _MAX_BODY_BYTES:
        raise RequestRefused(413)
    try:
        asked = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        raise RequestRefused(400) from None
    ward = asked.get("ward", "") if isinstance(asked, dict) and asked.keys() <= {"ward"} else None
    if not isinstance(ward, str):
        raise RequestRefused(400)
    return ward
