"""What was seen of each ward before, and how what is seen now differs from it.

Whoever may write to a ward's store can make its whole chain of reports anew. They cannot change what
another office remembers of it. So each ward's digests and places are kept in a file between two readings; a
digest that is no longer there, or another one in its place, is told every time until a person has looked and
`--accept`s it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from homthu.adapters.whole_file import replace_whole
from homthu.domain.reports.chain_lines import ChainLine
from homthu.domain.week import NotAWeek, Week
from posters.register import RegisterProblem

from province.signature import Signed

#: A report is due on Monday at 07:00 and tried again when it fails; on Wednesday it is late.
GRACE = timedelta(days=9)
_SCHEMA = 1


@dataclass(kw_only=True, slots=True)
class Remembered:
    """One ward as it was seen last: digests by number and year, the places by code, the key that signs and
    the number of its newest statement, and the source that lists it."""

    digests: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    key: str = ""
    signed: int = 0
    source: str = ""


class Memory:
    """All wards, in one file."""

    def __init__(self, wards: dict[str, Remembered] | None = None) -> None:
        self.wards = wards or {}

    @classmethod
    def read(cls, path: Path) -> "Memory":
        """The content of the file; empty if there is none. Raise `ValueError` if it is
        not ours, `OSError`.
        """
        try:
            stored = json.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            return cls()
        if not isinstance(stored, dict) or stored.get("schema") != _SCHEMA:
            raise ValueError(path)
        return cls({code: Remembered(**one) for code, one in stored["wards"].items()})

    def write(self, path: Path) -> None:
        """Store it, completely or not at all."""
        wards = {
            code: {name: getattr(one, name) for name in Remembered.__slots__}
            for code, one in sorted(self.wards.items())
        }
        document = {"schema": _SCHEMA, "wards": wards}
        replace_whole(path, json.dumps(document, ensure_ascii=False, indent=1).encode())

    def compare_listed(self, source: str, codes: Sequence[str]) -> Iterator[RegisterProblem]:
        """Wards that a source listed and does not any more, or does not answer for, each time; those that
        another source listed before, once."""
        gone = sorted(code for code, one in self.wards.items() if one.source == source and code not in codes)
        if gone:
            yield _problem(source, "wards_gone", wards=", ".join(gone))
        for code in dict.fromkeys(codes):
            known = self.wards.setdefault(code, Remembered())
            if known.source not in ("", source):
                yield _problem(source, "ward_moved", ward=code, before=known.source)
            known.source = source

    def compare(
        self, source: str, box: Mapping[str, Any], chain: Sequence[ChainLine], today: date
    ) -> Iterator[RegisterProblem]:
        """What is wrong with a ward now, and remember it. A chain that was rewritten is not remembered."""
        code = box["ward"]["code"]
        known = self.wards.setdefault(code, Remembered())
        first_year = Week.of(today).year - 1
        gaps = [*_gaps(source, code, known, chain, first_year)]
        # What is seen for the first time is remembered as it is, after it was reported.
        faults = [*_chain_faults(source, code, known, chain, first_year)] or (gaps if known.digests else [])
        yield from faults or gaps
        yield from _silence(source, code, chain, today)
        places = {place["code"]: f"{place['name']} {place['url']}" for place in box["places"]}
        yield from _place_changes(source, code, known, places)
        known.places = places
        if not faults:
            known.digests |= {_place(line): line.digest for line in chain}

    def compare_key(
        self, source: str, code: str, signed: Signed | None, *, covered: bool
    ) -> Iterator[RegisterProblem]:
        """Whether a ward's register is signed by the key that was seen first, or one that it announced, and
        by no older statement than was seen. A signature that does not cover the ward, of which `Seen` tells,
        makes no key known."""
        known = self.wards.setdefault(code, Remembered())
        if signed is None:
            if known.key:
                yield _problem(source, "unsigned", ward=code, known=known.key[:16])
        elif known.key and known.key not in signed.keys:
            yield _problem(source, "other_key", ward=code, known=known.key[:16], found=signed.key[:16])
        elif signed.number < known.signed:
            numbers = {"found": signed.number, "known": known.signed}
            yield _problem(source, "signed_before", ward=code, **numbers)
        elif covered:
            known.key, known.signed = signed.key, signed.number

    def accept(self, code: str) -> bool:
        """Forget what was seen of a ward's reports and its key; whether anything was."""
        return self.wards.pop(code, None) is not None


def _place(line: ChainLine) -> str:
    return f"{line.year}-{line.number}"


def _order(place: str) -> tuple[int, int]:
    year, _, number = place.partition("-")
    return int(year), int(number)


def _chain_faults(
    source: str, code: str, known: Remembered, chain: Sequence[ChainLine], first_year: int
) -> Iterator[RegisterProblem]:
    """The first report that is not as it was. Those from `first_year` on are served, and must be there: that
    year follows from our own day, never from where the file begins."""
    if not known.digests:
        return
    now = {_place(line): line.digest for line in chain}
    newest = max(known.digests, key=_order)
    if not now or max(map(_order, now)) < _order(newest):
        yield _problem(source, "rolled_back", ward=code, report=_named(newest))
        return
    for place, digest in sorted(known.digests.items(), key=lambda one: _order(one[0])):
        found = now.get(place)
        if found is None and _order(place)[0] >= first_year:
            yield _problem(source, "report_missing", ward=code, report=_named(place))
            return
        if found not in (None, digest):
            yield _problem(source, "rewritten", ward=code, report=_named(place))
            return


def _gaps(
    source: str, code: str, known: Remembered, chain: Sequence[ChainLine], first_year: int
) -> Iterator[RegisterProblem]:
    """The first number of each year that was left out, unless the report behind it was seen with the gap."""
    expected: dict[int, int] = {}
    for line in chain:
        wanted = expected.get(line.year, 1)
        if line.year >= first_year and line.number > wanted and _place(line) not in known.digests:
            yield _problem(source, "report_missing", ward=code, report=f"{wanted}/{line.year}")
        expected[line.year] = line.number + 1


def _named(place: str) -> str:
    year, number = _order(place)
    return f"{number}/{year}"


def _silence(source: str, code: str, chain: Sequence[ChainLine], today: date) -> Iterator[RegisterProblem]:
    weeks = []
    for line in chain:
        try:
            weeks.append(Week.parse(line.week))
        except NotAWeek:
            continue
    if not weeks:
        # A box that was set up this week has no report yet; the register says that it exists.
        return
    if max(weeks) < Week.of(today - GRACE):
        yield _problem(source, "silent", ward=code, week=str(max(weeks)))


def _place_changes(
    source: str, code: str, known: Remembered, places: Mapping[str, str]
) -> Iterator[RegisterProblem]:
    if not known.places:
        return
    for place in sorted(known.places.keys() | places.keys()):
        before, after = known.places.get(place, "–"), places.get(place, "–")
        if before != after:
            yield _problem(source, "place_changed", ward=code, place=place, before=before, after=after)


def _problem(source: str, kind: str, /, **data: object) -> RegisterProblem:
    return RegisterProblem(source=source, code=kind, data=data)
