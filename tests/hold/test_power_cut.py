"""F89: the power goes while forms come in. Whatever the disk then holds, no receipt was given for nothing.

`scripts/serve` runs under strace, several citizens hand in, and the box is stopped. At every moment of
that the disk is worked out as it may be found (`power_cut.py`), and opened as the box would open it.
With `synchronous = NORMAL`, SQLite's usual choice for a log, the file stays sound and receipts are lost.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from hold.power_cut import SYSCALLS, Disk, Event, events
from homthu.adapters.clock import system_clock
from homthu.adapters.secret_file import load_secrets
from homthu.adapters.sqlite.store import SqliteStore
from served_box import served, whole_form

WARD = "07207"
_CITIZENS, _FORMS = 4, 40


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Event]]:
    """A box's folder, and all that happened to it from its making to its end."""
    if shutil.which("strace") is None or subprocess.run(["strace", "-o", "/dev/null", "true"]).returncode:
        if os.environ.get("CI") and "strace" not in os.environ.get("CI_WITHOUT", "").split():
            pytest.fail("CI must have strace")
        pytest.skip("no strace: a power cut was NOT tried")
    folder = tmp_path_factory.mktemp("cut")
    trace = folder / "trace"
    strace = (
        "strace",
        "-D",
        "-f",
        "-y",
        "-xx",
        "-s",
        "10000000",
        "-e",
        f"trace={SYSCALLS}",
        "-o",
        str(trace),
    )

    def hand_in(number: int) -> None:
        assert box.send(whole_form(f"{number:032x}", gop_y=f"Phiếu số {number}")).status == 303

    with served(folder, under=strace) as box, ThreadPoolExecutor(_CITIZENS) as citizens:
        list(citizens.map(hand_in, range(_FORMS)))
    return box.data, list(events(trace, box.data))


def disks(course: list[Event], chance: Random | None) -> Iterator[tuple[Disk, dict[str, bytes]]]:
    """The disk after each thing that changed what may be found on it."""
    disk = Disk()
    for event in course:
        disk.take(event)
        yield disk, disk.after_a_cut(chance)


def laid_out(files: dict[str, bytes], data: Path, folder: Path) -> Path:
    """These files, in a folder of their own."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, content in files.items():
        place = folder / Path(name).relative_to(data)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return folder


def assert_kept(disk: Disk, files: dict[str, bytes], data: Path, folder: Path) -> int:
    """Nothing that had a receipt is missing, all is sound, and what is there is whole. How many there are."""
    found = laid_out(files, data, folder)
    path, secret = found / "hom-thu.db", found / "secret"
    if disk.receipts or secret.exists():
        assert load_secrets(secret) == load_secrets(data / "secret")
    if not disk.receipts and not path.exists():
        return 0
    with closing(SqliteStore(path, system_clock, must_exist=True)) as store:
        store.check()
        texts = [one.submission.text for one in store.everything(WARD)]
    assert len(texts) >= disk.receipts
    assert len(set(texts)) == len(texts)
    assert set(texts) <= {f"Phiếu số {number}" for number in range(_FORMS)}
    return len(texts)


def test_what_had_a_receipt_is_there_when_all_that_is_uncertain_is_lost(
    course: tuple[Path, list[Event]], tmp_path: Path
) -> None:
    data, happened = course
    counts = [assert_kept(disk, files, data, tmp_path / "cut") for disk, files in disks(happened, None)]
    assert counts[0] == 0
    assert counts == sorted(counts)
    assert counts[-1] == _FORMS
    print(f"\n{len(counts)} moments, {_FORMS} receipts, none given for nothing")


def test_what_had_a_receipt_is_there_when_some_of_the_uncertain_was_written_in_any_order(
    course: tuple[Path, list[Event]], tmp_path: Path
) -> None:
    data, happened = course
    counts = [assert_kept(disk, files, data, tmp_path / "cut") for disk, files in disks(happened, Random(89))]
    assert counts[-1] == _FORMS
    print(f"\n{len(counts)} moments, some of the uncertain kept: none lost, none damaged")
