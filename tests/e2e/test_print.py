"""What a volunteer types: posters, inspection and the province's list, as commands."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import openpyxl
import pytest
from board_side import BoardSite
from box_editing import copy_boxes, edit
from commands.make_posters import is_example, note_host
from homthu.adapters.box_files import load_boxes
from homthu.adapters.clock import system_clock
from homthu.config import BOXES
from posters.fetch import MOST_BYTES, Unreachable, fetch
from posters.printed import note_print
from posters.words import load_words
from setting_up.server import make_app, make_set_up
from shell import run


def script(name: str, *arguments: str, expect: int = 0) -> str:
    """Run one of our commands and return all that it printed."""
    done = run(name, *arguments)
    assert done.returncode == expect, done.stdout + done.stderr
    return done.stdout + done.stderr


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def serving(application: Any) -> Iterator[str]:
    """A real server on this machine; gives its address."""
    with make_server("127.0.0.1", 0, application, handler_class=_Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.02], daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def boxes_with_one_place(folder: Path) -> Path:
    """The shipped boxes, but for all places of the ward after its first."""
    boxes = copy_boxes(folder)
    text = (boxes / "ngo-quyen.toml").read_text("utf-8")
    second = text.index("[[places]]", text.index('code = "nq-mc"'))
    (boxes / "ngo-quyen.toml").write_text(text[:second], "utf-8")
    return boxes


@pytest.mark.parametrize("places", ["1 điểm", pytest.param("9 điểm, 146 mã", marks=pytest.mark.long)])
def test_a_ward_is_printed_with_one_command_and_again_the_same(places: str, tmp_path: Path) -> None:
    boxes = boxes_with_one_place(tmp_path) if places == "1 điểm" else copy_boxes(tmp_path)
    order = (
        *("--ward", "07207", "--boxes", str(boxes)),
        *("--base-url", "https://gopy.ngoquyen.gov.vn", "--as-of", "2026-11-24T10:00+07:00"),
    )
    said = script("make-posters", *order, "--out", str(tmp_path / "a"))
    assert places in said
    assert "mã đã đọc lại đúng" in said
    assert "Đã ghi các mã này là đã in" in said
    note = json.loads((boxes / "printed.json").read_text("utf-8"))
    assert note == dict.fromkeys(note, "24/11/2026")
    assert "nq-mc" in note
    script("make-posters", *order, "--out", str(tmp_path / "b"))
    files = sorted(path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*") if path.is_file())
    assert {path.suffix for path in files} == {".pdf", ".xlsx", ".png", ".txt"}
    assert all((tmp_path / "a" / path).read_bytes() == (tmp_path / "b" / path).read_bytes() for path in files)


def test_a_code_that_hangs_is_missed_by_whoever_checks_and_by_the_set_up_page(tmp_path: Path) -> None:
    """What was printed at the terminal is known to both ways of changing a file."""
    data = tmp_path / "data"
    data.mkdir()
    boxes = copy_boxes(data)
    (box,) = (one for one in load_boxes(boxes).by_ward.values() if one.ward.code == "07207")
    now = datetime(2026, 11, 24, 3, tzinfo=UTC)
    assert not note_print(boxes, box, "http://127.0.0.1:8080", now)
    assert "đã in" not in script("check-box", "--boxes", str(boxes))
    assert note_print(boxes, box, "https://gopy.ngoquyen.gov.vn", now)
    edit(boxes / "ngo-quyen.toml", '"nq-nvh8"', '"nq-nvh9"')
    assert "điểm nq-nvh8 đã in ngày 24/11/2026" in script("check-box", "--boxes", str(boxes))
    edit(boxes / "ngo-quyen.toml", '"nq-nvh9"', '"nq-nvh8"')
    with make_app(make_set_up(data, system_clock)).test_client() as office:
        office.post("/mo", data={"tep": "ngo-quyen.toml"})
        office.post("/diem", data={"places.0.code": "nq-mc", "places.0.name": "Một cửa"})
        assert "Điểm có mã nq-nvh8 đã in trên áp phích ngày 24/11/2026" in office.get("/luu").text


def test_an_example_of_the_program_hangs_nowhere_and_is_not_noted() -> None:
    for box in load_boxes(BOXES).by_ward.values():
        assert is_example(box, BOXES)
        real = replace(box, operator=replace(box.operator, email="truc@ngoquyen.gov.vn"))
        assert not is_example(real, BOXES)


def test_a_refused_order_names_everything_and_writes_nothing(tmp_path: Path) -> None:
    boxes = copy_boxes(tmp_path)
    name = "Nhà sinh hoạt cộng đồng và trung tâm học tập tổ dân phố liên khu số mười hai"
    edit(boxes / "ngo-quyen.toml", "Nhà văn hóa tổ dân phố số 8", name)
    out = tmp_path / "out"
    said = script(
        *("make-posters", "--ward", "07207", "--base-url", "http://gopy.ngoquyen.gov.vn"),
        *("--boxes", str(boxes), "--out", str(out)),
        expect=1,
    )
    assert "phải bắt đầu bằng https://" in said
    assert "nq-nvh8" in said
    assert name in said
    assert not out.exists()
    said = script("make-posters", "--ward", "99999", "--base-url", "x", "--out", str(out), expect=1)
    assert "07207 (phường Ngô Quyền)" in said
    assert "--base-url x" in said


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("gopy.example.org", "không phải .gov.vn"),
        ("localhost:8080", "chỉ mở được trên máy này"),
        ("gopy.ngoquyen.gov.vn", ""),
    ],
)
def test_a_host_that_no_poster_should_name_is_warned_of(
    host: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    note_host(host, load_words())
    warned = capsys.readouterr().err
    assert (said in warned, bool(warned)) == (True, bool(said))


@pytest.mark.long
def test_a_domain_outside_gov_vn_is_printed_with_a_warning(tmp_path: Path) -> None:
    boxes = boxes_with_one_place(tmp_path)
    order = ("--ward", "07207", "--boxes", str(boxes), "--out", str(tmp_path / "out"))
    assert "không phải .gov.vn" in script("make-posters", *order, "--base-url", "https://gopy.example.org")
    assert "chỉ mở được trên máy này" in script("make-posters", *order, "--base-url", "http://localhost:8080")


def test_posters_are_inspected_by_counts_only(tmp_path: Path) -> None:
    data = ("--data", str(tmp_path / "data"))
    script("seed-demo", *data, "--weeks", "3", "--submissions", "60", "--as-of", "2026-11-23T00:00+07:00")
    said = script("inspect", *data, "--ward", "07207", "--weeks", "4", "--as-of", "2026-11-24T10:00+07:00")
    assert "T44  T45  T46  T47" in said
    assert "Điểm không có ý kiến trong tuần 47/2026" in said or "điểm nào cũng có ý kiến" in said
    assert said.count("[ ] mã còn nguyên") == 9
    said = script("inspect", *data, "--weeks", "2", "--as-of", "2030-01-01T00:00+07:00")
    assert said.count("Điểm không có ý kiến") == 2
    assert "99999" in script("inspect", *data, "--ward", "99999", expect=1)


def test_the_province_reads_many_wards_into_one_list(tmp_path: Path) -> None:
    site = BoardSite()
    out = tmp_path / "list.xlsx"
    with serving(
        lambda environ, start: site.side_of(environ["PATH_INFO"]).application(environ, start)
    ) as url:
        site.base_url = url
        said = script("check-register", url, "--out", str(out))
        assert "2 phường, xã; 24 điểm; 0 lỗi" in said
        (tmp_path / "urls.txt").write_text(f"# cả tỉnh\n{url}\n\nhttp://gopy.vn\n", "utf-8")
        said = script("check-register", "--from", str(tmp_path / "urls.txt"), "--out", str(out), expect=1)
        assert "http://gopy.vn" in said
    said = script("check-register", url, "--out", str(out), expect=1)
    assert "không mở được" in said
    assert openpyxl.load_workbook(out).sheetnames == ["Danh sách điểm góp ý", "Lỗi"]
    assert script("check-register", expect=1).startswith("Cần ít nhất một địa chỉ")


@pytest.mark.parametrize(
    ("status", "headers", "body", "code"),
    [
        ("302 Found", [("Location", "https://example.org/")], [b""], "redirect"),
        ("404 Not Found", [], [b"x"], "status"),
        ("200 OK", [], [b"x" * (MOST_BYTES + 1)], "too_large"),
    ],
)
def test_what_another_deployment_should_not_answer(
    status: str, headers: list[tuple[str, str]], body: list[bytes], code: str
) -> None:
    def application(environ: Any, start: Any) -> list[bytes]:
        start(status, headers)
        return body

    with serving(application) as url, pytest.raises(Unreachable) as unreachable:
        fetch(url)
    assert unreachable.value.code == code


def test_a_machine_that_is_not_there_is_said_to_be_so() -> None:
    with serving(lambda environ, start: []) as url:
        pass
    with pytest.raises(Unreachable) as unreachable:
        fetch(url)
    assert unreachable.value.code == "network"
