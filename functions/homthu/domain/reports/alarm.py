"""Alarms: what a ward's operator must look at."""

from dataclasses import dataclass
from enum import StrEnum

from homthu.domain.week import Week


class AlarmKind(StrEnum):
    """What the operator is called for."""

    REPORT_MISSING = "report_missing"
    DELIVERY_STUCK = "delivery_stuck"
    DELIVERY_BLOCKED = "delivery_blocked"
    DELIVERY_TO_STRANGER = "delivery_to_stranger"
    DELIVERY_BOUNCED = "delivery_bounced"
    UNIT_NOT_TOLD = "unit_not_told"
    CLERK_NOT_TOLD = "clerk_not_told"
    COUNT_DIFFERS = "count_differs"
    CLOCK_BEHIND = "clock_behind"
    STORE_UNAVAILABLE = "store_unavailable"


@dataclass(frozen=True, kw_only=True, slots=True)
class Alarm:
    """One thing that a person must look at; `count` is how many mails or submissions it touches.

    `recipients` are the addresses that those mails are for: told to the operator, never to a log.
    """

    kind: AlarmKind
    ward: str
    week: Week
    count: int = 1
    reason: str = ""
    recipients: tuple[str, ...] = ()
