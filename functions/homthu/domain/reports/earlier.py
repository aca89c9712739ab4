"""What a period is compared with: a round with the one before and last year's, a year with the last."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from homthu.domain.boxes.round import RoundRule, rounds_around
from homthu.domain.reports.edition import EditionKind
from homthu.domain.reports.period import Period, round_period, year_period
from homthu.domain.reports.tally import Fact, Tally
from homthu.domain.week import Week


class EarlierKind(StrEnum):
    """How an earlier period relates to this one; the value is the key of its words."""

    ROUND_BEFORE = "round_before"
    SAME_ROUND = "same_round"
    YEAR_BEFORE = "year_before"


@dataclass(frozen=True, kw_only=True, slots=True)
class Earlier:
    """An earlier period and how many forms came in it: None if none of its weeks was counted."""

    kind: EarlierKind
    period: Period
    received: int | None


def earlier_periods(rules: tuple[RoundRule, ...], period: Period) -> dict[EarlierKind, Period]:
    """The periods that this one is compared with, the most recent first."""
    if period.kind is EditionKind.YEAR:
        return {EarlierKind.YEAR_BEFORE: year_period(int(period.mark) - 1)}
    rounds = rounds_around(rules, period.first)
    found: dict[EarlierKind, Period] = {}
    before = [one for one in rounds if one.closes_on < period.first]
    year, _, code = period.mark.partition("-")
    same = next((one for one in before if year.isdecimal() and one.id == f"{int(year) - 1}-{code}"), None)
    if before and before[-1] != same:
        found[EarlierKind.ROUND_BEFORE] = round_period(before[-1])
    if same:
        found[EarlierKind.SAME_ROUND] = round_period(same)
    return found


def forms_of(period: Period, counted: Mapping[Week, Tally]) -> Tally | None:
    """How many forms of a period came, in all and by place; None if none of its weeks was counted."""
    weeks = set(period.weeks)
    if not weeks & counted.keys():
        return None
    found: Counter[tuple[str, ...]] = Counter()
    for week, tally in counted.items():
        is_year = period.kind is EditionKind.YEAR
        if is_year and week in weeks:
            found[Fact.ALL,] += tally.total
            places = tally.split(Fact.PLACE)
        elif not is_year:
            # What came late for a round was counted in a later week.
            found[Fact.ALL,] += tally.count(Fact.ROUND, period.mark)
            places = tally.split(Fact.ROUND_PLACE, period.mark)
        else:
            continue
        for code, count in places.items():
            found[Fact.PLACE, code] += count
    return Tally(found)
