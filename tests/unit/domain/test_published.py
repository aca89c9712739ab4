"""What a ward publishes: numbers of forms at once, and of answers what was told, once for ever."""

from datetime import date

from builders import questionnaire, stored
from homthu.domain.boxes.round import OUTSIDE
from homthu.domain.releases.history import History
from homthu.domain.releases.series import MIN_GROUP, OVERALL, WARD
from homthu.domain.reports.clusters import count_submissions
from homthu.domain.reports.ledger import FrozenReport
from homthu.domain.reports.published import Published
from homthu.domain.week import Week
from hypothesis import given, settings
from hypothesis import strategies as st

FIRST = Week(2026, 40)
ASKED = {"qcdc-v1": questionnaire()}
WEEKLY = st.lists(st.integers(0, 14), max_size=12)


def reports(counts: list[int]) -> list[FrozenReport]:
    """A report for each week in a row, with so many forms of one round each."""
    history, made = History(), []
    for number, count in enumerate(counts):
        week = FIRST.shift(number)
        forms = [
            stored(100 * number + n, week=week, answers={"chung": str(1 + n % 5)}, round="2026-4")
            for n in range(count)
        ]
        tally = count_submissions(forms, ASKED)
        tally += history.decide(week, tally, running=("2026-4", OUTSIDE), ending=())
        history.add(week, tally)
        made.append(
            FrozenReport(
                ward="07207",
                week=week,
                year=week.year,
                number=number + 1,
                frozen_on=date(2026, 1, 1),
                recipients=(),
                tally=tally,
                content="",
                previous_digest="",
                digest="",
            )
        )
    return made


@settings(deadline=None, max_examples=40)
@given(WEEKLY)
def test_any_two_states_of_the_page_differ_by_nothing_or_by_ten_answers(counts: list[int]) -> None:
    made, sums = reports(counts), {0}
    for weeks in range(len(counts) + 1):
        told = Published.of(made[:weeks]).releases
        for figure in (told.of_round("2026-4", WARD, OVERALL), told.of_year(2026, WARD, OVERALL)):
            sums.add(figure.answers if figure else 0)
    assert all(one == other or abs(one - other) >= MIN_GROUP for one in sums for other in sums)


@settings(deadline=None, max_examples=40)
@given(WEEKLY, st.integers(0, 12))
def test_what_was_published_never_changes(counts: list[int], at: int) -> None:
    made = reports(counts)
    before = Published.of(made[:at]).releases.told
    assert Published.of(made).releases.told[: len(before)] == before


@settings(deadline=None, max_examples=40)
@given(WEEKLY)
def test_every_form_is_counted_at_once(counts: list[int]) -> None:
    published = Published.of(reports(counts))
    assert [one.received for one in published.weeks] == counts
    assert published.received_in_year(2026) + published.received_in_year(2027) == sum(counts)
    assert published.by_round.get("2026-4", 0) == sum(counts)
