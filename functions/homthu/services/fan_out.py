"""Fan out: put every ward into the queue, to be reported on by itself."""

from collections.abc import Iterable

from homthu.domain.boxes.box import Box
from homthu.log import log
from homthu.ports import QueueUnavailable, WardQueue


def fan_out(queue: WardQueue, boxes: Iterable[Box], *, url: str) -> list[str]:
    """Queue the wards, in order, and give those that were not taken: the first refusal ends it.

    A ward that owes nothing is queued too: its task finds that out by reading one document.
    """
    wards = [box.ward.code for box in boxes]
    for at, ward in enumerate(wards):
        try:
            queue.put(ward, url=url)
        except QueueUnavailable as unavailable:
            log("wards_not_queued", "ERROR", count=len(wards) - at, reason=unavailable.reason)
            return wards[at:]
    log("wards_queued", count=len(wards))
    return []
