"""Surges: marked at the close from their beginning, over all instances, whatever breaks off meanwhile."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from citizen_side import ANSWERS, NGO_QUYEN, PLACE, Site, prove_work
from homthu.domain.reports.surges import MOST_IN_A_WINDOW, is_in, surges
from homthu.domain.submissions.receipt import Receipt
from homthu.domain.submissions.receipt_mark import MARK, mark_of, mark_of_day
from homthu.domain.submissions.submission import Flag
from homthu.domain.week import Week
from homthu.ports import Store
from homthu.services.mark_surges import mark_surges
from hypothesis import given, settings
from hypothesis import strategies as st

AT = datetime(2026, 11, 24, 3, tzinfo=UTC)
W48 = Week(2026, 48)


def came(count: int, mark: datetime = AT, place: str = "a", *, is_vouched: bool = False) -> list[Receipt]:
    return [
        Receipt(id=f"{place}{mark}{n}", place=place, is_vouched=is_vouched, mark=mark) for n in range(count)
    ]


def flagged(receipts: list[Receipt]) -> int:
    found = surges(receipts)
    return sum(is_in(one, found) for one in receipts)


def in_surges(store: Store, week: Week) -> Iterator[int]:
    return mark_surges(store, NGO_QUYEN, week, lambda: store.receipts(NGO_QUYEN, week))


def test_a_meeting_is_no_surge_and_one_more_is() -> None:
    assert flagged(came(MOST_IN_A_WINDOW)) == 0
    assert flagged(came(MOST_IN_A_WINDOW + 1)) == MOST_IN_A_WINDOW + 1


@pytest.mark.parametrize("offset", [0, 1, 2])
def test_a_surge_is_seen_from_its_beginning_however_it_lies_across_the_marks(offset: int) -> None:
    surge = [one for n in range(3) for one in came(11, AT + MARK * n)]
    before, after = came(1, AT - MARK * (3 + offset)), came(1, AT + MARK * (5 + offset))
    everything = [*before, *surge, *after]
    assert flagged(everything) == 33
    assert not any(is_in(one, surges(everything)) for one in before + after)


def test_places_are_looked_at_one_by_one_and_over_hours_nothing_adds_up() -> None:
    assert flagged([one for n in range(10) for one in came(20, place=str(n))]) == 0
    assert flagged([one for n in range(50) for one in came(10, AT + MARK * n)]) == 0


def test_slips_from_a_pile_and_what_has_no_time_have_no_part() -> None:
    assert flagged(came(200, is_vouched=True)) == 0
    assert flagged(came(200, mark_of_day(date(2026, 11, 24)))) == 0
    assert flagged([*came(31), *came(9, is_vouched=True)]) == 31


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 200)), max_size=300))
@settings(max_examples=60, deadline=None)
def test_whoever_is_marked_came_within_half_an_hour_of_more_than_a_meeting(
    moments: list[tuple[int, int]],
) -> None:
    receipts = [
        Receipt(
            id=str(n), place=str(place % 2), is_vouched=False, mark=mark_of(AT + timedelta(minutes=minute))
        )
        for n, (place, minute) in enumerate(moments)
    ]
    found = surges(receipts)
    for one in receipts:
        starts = [one.mark - MARK * step for step in range(3)]
        near = [
            sum(other.place == one.place and start <= other.mark < start + MARK * 3 for other in receipts)
            for start in starts
        ]
        assert is_in(one, found) == (max(near) > MOST_IN_A_WINDOW)


def send(site: Site, count: int, text: str) -> None:
    """Forms as a script makes them, with all that a page gives; a new instance for each."""
    for _ in range(count):
        site.sent = getattr(site, "sent", 0) + 1
        key = f"{site.sent:032x}"
        fields = {"place": PLACE, "questionnaire": "qcdc-v1", "key": key, **ANSWERS, "gop_y": text}
        assert site.submit.post("/gui", data={**fields, "tem": prove_work(key)}).status_code == 303


def marked(site: Site) -> dict[str, set[bool]]:
    """By text, whether those who wrote it are marked."""
    found: dict[str, set[bool]] = {}
    for one in site.stored():
        found.setdefault(one.submission.text, set()).add(Flag.BURST in one.submission.flags)
    return found


@pytest.fixture
def stuffed() -> Site:
    """32 hostile forms, and half an hour later 8 honest ones, each at an instance of its own."""
    site = Site(now=AT)
    send(site, 32, "Nhồi phiếu")
    site.now += timedelta(minutes=30)
    send(site, 8, "Thật lòng")
    return site


def test_the_stuffing_is_marked_and_not_the_honest_who_come_after_it(stuffed: Site) -> None:
    assert marked(stuffed) == {"Nhồi phiếu": {False}, "Thật lòng": {False}}, (
        "nothing is told before the close"
    )
    assert sum(in_surges(stuffed.store, W48)) == 32
    assert marked(stuffed) == {"Nhồi phiếu": {True}, "Thật lòng": {False}}
    assert sum(stuffed.store.assign_week(NGO_QUYEN, W48)) == 40, "none is dropped"


def test_whatever_breaks_off_the_same_are_marked(stuffed: Site) -> None:
    store = stuffed.store
    half: Iterator[int] = in_surges(store, W48)
    next(half)
    del half
    assert sum(in_surges(store, W48)) == 31
    assert sum(in_surges(store, W48)) == 0
    next(iter(store.assign_week(NGO_QUYEN, W48)))
    # While it was assigned somebody else may begin again: the rest is not taken for all there was.
    assert sum(in_surges(store, W48)) == 0
    assert marked(stuffed) == {"Nhồi phiếu": {True}, "Thật lòng": {False}}


def test_a_later_week_has_no_part_in_it(stuffed: Site) -> None:
    assert sum(in_surges(stuffed.store, W48.shift(-1))) == 0
