"""The province as a witness of a chain of reports, whichever part of it a ward shows."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

import pytest
from board_side import W46, BoardSite
from citizen_side import NGO_QUYEN
from homthu.domain.reports.chain_lines import read_chain
from homthu.domain.week import ICT, Week
from homthu.services.published import published_chain
from posters.register_list import describe_problem
from printing import TEXTS
from province.memory import Memory

SOURCE = "https://gopy.phuong.gov.vn"
BOX = {"ward": {"code": "07210"}, "places": []}
#: In the last ISO week of 2026, and on the first day of the next ISO year.
LAST, FIRST = date(2027, 1, 1), date(2027, 1, 4)


def lines(*years: tuple[int, Iterable[int]], salt: int = 0) -> bytes:
    """A file of these numbers of each year."""
    return b"".join(
        b"%d/%d %d-W%02d week %08x\n" % (n, year, year, min(n, 52), year * 100 + n + salt)
        for year, numbers in years
        for n in numbers
    )


def told(memory: Memory, content: bytes, day: date) -> list[str]:
    problems = memory.compare(SOURCE, BOX, read_chain(content), day)
    return [text for one in problems if "im lặng" not in (text := describe_problem(one, TEXTS))]


def after(content: bytes, day: date = LAST) -> Memory:
    """A memory that has seen a file."""
    memory = Memory()
    assert told(memory, content, day) == []
    return memory


def test_a_past_that_was_rewritten_and_cut_off_is_told_until_it_is_back() -> None:
    old = lines((2026, range(1, 48)))
    memory = after(old, date(2026, 11, 25))
    for _ in range(2):
        (one,) = told(memory, lines((2026, [48]), salt=5), date(2026, 12, 2))
        assert "báo cáo số 1/2026 không có" in one
    assert told(memory, lines((2026, range(1, 49))), date(2026, 12, 2)) == []


def test_only_what_our_own_day_puts_before_last_year_may_be_gone() -> None:
    whole = ((2025, range(1, 53)), (2026, range(1, 53)))
    memory = after(lines(*whole))
    # On New Year's Day the ISO year is still 2026, of which last year is 2025.
    (one,) = told(memory, lines((2026, range(1, 54))), LAST)
    assert "báo cáo số 1/2025 không có" in one
    assert told(memory, lines((2026, range(1, 54))), FIRST) == []
    # Older ones that are shown all the same are held to what was seen.
    (one,) = told(memory, lines((2025, range(1, 53)), salt=7) + lines((2026, range(1, 54))), FIRST)
    assert "báo cáo số 1/2025 nay mang mã kiểm khác" in one


def test_a_number_that_is_left_out_is_told_until_somebody_has_looked() -> None:
    memory = after(lines((2026, range(1, 10))))
    hidden = lines((2026, [*range(1, 10), 11]))
    for _ in range(2):
        (one,) = told(memory, hidden, LAST)
        assert "báo cáo số 10/2026 không có" in one
    memory.accept("07210")
    assert len(told(memory, hidden, LAST)) == 1
    assert told(memory, hidden, LAST) == [], "it was accepted so"
    assert told(memory, hidden[:-1] + b"\n" + lines((2026, [12])), LAST) == []


@pytest.mark.parametrize("numbers", [[1, 1], [2, 1], [0, 1], [-1]])
def test_numbers_that_do_not_rise_are_no_chain(numbers: list[int]) -> None:
    with pytest.raises(ValueError, match="2026"):
        read_chain(lines((2026, numbers)))


def test_a_correction_of_last_year_s_week_is_served_as_long_as_its_number_is() -> None:
    site = BoardSite(base_url=SOURCE)
    site.close(W46)
    frozen = site.store.frozen
    (key,) = frozen
    for year, shown in ((2026, False), (2027, True)):
        frozen[key] = replace(frozen[key], year=year)
        now = datetime(2028, 3, 1, tzinfo=ICT)
        assert bool(published_chain(site.store, ward=NGO_QUYEN, now=now)) is shown
    assert Week.at(now).year == 2028
