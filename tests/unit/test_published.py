"""No published figure, alone or taken from another, is about fewer than five people."""

from datetime import date
from itertools import combinations

from homthu.domain.boxes.round import Round
from homthu.domain.reports.figures import MIN_FOR_CELL
from homthu.domain.reports.ledger import FrozenReport
from homthu.domain.reports.published import publish
from homthu.domain.reports.tally import Tally
from homthu.domain.week import Week
from hypothesis import given
from hypothesis import strategies as st

FIRST = Week(2026, 40)
WEEKLY = st.lists(st.integers(0, 9), max_size=20)


def reports(counts: list[int], first: Week = FIRST) -> list[FrozenReport]:
    """A report for each week in a row, with so many submissions of round `r` each."""
    return [
        FrozenReport(
            ward="07207",
            week=first.shift(number),
            year=(first.shift(number)).year,
            number=number + 1,
            frozen_on=date(2026, 1, 1),
            recipients=(),
            tally=Tally({("all",): count, ("round", "r"): count} if count else {}),
            content="",
            previous_digest="",
            digest="",
        )
        for number, count in enumerate(counts)
    ]


@given(WEEKLY)
def test_every_period_holds_five_or_nobody(counts: list[int]) -> None:
    for period in publish(reports(counts)).periods:
        assert period.tally.total == 0 or period.tally.total >= MIN_FOR_CELL


@given(WEEKLY)
def test_no_two_sums_that_were_ever_published_differ_by_fewer_than_five(counts: list[int]) -> None:
    sums = {0}
    for weeks in range(len(counts) + 1):
        published = publish(reports(counts[:weeks]))
        sums |= {published.since(FIRST.shift(n)).total for n in range(weeks)}
        sums |= {published.in_year(year).total for year in (2026, 2027)}
    # Sums over runs that end at the same week: their difference is a sum of whole runs.
    totals = [0]
    for period in publish(reports(counts)).periods:
        totals.append(totals[-1] + period.tally.total)
    differences = {abs(one - other) for one, other in combinations(totals, 2)}
    assert not differences & set(range(1, MIN_FOR_CELL))
    assert sums <= differences | {0}


@given(WEEKLY, st.integers(0, 20))
def test_a_period_once_published_never_changes(counts: list[int], at: int) -> None:
    before = publish(reports(counts[:at])).periods
    assert publish(reports(counts)).periods[: len(before)] == before


@given(WEEKLY, st.integers(0, 12))
def test_the_periods_of_a_year_do_not_depend_on_how_far_back_is_read(counts: list[int], back: int) -> None:
    year = reports(counts, Week(2027, 1))
    earlier = reports([3] * back, Week(2027, 1).shift(-back))
    this_year = [period for period in publish(earlier + year).periods if period.first.year == 2027]
    assert this_year == list(publish(year).periods)


@given(WEEKLY)
def test_every_week_is_in_one_period_or_waits(counts: list[int]) -> None:
    published = publish(reports(counts))
    held = [report.week for report in published.waiting]
    for period in published.periods:
        week = period.first
        while week <= period.last:
            held.append(week)
            week = week.shift(1)
    assert sorted(held) == [FIRST.shift(number) for number in range(len(counts))]
    assert published.received_in_year(2026) + published.received_in_year(2027) == sum(counts)
    round_ = Round(id="r", name="", opens_on=date(2026, 1, 1), closes_on=date(2026, 12, 31))
    assert published.received_in_round(round_) == sum(counts)
