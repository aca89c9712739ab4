"""What may be told follows from the frozen reports, and is the same from whichever store they are read."""

from dataclasses import replace
from random import Random

from homthu.domain.releases.history import History
from homthu.domain.reports.published import Published
from homthu.domain.reports.tally import Tally
from homthu.ports import Store
from random_wards import FIRST, RUNNING, TellingWard, submissions_of
from samples import WARD, a_report

PLACES = ("tt01", "nv01", "nv02")


def tallies() -> list[Tally]:
    """A quiet ward's weeks, each with what it told and what it let wait."""
    chance, made = Random(7), TellingWard()
    return [
        made.week(
            week,
            [submissions_of(chance, week, 100 * at + n, places=list(PLACES)) for n in range(4 + 3 * at)],
        )
        for at, week in enumerate(FIRST.shift(n) for n in range(6))
    ]


def test_the_same_is_told_and_the_same_waits_whatever_store_the_reports_lie_in(store: Store) -> None:
    reports = [
        replace(a_report(week=FIRST.shift(at)), tally=tally, number=at + 1)
        for at, tally in enumerate(tallies())
    ]
    for report in reports:
        store.freeze(report)
    read = list(store.reports(WARD, FIRST))
    assert [one.tally for one in read] == [one.tally for one in reports]

    told = History.of(read).releases()
    assert told == History.of(reports).releases()
    assert len(told.told) > 5
    assert Published.of(read) == Published.of(reports)

    next_week = FIRST.shift(6)
    chance = Random(8)
    arrived = [submissions_of(chance, next_week, 900 + n, places=list(PLACES)) for n in range(9)]
    made = TellingWard()
    counted = made.week(next_week, arrived)
    assert History.of(read).decide(next_week, counted, running=RUNNING, ending=()) == History.of(
        reports
    ).decide(next_week, counted, running=RUNNING, ending=())
