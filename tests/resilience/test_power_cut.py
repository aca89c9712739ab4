"""F89: the power goes while forms come in. Whatever the disk then holds, no receipt was given for nothing.

`scripts/serve` runs under strace, several citizens hand in, and the box is stopped. At every moment of
that the disk is worked out as it may be found (`power_cut.py`), and opened as the box would open it.
With `synchronous = NORMAL`, SQLite's usual choice for a log, the file stays sound and receipts are lost.
"""

import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from homthu.adapters.clock import system_clock
from homthu.adapters.secret_file import load_secrets
from homthu.adapters.sqlite.store import SqliteStore
from homthu.ports import Access
from machine import lacks
from resilience.power_cut import SYSCALLS, Disk, Event, events
from served_box import served, whole_form

WARD = "07207"
_CITIZENS = 4
#: Far more forms than SQLite's log holds before it is moved into the file and begun anew.
_FEW, _MANY = 16, 450
_STRACE = ("strace", "-D", "-f", "-y", "-xx", "-s", "10000000", "-e", f"trace={SYSCALLS}", "-o")


@dataclass(frozen=True)
class Course:
    """A box's folder, all that happened to it from its making to its end, and how many forms it was sent."""

    data: Path
    events: list[Event]
    forms: int

    def cuts(self, chance: Random | None) -> Iterator[tuple[int, dict[str, bytes]]]:
        """The receipts given, and the files that a cut may leave; of a long course not after every event."""
        disk, soon = Disk(self.data), 0
        for number, event in enumerate(self.events):
            disk.take(event)
            # While the log is moved into the file, and a little longer, every event counts.
            soon = number + 30 if event.path.endswith("hom-thu.db") else soon
            if self.forms == _FEW or number <= soon or number % 10 == 0:
                yield disk.receipts, disk.after_a_cut(chance)
        yield disk.receipts, disk.after_a_cut(chance)


@pytest.fixture(scope="module", params=[_FEW, pytest.param(_MANY, marks=pytest.mark.long)])
def course(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course with so many forms."""
    if shutil.which("strace") is None or subprocess.run(["strace", "-o", "/dev/null", "true"]).returncode:
        lacks("strace", "strace is missing, or may not watch here: a power cut was NOT tried")
    folder = tmp_path_factory.mktemp("cut")
    trace = folder / "trace"

    def hand_in(number: int) -> None:
        assert box.send(whole_form(f"{number:032x}", gop_y=f"Phiếu số {number}")).status == 303

    with served(folder, under=(*_STRACE, str(trace))) as box, ThreadPoolExecutor(_CITIZENS) as citizens:
        list(citizens.map(hand_in, range(request.param)))
    return Course(box.data, list(events(trace, box.data)), request.param)


def laid_out(files: dict[str, bytes], data: Path, folder: Path) -> Path:
    """These files, in a folder of their own."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, content in files.items():
        place = folder / Path(name).relative_to(data)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return folder


def kept(course: Course, receipts: int, files: dict[str, bytes], folder: Path) -> int:
    """How many submissions are found: as many as had a receipt at least, all sound and whole."""
    found = laid_out(files, course.data, folder)
    path, secret = found / "hom-thu.db", found / "secret"
    if receipts or secret.exists():
        assert load_secrets(secret) == load_secrets(course.data / "secret")
    if not receipts and not path.exists():
        return 0
    with closing(SqliteStore(path, system_clock, access=Access.WRITE)) as store:
        store.check()
        texts = [one.submission.text for one in store.everything(WARD)]
    assert len(texts) >= receipts
    assert len(set(texts)) == len(texts)
    assert set(texts) <= {f"Phiếu số {number}" for number in range(course.forms)}
    return len(texts)


def test_what_had_a_receipt_is_there_when_all_that_is_uncertain_is_lost(
    course: Course, tmp_path: Path
) -> None:
    kinds = [(event.kind, Path(event.path).name) for event in course.events]
    receipts = [number for number, (kind, _) in enumerate(kinds) if kind == "receipt"]
    assert len(receipts) == course.forms
    moved = ("write", "hom-thu.db") in kinds[receipts[0] : receipts[-1]]
    assert moved == (course.forms == _MANY)
    counts = [kept(course, *cut, tmp_path / "cut") for cut in course.cuts(None)]
    assert counts[0] == 0
    assert counts == sorted(counts)
    assert counts[-1] == course.forms
    print(f"\n{len(counts)} moments, {course.forms} receipts, none given for nothing")


def test_what_had_a_receipt_is_there_when_some_of_the_uncertain_was_written_in_any_order(
    course: Course, tmp_path: Path
) -> None:
    counts = [kept(course, *cut, tmp_path / "cut") for cut in course.cuts(Random(89))]
    assert counts[-1] == course.forms
    print(f"\n{len(counts)} moments, some of the uncertain kept: none lost, none damaged")
