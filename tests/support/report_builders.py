"""The report of a week, made of submissions as the box makes it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache, reduce
from operator import add
from typing import Any

from builders import WEEK, box, questionnaire, week_of_submissions
from homthu.domain.boxes.box import (
    Box,
)
from homthu.domain.boxes.round import OUTSIDE, Round
from homthu.domain.releases.history import History
from homthu.domain.reports.arrivals import unusual_arrivals
from homthu.domain.reports.attribution import Attribution
from homthu.domain.reports.clusters import count_submissions
from homthu.domain.reports.forms import count_forms
from homthu.domain.reports.selection import SuggestionSelector
from homthu.domain.reports.tally import Fact, Tally
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.domain.submissions.submission import StoredSubmission
from homthu.domain.week import Week


def numbered(submissions: Iterable[StoredSubmission]) -> list[StoredSubmission]:
    """The submissions of a week in the order of their ids, as a closed week is read."""
    in_order = sorted(submissions, key=lambda one: one.id)
    return [replace(one, number=number) for number, one in enumerate(in_order, 1)]


@cache
def _four_weeks() -> dict[Week, tuple[StoredSubmission, ...]]:
    return {
        week: tuple(week_of_submissions(60, seed=back + 1, week=week))
        for back in range(1, 5)
        for week in (WEEK.shift(-back),)
    }


@cache
def _told_weeks() -> dict[Week, Tally]:
    history, counted = History(), {}
    for week, submissions in sorted(_four_weeks().items()):
        tally = count_submissions(submissions, {"qcdc-v1": questionnaire()})
        tally += history.decide(week, tally, running=("2026-4",), ending=())
        history.add(week, tally)
        counted[week] = tally
    return counted


def attribution(submissions: Iterable[StoredSubmission]) -> Attribution:
    """Which places and services may be named beside the words of one week."""
    return Attribution.of({WEEK: Tally.of(submissions, {})})


def report(
    submissions: Iterable[StoredSubmission] = (),
    *,
    earlier: Mapping[Week, Iterable[StoredSubmission]] | None = None,
    ending: tuple[str, ...] = (),
    **changes: Any,
) -> WeeklyReport:
    """The report of a week with these submissions, after four weeks of sixty each unless `earlier` says.

    `ending` are the rounds that end with the week.
    """
    submissions = numbered(submissions)
    held: Box = changes.get("box") or box()
    questionnaires = changes.get("questionnaires") or {held.questionnaire.version: held.questionnaire}
    weeks = {**(_four_weeks() if earlier is None else earlier), WEEK: submissions}
    selector, history, counted = SuggestionSelector(), History(), dict[Week, Tally]()
    for one in submissions:
        selector.add(one)
    for week, of_week in sorted(weeks.items()):
        if earlier is None and week < WEEK and len(questionnaires) == 1:
            tally = _told_weeks()[week]
        else:
            tally = count_submissions(of_week, questionnaires)
            rounds = (*tally.split(Fact.ROUND), OUTSIDE)
            tally += history.decide(week, tally, running=rounds, ending=ending if week == WEEK else ())
        history.add(week, tally)
        counted[week] = tally
    round_ = changes.pop(
        "round", Round(id="2026-4", name="Đợt 4", opens_on=date(2026, 10, 1), closes_on=date(2026, 12, 25))
    )
    cumulated = reduce(add, counted.values())
    values: dict[str, Any] = {
        "box": held,
        "questionnaires": questionnaires,
        "week": WEEK,
        "number": 12,
        "made_on": date(2026, 11, 30),
        "round": round_,
        "forms": count_forms(
            held,
            questionnaires,
            counted[WEEK],
            previous=counted.get(WEEK.shift(-1)),
            round_=None if changes.get("period") else round_,
            round_tally=cumulated,
            year_tally=cumulated,
            weeks=counted,
            unusual=unusual_arrivals(counted[WEEK], {w: one for w, one in counted.items() if w < WEEK}),
        ),
        "releases": history.releases(WEEK),
        "suggestions": selector.result(Attribution.of(counted)),
    }
    return WeeklyReport(**(values | changes))
