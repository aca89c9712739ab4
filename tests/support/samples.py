"""Things to store, for the suites about stores."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from homthu.domain.boxes.questionnaire import TextKind
from homthu.domain.reports.ledger import Delivery, FrozenReport
from homthu.domain.reports.tally import Tally
from homthu.domain.submissions.submission import Channel, Flag, Submission
from homthu.domain.week import Week
from homthu.ports import SubmissionIntake

WARD = "00001"
OTHER_WARD = "00002"
#: Long over, and long to come: whatever clock a store has, now lies between these two.
PAST = Week(2020, 10)
FUTURE = Week(2099, 10)

T = TypeVar("T")
R = TypeVar("R")


def now() -> datetime:
    return datetime.now(UTC)


def a_submission(**changes: Any) -> Submission:
    submission = Submission(
        ward=WARD,
        place="mot-cua",
        channel=Channel.QR,
        assisted=True,
        questionnaire="2026-1",
        round="2026-dot-1",
        answers={"thai-do": "5", "thoi-gian": "khong"},
        text="Cán bộ rất nhiệt tình",
        service="ho-tich",
        flags=(Flag.BURST, Flag.TOO_FAST),
        text_kind=TextKind.PROPOSAL,
        do_not_quote=True,
    )
    return replace(submission, **changes)


def a_report(**changes: Any) -> FrozenReport:
    report = FrozenReport(
        ward=WARD,
        week=Week(2026, 47),
        year=2026,
        number=12,
        frozen_on=date(2026, 11, 23),
        recipients=("a@example.vn", "b@example.vn"),
        tally=Tally({("all",): 3, ("answer", "2026-1", "thai-do", "5"): 2}),
        content="9f86d081",
        previous_digest="",
        digest="60303ae2",
    )
    return replace(report, **changes)


def a_delivery(id: str = "d1", **changes: Any) -> Delivery:
    return replace(Delivery(id=id, ward=WARD, week=Week(2026, 47), recipient="a@example.vn"), **changes)


def at_once(act: Callable[[T], R], items: Sequence[T]) -> list[R]:
    """Do it to every item, each in a thread of its own."""
    with ThreadPoolExecutor(len(items)) as pool:
        return list(pool.map(act, items))


def fill(store: SubmissionIntake, ids: Sequence[str], **changes: Any) -> None:
    """Add a submission under each id, sixteen at a time."""
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda id: store.add(id, a_submission(**changes), f"digest of {id}"), ids))
