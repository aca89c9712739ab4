"""Load on one served box: a burst from one address, and a steady stream; the times are printed.

No time is asserted in the quick suite but the citizen's patience: machines differ, and are shared.
"""

import itertools
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from served_box import PATIENCE_SECONDS, Answer, ServedBox, served, whole_form

_numbers = itertools.count(1)


@pytest.fixture
def box(tmp_path: Path) -> Iterator[ServedBox]:
    with served(tmp_path) as box:
        yield box


def send(box: ServedBox) -> Answer:
    number = next(_numbers)
    return box.send(whole_form(f"{number:032x}", gop_y=f"Tải {number}"), {"X-Forwarded-For": "203.0.113.5"})


def told(name: str, answers: list[Answer], seconds: float) -> None:
    times = sorted(answer.seconds for answer in answers)
    p50, p99 = times[len(times) // 2], times[len(times) * 99 // 100]
    rate = len(answers) / seconds
    print(f"{name}: {len(answers)} in {seconds:.1f} s ({rate:.0f}/s), p50 {p50:.3f} s, p99 {p99:.3f} s")


def test_five_hundred_at_once_from_one_address_are_all_stored(box: ServedBox) -> None:
    begun = time.monotonic()
    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(lambda _: send(box), range(500)))
    told("burst from one address", answers, time.monotonic() - begun)
    assert {answer.status for answer in answers} == {303}
    assert max(answer.seconds for answer in answers) < PATIENCE_SECONDS
    rows = box.exported()
    assert len({row["text"] for row in rows}) == len(rows) == 500
    # Nobody is turned away for want of a stamp; what bears a machine's mark is in no rating (decision 5).
    assert all("no_stamp" in row["flags"] for row in rows)


@pytest.mark.long
def test_fifty_a_second_for_three_minutes_are_all_stored(box: ServedBox) -> None:
    begun = time.monotonic()

    def send_at(number: int) -> Answer:
        time.sleep(max(0.0, begun + number / 50 - time.monotonic()))
        return send(box)

    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(send_at, range(50 * 180)))
    told("fifty a second", answers, time.monotonic() - begun)
    assert {answer.status for answer in answers} == {303}
    assert len(box.exported()) == 9000
