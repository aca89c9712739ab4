"""Reads the rounds of a box file: yearly ones written MM-DD, dated ones YYYY-MM-DD."""

import re
from collections.abc import Sequence
from datetime import date

from homthu.adapters.box_files.key_path import KeyPath
from homthu.adapters.box_files.problems import Notes
from homthu.adapters.box_files.reader import Reader, note_repeats
from homthu.domain.boxes.round import RoundRule
from homthu.domain.working_days import Day

KEYS = ("code", "name", "opens", "closes")
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,19}")
_DAY = re.compile(r"(?:([0-9]{4})-)?([0-9]{2})-([0-9]{2})")
#: Day first, as everybody writes it by hand; the year may follow.
_LOCAL_DAY = re.compile(r"([0-9]{1,2})\s*[/.]\s*([0-9]{1,2})(?:\s*[/.]\s*([0-9]{4}))?")
_MONTHS = 12
_FIRST_YEAR, _LAST_YEAR = 2020, 2099
#: Yearly days are tried in a year of 365 days, because they must exist in every year.
_COMMON_YEAR, _LEAP_YEAR = 2025, 2024


def read_rounds(readers: Sequence[Reader]) -> tuple[RoundRule, ...]:
    """Every round; the problems of those that cannot be on a calendar are noted."""
    codes = [reader.code("code", _CODE, "bad_round_code") for reader in readers]
    names = [reader.text("name", most=60) for reader in readers]
    spans = [_read_span(reader) for reader in readers]
    note_repeats(readers, "code", _ids(codes, spans))
    rules = [
        (reader, RoundRule(code=code, name=name, opens=span[0], closes=span[1]))
        for reader, code, name, span in zip(readers, codes, names, spans, strict=True)
        if span
    ]
    _note_overlaps(rules)
    return tuple(rule for _, rule in rules)


def _ids(codes: Sequence[str], spans: Sequence[tuple[Day, Day] | None]) -> list[str]:
    """What must not repeat: a round's id is its year and code, so other years may use a code again."""
    every_year = {code for code, span in zip(codes, spans, strict=True) if not span or not span[0][0]}
    return [
        code if code in every_year or not span else f"{span[0][0]}-{code}"
        for code, span in zip(codes, spans, strict=True)
    ]


def _read_span(reader: Reader) -> tuple[Day, Day] | None:
    opens, closes = _read_day(reader, "opens"), _read_day(reader, "closes")
    if not opens or not closes:
        return None
    if bool(opens[0]) != bool(closes[0]):
        reader.note("closes", "mixed_days")
    elif closes < opens:
        reader.note("closes", "closes_before_opens" if opens[0] else "yearly_closes_before_opens")
    else:
        return opens, closes
    return None


def _read_day(reader: Reader, key: str) -> Day | None:
    text = reader.day(key)
    return read_day(text, reader.notes, (*reader.path, key)) if text else None


def read_day(text: str, notes: Notes, path: KeyPath) -> Day | None:
    """A day of every year or of one; what is wrong with it is noted."""
    match = _DAY.fullmatch(text)
    if suggestion := _as_meant(text):
        notes.add(path, "local_day", value=text, suggestion=suggestion)
        return None
    if not match:
        notes.add(path, "bad_day", value=text)
        return None
    year, month, day = (int(part or 0) for part in match.groups())
    if match.group(1) and not _FIRST_YEAR <= year <= _LAST_YEAR:
        notes.add(path, "bad_year", value=text, low=_FIRST_YEAR, high=_LAST_YEAR)
        return None
    try:
        date(year or _COMMON_YEAR, month, day)
    except ValueError:
        is_leap_day = not year and (month, day) == (2, 29)
        notes.add(path, "leap_day" if is_leap_day else "no_such_day", value=text)
        return None
    return year, month, day


def _as_meant(text: str) -> str:
    """How a day written the Vietnamese way, such as 22/01 or 5/2/2027, must be written here; else empty.

    With hyphens only where no month has that number: 22-01, 2027-22-01.
    """
    if match := _LOCAL_DAY.fullmatch(text):
        day, month, year = (int(part or 0) for part in match.groups())
    elif match := _DAY.fullmatch(text):
        year, day, month = (int(part or 0) for part in match.groups())
        if day <= _MONTHS:
            return ""
    else:
        return ""
    try:
        date(year or _LEAP_YEAR, month, day)
    except ValueError:
        return ""
    return f"{year:04}-{month:02}-{day:02}" if year else f"{month:02}-{day:02}"


def _note_overlaps(rules: Sequence[tuple[Reader, RoundRule]]) -> None:
    for position, (reader, rule) in enumerate(rules):
        for other_reader, other in rules[:position]:
            if _overlap(rule, other):
                reader.note("opens", "overlap", other=other.name, line=other_reader.line("opens"))
                break


def _overlap(one: RoundRule, other: RoundRule) -> bool:
    written = {rule.opens[0] for rule in (one, other)} | {rule.closes[0] for rule in (one, other)}
    years = sorted(written - {0}) or [_COMMON_YEAR]
    return any(
        a.opens_on <= b.closes_on and b.opens_on <= a.closes_on
        for year in range(years[0], years[-1] + 1)
        for a, b in [(one.in_year(year), other.in_year(year))]
    )
