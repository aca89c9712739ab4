"""When `scripts/serve` opens the set-up page, and what its first screen says."""

from pathlib import Path

import pytest
from homthu.adapters.clock import system_clock
from homthu.bootstrap.start import start
from local import data_folder
from local.greeting import greet
from local.set_up import has_no_box

SHIPPED = Path(__file__).parents[3] / "functions" / "boxes"


@pytest.fixture(autouse=True)
def nobody_says_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOMTHU_BOXES", "HOMTHU_STORE", "LISTEN_PID", "HOMTHU_MAIL", "HOMTHU_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


def test_a_machine_without_any_box_of_its_own_is_asked(tmp_path: Path) -> None:
    assert has_no_box(tmp_path / "data")


def test_a_box_that_is_there_is_served_without_being_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "hom-thu.db").touch()
    assert not has_no_box(tmp_path)
    other = tmp_path / "other"
    (other / "boxes").mkdir(parents=True)
    assert has_no_box(other)
    (other / "boxes" / "phuong.toml").touch()
    assert not has_no_box(other)
    monkeypatch.setenv("HOMTHU_BOXES", str(SHIPPED))
    assert not has_no_box(tmp_path / "third")


def test_files_that_an_office_keeps_in_the_program_are_a_box(tmp_path: Path) -> None:
    text = (SHIPPED / "ngo-quyen.toml").read_text("utf-8")
    data, file = tmp_path / "data", tmp_path / "ngo-quyen.toml"
    file.write_text(text, "utf-8")
    assert has_no_box(data, tmp_path)
    file.write_text(text.replace("example.org", "bacgiang.gov.vn"), "utf-8")
    assert not has_no_box(data, tmp_path)
    file.write_text(text, "utf-8")
    (tmp_path / "phuong-minh.toml").write_text(text, "utf-8")
    assert not has_no_box(data, tmp_path)


def test_commands_on_a_folder_take_the_box_files_and_the_way_of_mail_that_were_set_up_in_it(
    tmp_path: Path,
) -> None:
    (tmp_path / "boxes").mkdir()
    (tmp_path / "boxes" / "phuong.toml").touch()
    (tmp_path / "hom-thu.env").write_text("HOMTHU_SENDER=hom-thu@phuong.example\n")
    environ = data_folder.settings_for(tmp_path)
    assert environ["HOMTHU_BOXES"] == str(tmp_path / "boxes")
    assert environ["HOMTHU_SENDER"] == "hom-thu@phuong.example"


@pytest.mark.parametrize(
    ("base_url", "is_told_why"), [("http://127.0.0.1:8080", True), ("http://192.168.1.7:8080", False)]
)
def test_the_first_screen_begins_with_the_address_and_ends_with_warnings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], base_url: str, is_told_why: bool
) -> None:
    environ = data_folder.new_or_existing_box(tmp_path, base_url)
    parts = start("submit", environ, clock=system_clock)
    greet(parts, tmp_path, mail=environ["HOMTHU_MAIL"], port=8080)
    lines = [line for line in capsys.readouterr().out.splitlines() if line.strip()]
    assert lines[0].startswith(f"{base_url}/ ")
    assert sum(line.startswith("  phường ") for line in lines) == len(parts.boxes.by_ward)
    assert any("Không in mã QR" in line for line in lines) == is_told_why
    assert lines[-1].startswith("! Thư chưa gửi đi đâu")
    assert len(lines) <= 11
