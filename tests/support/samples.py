"""Things to store, for the suites about stores."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from homthu.adapters.firestore.ledger import PART_BYTES
from homthu.domain.boxes.questionnaire import TextKind
from homthu.domain.cases.case import ActionKind, Case, CaseAction, CaseEvent
from homthu.domain.cases.review import Decision, Review, ReviewEvent, ReviewKind, WithholdReason
from homthu.domain.cases.unit_mail import Task, UnitMail, UnitMailKind
from homthu.domain.cases.verdict import Verdict, VerdictKind
from homthu.domain.rekeying.typed import Mark, Tick, TypedWeek
from homthu.domain.reports.audience import Audience
from homthu.domain.reports.edition import Edition
from homthu.domain.reports.ledger import Delivery, FrozenReport, Head, MailVersion
from homthu.domain.reports.tally import Tally
from homthu.domain.submissions.paper_batch import PaperBatch
from homthu.domain.submissions.submission import Channel, Flag, Submission
from homthu.domain.week import Week
from homthu.ports import Store, SubmissionIntake

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


#: What each kind of reader gets of a report that has several mails.
VERSIONS = (
    MailVersion(audience=Audience.FIGURES_WORDS, content="9f86d081", recipients=("a@example.vn",)),
    MailVersion(audience=Audience.FIGURES, content="a0b1c2d3", recipients=("b@example.vn", "«c»@example.vn")),
)


A_BATCH = PaperBatch(id="b1" * 16, ward=WARD, label="Lô Sỏi", slips=50, made_on=date(2026, 11, 23))
A_REVIEW = Review(
    id="a002",
    ward=WARD,
    week=FUTURE,
    number=2,
    history=(
        ReviewEvent(
            decision=Decision(kind=ReviewKind.WITHHOLD, reason=WithholdReason.UNCLEAR),
            who="A",
            on=FUTURE.monday,
            idempotency_key="k",
        ),
    ),
)
A_UNIT_MAIL = UnitMail(
    id="m1",
    ward=WARD,
    unit="Bộ phận Một cửa",
    recipient="mot-cua@example.org",
    kind=UnitMailKind.REMINDER,
    made_on=date(2026, 11, 26),
    tasks=(Task(case="a001", step=1), Task(case="a002", step=3)),
)
A_TYPED_WEEK = TypedWeek(
    ward=WARD,
    target="chung",
    week=Week(2026, 47),
    ticks=(
        Tick(
            row="forms|2026-W47|2026-4|ward|",
            mark=Mark.TYPED,
            cells=(("Đợt lấy ý kiến", "Đợt 4"), ("Số phiếu", "12")),
            who="Công chức văn phòng",
            on=date(2026, 11, 23),
        ),
    ),
)
A_VERDICT = Verdict(
    id="a001", ward=WARD, case="a002", kind=VerdictKind.PARTLY, on=date(2026, 11, 29), words="Mới sửa một nửa"
)


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


def furnish(store: Store, forms: int = 350) -> None:
    """Something of everything: assigned and not, two wards, a content of several documents."""
    fill(store, [f"a{number:03d}" for number in range(forms)])
    list(store.assign_week(WARD, FUTURE))
    fill(store, ["z1", "z2"], text="Chưa chốt tuần: «ổn»\nxuống dòng", answers={}, flags=())
    fill(store, ["other"], ward=OTHER_WARD)
    head = store.create_head(Head(ward=WARD))
    done = Head(ward=WARD, last_week=Week(2026, 47), last_number=12, last_digest="60303ae2")
    store.replace_head(head, done)
    store.create_head(Head(ward=OTHER_WARD, owner="x", lease_until=now() - timedelta(hours=1)))
    store.save_content("9f86d081", bytes(range(256)) * (PART_BYTES // 256 + 1))
    store.save_content("empty", b"")
    for report in EDITIONS:
        store.freeze(report)
    store.freeze(a_report(ward=OTHER_WARD, week=Week(2027, 1), versions=VERSIONS))
    store.create_review(A_REVIEW)
    store.owe_unit_mail(A_UNIT_MAIL)
    store.create_verdict(A_VERDICT)
    store.create_typed_week(A_TYPED_WEEK)
    store.create_paper_batch(A_BATCH)
    fill(store, ["slip"], channel=Channel.PAPER, batch=A_BATCH.mark)
    store.owe(a_delivery("d1"))
    store.owe(a_delivery("d2", not_before=now(), attempts=3, reason="busy"))
    step = CaseEvent(action=CaseAction(kind=ActionKind.OPEN), who="A", on=FUTURE.monday, idempotency_key="k")
    store.create_case(
        Case(id="a001", ward=WARD, place="p", service="", week=FUTURE, is_petition=False, history=(step,))
    )


W46, W47 = Week(2026, 46), Week(2026, 47)
#: A chain in its order: weekly reports, two corrections, and those of two rounds and a year.
EDITIONS = [
    a_report(week=week, edition=Edition.parse(edition), number=number, digest=f"{number:064x}")
    for number, (week, edition) in enumerate(
        [
            (W46, "week"),
            (W46, "correction.1"),
            (W46, "correction.2"),
            (W47, "week"),
            (W47, "round.2026-dot-1"),
            (W47, "round.2026_dot_2"),
            (W47, "year.2026"),
        ],
        1,
    )
]
