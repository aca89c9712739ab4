"""Random wards as they are: one crowded office, many quiet places, each with matters of its own."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any

from builders import questionnaire, stored
from homthu.domain.boxes.round import OUTSIDE
from homthu.domain.releases.counted import Cell, answers_of
from homthu.domain.releases.history import History
from homthu.domain.releases.release import Release
from homthu.domain.releases.series import OVERALL, Asked, Series
from homthu.domain.reports.clusters import count_submissions
from homthu.domain.reports.tally import Tally
from homthu.domain.submissions.submission import Channel, Flag, StoredSubmission
from homthu.domain.week import Week

ASKED = {"qcdc-v1": questionnaire()}
FIRST = Week(2026, 40)
RUNNING = ("2026-4", OUTSIDE)
_SERVICES = ("", "ho_tich", "chung_thuc", "dat_dai", "ncc_btxh", "to_dan_pho", "khac")
_OPTIONS = ("5", "4", "3", "2", "1", "khong")
_COPIED = "Đề nghị sửa đèn đường ở ngõ mười hai đã hỏng hai tuần nay"

#: One answer's cell: the week that it came in, its round, and what it belongs to.
Place = tuple[Week, str, Cell]


@dataclass(kw_only=True)
class TellingWard:
    """A ward that counts week after week and tells what may be told."""

    history: History = field(default_factory=History)
    #: By question: how many answers lie in each cell, and what each release told of, oldest first.
    answers: dict[Asked, dict[Place, int]] = field(default_factory=dict)
    said: dict[Asked, dict[Place, dict[str, int]]] = field(default_factory=dict)
    releases: list[tuple[Release, frozenset[Place]]] = field(default_factory=list)
    waiting: dict[tuple[str, Asked, Series], set[Place]] = field(default_factory=dict)

    def week(self, week: Week, submissions: list[StoredSubmission], ending: tuple[str, ...] = ()) -> Tally:
        """Close a week; give what its report keeps."""
        tally = count_submissions(submissions, ASKED)
        repeated = _repeated(tally)
        for one in submissions:
            for answer in answers_of(one, ASKED):
                cell = answer.cell
                if answer.asked == OVERALL and repeated.get(cell, 0):
                    # Which of two like ones repeats the other is all the same here.
                    repeated[cell] -= 1
                    cell = Cell(cell.place, cell.service, cell.mode, cell.is_flagged, is_repeated=True)
                key = week, answer.round, cell
                counts = self.answers.setdefault(answer.asked, {})
                counts[key] = counts.get(key, 0) + 1
                said = self.said.setdefault(answer.asked, {}).setdefault(key, {})
                said[answer.option] = said.get(answer.option, 0) + 1
                for series in cell.series(answer.asked):
                    self.waiting.setdefault((answer.round, answer.asked, series), set()).add(key)
        facts = self.history.decide(week, tally, running=RUNNING, ending=ending)
        self.history.add(week, tally + facts)
        told = self.history.releases()
        for release in sorted(
            (one for number, one in told.told if number == told.newest), key=lambda one: one.series.is_rest
        ):
            self.releases.append((release, self._take(release)))
        for round_ in ending:
            for over in [key for key in self.waiting if key[0] == round_]:
                del self.waiting[over]
        return tally + facts

    def _take(self, release: Release) -> frozenset[Place]:
        keys = [
            key
            for key in self.waiting
            if key[:2] == (release.round, release.asked)
            and (key[2] == release.series or (release.series.is_rest and key[2].kind is release.series.kind))
        ]
        return frozenset(place for key in keys for place in self.waiting.pop(key))

    def told(self, asked: Asked = OVERALL) -> list[frozenset[Place]]:
        """What each release of a question was about."""
        return [cells for release, cells in self.releases if release.asked == asked]


def _repeated(tally: Tally) -> dict[Cell, int]:
    found: dict[Cell, int] = {}
    for fact, count in tally.counts.items():
        if fact[0] == "joint_repeated":
            place, service, mode, mark = fact[4:]
            found[Cell(place, service, mode, bool(mark))] = count
    return found


def submissions_of(chance: Random, week: Week, number: int, **changes: Any) -> StoredSubmission:
    """One submission: the office serves everything, a culture house mostly its neighbourhood's matters."""
    place = chance.choice(changes.pop("places"))
    at_office = place == "tt01"
    service = chance.choice(_SERVICES if at_office else ("", "to_dan_pho", "to_dan_pho", "khac"))
    return stored(
        number,
        week=week,
        **{
            "place": place,
            "service": service,
            "channel": chance.choices(list(Channel), [80, 15, 5] if at_office else [50, 20, 30])[0],
            "assisted": chance.random() < 0.1,
            "flags": (Flag.BURST,) if chance.random() < 0.06 else (),
            "text": _COPIED if chance.random() < 0.04 else "",
            "answers": {
                question: chance.choices(_OPTIONS, [40, 35, 10, 6, 4, 5])[0]
                for question in ("chung", "thai_do")
            },
        }
        | changes,
    )


@cache
def ward(
    seed: int, *, weeks: int = 13, places: int = 9, ends: int = 7, busy: tuple[int, ...] = (6, 20, 35)
) -> TellingWard:
    """A ward through so many weeks; one round ends after `ends`, in mid-week, and some forms come late."""
    chance = Random(seed)
    codes = ["tt01", *(f"nv{n:02d}" for n in range(1, places))]
    rates = [chance.choice(busy), *(chance.choice((0.3, 0.7, 1, 2, 3)) for _ in codes[1:])]
    made, number = TellingWard(), seed * 1_000_000
    for at, week in enumerate(_weeks(weeks)):
        arrived = []
        for code, rate in zip(codes, rates, strict=True):
            for _ in range(sum(chance.random() < rate / 60 for _ in range(60))):
                number += 1
                is_in = at < ends or (at == ends and chance.random() < 0.5) or chance.random() < 0.02
                arrived.append(
                    submissions_of(chance, week, number, places=[code], round="2026-4" if is_in else OUTSIDE)
                )
        ending = (("2026-4",) if at == ends else ()) + ((OUTSIDE,) if at == weeks - 1 else ())
        made.week(week, arrived, ending)
    return made


def _weeks(count: int) -> Iterator[Week]:
    return (FIRST.shift(at) for at in range(count))
