"""What the province tells of all its wards: numbers of forms, and shares from what each ward released.

No league table: voluntary answers of different people at different places are no contest. Wards are set
apart only where the 95 % intervals of their shares leave no doubt; those whose intervals overlap, directly or
through others, stand together, in the order of their names. Every figure is one that a ward told.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from homthu.domain.releases.figure import wilson
from homthu.domain.releases.series import MIN_GROUP
from homthu.domain.week import NotAWeek, Week
from homthu.render.numbers import format_dates
from posters.strict_json import read_json

_SATISFIED = ("5", "4")
#: More forms than a ward has people cannot be true.
_MOST_FORMS = 10_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class WardShare:
    """A ward's newest overall figure: of how many answers, and between which shares the truth lies (95 %)."""

    code: str
    name: str
    province: str
    url: str
    forms: int
    answers: int
    days: str
    share: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True, slots=True)
class WardForms:
    """A ward that has told no figure yet: its forms this year."""

    code: str
    name: str
    province: str
    url: str
    forms: int


def read_results(content: bytes) -> WardShare | WardForms:
    """What a ward's open data says. Raise `ValueError` if it is none of ours."""
    try:
        document = read_json(content)
        ward = document["ward"]
        about: dict[str, Any] = {
            "code": str(ward["code"]),
            "name": f"{ward['kind']} {ward['name']}",
            "province": str(ward["province"]),
            "url": str(document["url"]),
            "forms": sum(int(one["forms"]) for one in document["weeks"]),
        }
        if not 0 <= about["forms"] <= _MOST_FORMS:
            raise ValueError("forms")
        overall = [one for one in document["releases"] if one["question"] == "overall"]
        if not overall:
            return WardForms(**about)
        return WardShare(**about, **_figure(max(overall, key=lambda one: one["last_week"])))
    except (KeyError, TypeError, AttributeError, RecursionError, ArithmeticError) as error:
        raise ValueError(str(error)) from None


def _figure(release: Mapping[str, Any]) -> dict[str, Any]:
    answers = int(release["answers"])
    if answers < MIN_GROUP:
        # No ward may publish that; if one does, it is not repeated.
        raise ValueError("answers")
    if "counts" in release:
        least = most = sum(int(release["counts"].get(rating, 0)) for rating in _SATISFIED)
    elif "alike" in release:
        # All or all but one said so: no more than that is published.
        least, most = (answers - 1, answers) if release["alike"] == "satisfied" else (0, 1)
    else:
        least = most = round(float(release["satisfied_share"]) * answers)
    if not 0 <= least <= most <= answers:
        raise ValueError("counts")
    return {
        "answers": answers,
        "days": format_dates(_week(release, "first_week").monday, _week(release, "last_week").sunday),
        "share": (least + most) / 2 / answers,
        "low": wilson(least, answers).low,
        "high": wilson(most, answers).high,
    }


def _week(release: Mapping[str, Any], key: str) -> Week:
    try:
        return Week.parse(release[key])
    except NotAWeek:
        raise ValueError(key) from None


def groups(shares: Iterable[WardShare]) -> list[list[WardShare]]:
    """The wards in groups that are told apart, the most satisfied first; within a group by name."""
    found: list[list[WardShare]] = []
    lowest = 2.0
    for one in sorted(shares, key=lambda one: (-one.high, one.code)):
        if not found or one.high < lowest:
            found.append([])
        found[-1].append(one)
        lowest = min(lowest, one.low) if len(found[-1]) > 1 else one.low
    return [sorted(group, key=lambda one: (one.name, one.code)) for group in found]
