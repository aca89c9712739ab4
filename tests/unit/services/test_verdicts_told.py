"""What is told of verdicts: in tens, each once, and a case that is not settled by its name on Monday."""

from datetime import date, timedelta

import pytest
from board_side import answering
from case_builders import OPEN
from homthu.adapters.web_files import load_texts
from homthu.domain.cases.case import ActionKind, Case, CaseAction, CaseEvent
from homthu.domain.cases.verdict import Verdict, VerdictKind
from homthu.domain.releases.history import History
from homthu.domain.releases.series import VERDICT, WARD
from homthu.domain.reports.published import Published
from homthu.domain.week import Week
from homthu.render.answers import judged
from report_harness import ReportHarness, monday

TEXTS = load_texts("vi")
FIRST = Week(2026, 45)
SETTLED, PARTLY, NOT = VerdictKind.SETTLED, VerdictKind.PARTLY, VerdictKind.NOT_SETTLED


@pytest.fixture
def harness() -> ReportHarness:
    made = ReportHarness()
    made.receive(FIRST.begins_at + timedelta(hours=9))
    return made


def give(harness: ReportHarness, week: Week, *kinds: VerdictKind) -> None:
    for kind in kinds:
        number = len(harness.store.verdicts)
        verdict = Verdict(id=f"v{number}", ward=harness.ward, case="c", kind=kind, on=week.monday)
        harness.store.create_verdict(verdict)


def told(harness: ReportHarness) -> str:
    reports = list(harness.store.reports(harness.ward, Week(2025, 1)))
    figure = Published.of(reports).releases.of_year(2026, WARD, VERDICT)
    return judged(figure, TEXTS, prefix="board.verdict")


def close(harness: ReportHarness, week: Week) -> None:
    assert harness.report(monday(week)).is_well


def test_verdicts_are_told_once_there_are_ten_and_the_next_ones_in_tens(harness: ReportHarness) -> None:
    give(harness, FIRST, *[SETTLED] * 5, PARTLY, NOT)
    close(harness, FIRST)
    assert told(harness) == ""
    give(harness, FIRST.shift(1), *[SETTLED] * 6)
    close(harness, FIRST.shift(1))
    assert "11/13 lần" in told(harness)
    # One more alone would be somebody's: it waits.
    give(harness, FIRST.shift(2), NOT)
    close(harness, FIRST.shift(2))
    assert "11/13 lần" in told(harness)


def test_all_or_all_but_one_alike_are_told_in_words(harness: ReportHarness) -> None:
    give(harness, FIRST, *[SETTLED] * 11, NOT)
    close(harness, FIRST)
    assert "Gần như tất cả 12 lần" in told(harness)
    assert "11/12" not in told(harness)
    give(harness, FIRST.shift(1), *[SETTLED] * 8, NOT, PARTLY)
    close(harness, FIRST.shift(1))
    assert "khoảng 20/22 lần" in told(harness)


def test_verdicts_go_on_over_a_round_s_end_and_begin_anew_with_a_year(harness: ReportHarness) -> None:
    last = Week(2026, 53)
    for week in (FIRST.shift(steps) for steps in range(9)):
        if week <= last:
            give(harness, week, SETTLED, *([NOT] if week.number % 2 else []))
            close(harness, week)
    assert told(harness)
    give(harness, Week(2027, 1), *[NOT] * 9)
    close(harness, Week(2027, 1))
    reports = list(harness.store.reports(harness.ward, Week(2025, 1)))
    assert History.of(reports).releases().of_year(2027, WARD, VERDICT) is None


def a_case(harness: ReportHarness, answered: date, *more: tuple[date, ActionKind]) -> Case:
    (stored,) = harness.store.everything(harness.ward)
    steps = [(answered - timedelta(days=1), OPEN), (answered, answering())]
    steps += [(day, CaseAction(kind=kind)) for day, kind in more]
    return harness.store.create_case(
        Case(
            id=stored.id,
            ward=harness.ward,
            place="p",
            service="",
            week=FIRST,
            is_petition=False,
            number=1,
            history=tuple(
                CaseEvent(action=action, who="A", on=day, idempotency_key=str(number))
                for number, (day, action) in enumerate(steps)
            ),
        )
    )


@pytest.mark.parametrize(
    ("kind", "more", "is_brought_up"),
    [
        (NOT, (), True),
        (PARTLY, (), False),
        (SETTLED, (), False),
        (NOT, ((3, ActionKind.REOPEN),), False),
        (NOT, ((3, ActionKind.GATHER),), True),
    ],
    ids=["not settled", "partly", "settled", "reopened since", "joined since"],
)
def test_what_is_not_settled_is_brought_up_on_monday_until_something_is_done(
    harness: ReportHarness, kind: VerdictKind, more: tuple[tuple[int, ActionKind], ...], is_brought_up: bool
) -> None:
    week = FIRST.shift(3)
    case = a_case(
        harness, FIRST.sunday, *((week.monday + timedelta(days=day), action) for day, action in more)
    )
    verdict = Verdict(id="v", ward=harness.ward, case=case.id, kind=kind, on=week.monday + timedelta(days=1))
    harness.store.create_verdict(verdict)
    statistics = []
    context = harness.context

    def render(report: object, suggestions: object) -> bytes:
        statistics.append(report.case_statistics)
        return context.render(report, suggestions)

    harness.render = render
    close(harness, week)
    newest = statistics[-1]
    assert newest.denied == is_brought_up
    assert any(one.is_denied for one in newest.cases) is is_brought_up
    assert newest.undecided == newest.unassigned + newest.overdue - newest.unassigned_overdue + is_brought_up
