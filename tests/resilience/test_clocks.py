"""A served box whose machine's clock jumps, sleeps, turns a year, or is set back."""

import json
import time
from collections.abc import Callable
from datetime import datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path

import pytest
from citizen_side import ANSWERS
from served_box import ServedBox, served, whole_form
from shifted_clock import ShiftedClock

pytestmark = [pytest.mark.long]
#: A step of the schedule, a report of two wards, and a machine that has other things to do.
_SECONDS = 90
#: A Sunday evening in Viet Nam, outside of a report.
SUNDAY = "2026-11-29T22:00+07:00"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def soon(holds: Callable[[], object]) -> bool:
    until = time.monotonic() + _SECONDS
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.5)
    return True


def subjects(box: ServedBox) -> list[str]:
    """What the mails of Ngô Quyền's first recipient are about, in no order."""
    mails = [message_from_bytes(path.read_bytes()) for path in (box.data / "outbox").glob("*.eml")]
    return [
        str(make_header(decode_header(mail["Subject"])))
        for mail in mails
        if "bcd-qcdc.ngo-quyen" in mail["To"]
    ]


def done(box: ServedBox) -> dict[str, str]:
    file = box.data / "schedule.json"
    return json.loads(file.read_text()) if file.exists() else {}


def hand_in(box: ServedBox, number: int) -> None:
    box.reference(box.send(whole_form(f"{number:032x}", **{**ANSWERS, "gop_y": f"phiếu {number}"})))


@pytest.mark.parametrize(
    ("before", "after", "week"),
    [
        (SUNDAY, "2026-11-30T07:00:30+07:00", "48"),
        (SUNDAY, "2026-12-02T10:00+07:00", "48"),
        ("2027-01-03T22:00+07:00", "2027-01-04T07:00:30+07:00", "53"),
    ],
    ids=["monday morning", "asleep until wednesday", "the turn of a year of 53 weeks"],
)
def test_the_report_is_made_when_its_time_has_come_however_it_came(
    tmp_path: Path, before: str, after: str, week: str
) -> None:
    clock = ShiftedClock(tmp_path, at(before))
    with served(tmp_path / "box", **clock.environ) as box:
        hand_in(box, 1)
        assert soon(lambda: done(box))
        assert subjects(box) == []
        clock.set(at(after))
        assert soon(lambda: subjects(box)), box.logged()
        assert soon(lambda: done(box)["report"] > at(before).isoformat())
        # A year's own report may come with its last week's.
        told = [subject for subject in subjects(box) if f"tuần {week}" in subject.lower()]
        assert len(told) == 1, subjects(box)
        hand_in(box, 2)


def test_a_clock_that_is_set_back_sends_nothing_twice_and_forms_are_taken(tmp_path: Path) -> None:
    clock = ShiftedClock(tmp_path, at(SUNDAY))
    with served(tmp_path / "box", **clock.environ) as box:
        hand_in(box, 1)
        assert soon(lambda: done(box))
        clock.set(at("2026-11-30T08:00+07:00"))
        assert soon(lambda: subjects(box)), box.logged()
        clock.set(at("2025-11-30T08:00+07:00"))
        hand_in(box, 2)
        time.sleep(45)
        assert len(subjects(box)) == 1
        clock.set(at("2026-12-07T07:10+07:00"))
        hand_in(box, 3)
        assert soon(lambda: len(subjects(box)) == 2), box.logged()
