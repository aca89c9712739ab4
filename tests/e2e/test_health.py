"""A box that is served on one machine tells whoever asks how it is, and its form heeds that."""

import json
import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from citizen_side import PLACE, fields_of
from served_box import ServedBox, is_honest, served, whole_form
from small_disk import fill, small_disk

FORM = f"/g/{PLACE}"
PAUSED = "tạm ngừng nhận góp ý trên mạng"


@pytest.fixture
def box(tmp_path: Path) -> Iterator[ServedBox]:
    with served(tmp_path) as box:
        yield box


def health(box: ServedBox) -> tuple[int, dict[str, str]]:
    answer = box.get("/suc-khoe")
    return answer.status, json.loads(answer.text)


def soon(holds: Callable[[], bool], seconds: float = 45) -> bool:
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.5)
    return True


def files_of(box: ServedBox) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in box.data.iterdir() if "-wal" not in path.name}


def test_a_box_that_is_well_says_so_in_yes_and_no(box: ServedBox) -> None:
    box.reference(box.send(whole_form("0" * 32)))
    status, said = health(box)
    version = said.pop("version")
    assert (status, said) == (
        200,
        {"ok": "yes", "reports": "in time", "store": "yes", "disk": "yes", "jobs": "yes"},
    )
    assert version
    assert box.request("HEAD", "/suc-khoe").status == 200
    assert box.get("/suc-khoe").headers["Cache-Control"] == "no-store"
    assert box.request("POST", "/suc-khoe").status == 405


def test_a_box_that_begins_where_nothing_can_be_stored_says_so_at_once_and_then_comes_back(
    box: ServedBox,
) -> None:
    resource.prlimit(box.process.pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
    box.kill_workers()
    box.wait_until_ready()
    assert PAUSED in box.get(FORM).text
    assert "<form" not in box.get(FORM).text
    status, said = health(box)
    assert (status, said["ok"], said["store"]) == (503, "no", "no")
    (worker,) = box.workers()
    resource.prlimit(worker, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert soon(lambda: "<form" in box.get(FORM).text, 20)
    assert health(box)[0] == 200


# A box tries every twenty seconds, which those below wait for.
@pytest.mark.long
def test_what_is_tried_leaves_nothing_behind(box: ServedBox) -> None:
    box.reference(box.send(whole_form("0" * 32)))
    assert soon((box.data / "schedule.json").exists, 30)
    stored, files = box.exported(), files_of(box)
    # The next try comes within twenty seconds.
    time.sleep(21)
    assert (box.exported(), files_of(box)) == (stored, files)


@pytest.mark.long
def test_once_nothing_can_be_stored_the_form_says_so_before_anybody_writes(box: ServedBox) -> None:
    opened = box.get(FORM)
    assert "<form" in opened.text
    (worker,) = box.workers()
    resource.prlimit(worker, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
    assert soon(lambda: PAUSED in box.get(FORM).text)
    assert "<form" not in box.get(FORM).text
    status, said = health(box)
    assert (status, said["ok"], said["store"]) == (503, "no", "no")
    form = whole_form("1" * 32, gop_y="đã mở phiếu từ trước")
    kept = box.send(form)
    is_honest(kept, form)
    resource.prlimit(worker, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert soon(lambda: "<form" in box.get(FORM).text, 20)
    assert health(box)[0] == 200
    box.reference(box.send(fields_of(kept.text)))
    assert [row["text"] for row in box.exported()] == ["đã mở phiếu từ trước"]


@pytest.mark.long
def test_a_disk_that_is_full_is_felt_alike_and_everything_comes_back(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    with small_disk(disk, "24m"), served(disk) as box:
        box.reference(box.send(whole_form("0" * 32, gop_y="trước")))
        filler = fill(disk)
        assert soon(lambda: PAUSED in box.get(FORM).text)
        assert health(box)[1]["store"] == health(box)[1]["disk"] == "no"
        filler.unlink()
        assert soon(lambda: health(box)[0] == 200)
        box.reference(box.send(whole_form("1" * 32, gop_y="sau")))
        assert sorted(row["text"] for row in box.exported()) == ["sau", "trước"]
