"""A command that would use another store or way of mail than the box that is served says so and stops."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from homthu.bootstrap.swappable import make_store
from homthu.config import SqliteStoreSetting, read_settings
from local.data_folder import existing_box, new_or_existing_box, note_how_served

SMTP = "smtp+starttls://gopy:mat-khau@mail.phuong.vn:587"


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BASE_URL", "STORE", "SECRET_REFERENCES", "MAIL", "SENDER", "BOXES"):
        monkeypatch.delenv(f"HOMTHU_{name}", raising=False)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A box as serve leaves it that was served by the service's own settings."""
    data = tmp_path / "data"
    environ = new_or_existing_box(data)
    setting = read_settings(environ, frozenset()).store
    assert isinstance(setting, SqliteStoreSetting)
    store = make_store(setting, lambda: None)  # type: ignore[arg-type,return-value]
    store.check()
    store.close()
    note_how_served(data, {**environ, "HOMTHU_MAIL": SMTP}, datetime.now(UTC))
    return data


def test_a_report_without_the_services_settings_stops_and_names_both_ways(data: Path) -> None:
    with pytest.raises(SystemExit) as stopped:
        existing_box(data, "report")
    said = str(stopped.value)
    assert "smtp+starttls gopy@mail.phuong.vn:587" in said
    assert "outbox ./outbox" in said
    assert "hom-thu …" in said
    assert "mat-khau" not in said + (data / "served-with").read_text("utf-8")


def test_with_the_services_settings_it_goes_on(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOMTHU_MAIL", SMTP)
    assert existing_box(data, "report")["HOMTHU_MAIL"] == SMTP
    monkeypatch.setenv("HOMTHU_MAIL", SMTP.replace("mat-khau", "moi"))
    assert existing_box(data, "report"), "a new password is the same way"


@pytest.mark.parametrize("purpose", ["export", "backup", "verify", "erase", "paper_code"])
def test_who_mails_nobody_need_not_know_the_way_of_mail(data: Path, purpose: str) -> None:
    assert existing_box(data, purpose)


@pytest.mark.parametrize(
    ("variable", "other"),
    [
        ("HOMTHU_STORE", "firestore://phuong-ngo-quyen/(default)"),
        ("HOMTHU_SENDER", "khac@phuong.vn"),
        ("HOMTHU_BOXES", "."),
    ],
)
def test_another_store_sender_or_ward_stops_it_too(
    data: Path, monkeypatch: pytest.MonkeyPatch, variable: str, other: str
) -> None:
    monkeypatch.setenv("HOMTHU_MAIL", SMTP)
    monkeypatch.setenv(variable, other)
    with pytest.raises(SystemExit, match=variable):
        existing_box(data, "report")


def test_a_folder_that_was_moved_or_copied_is_the_same_box(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOMTHU_MAIL", SMTP)
    moved = tmp_path / "moved"
    shutil.move(data, moved)
    assert existing_box(moved, "report")


def test_a_box_that_was_never_served_stops_nobody(data: Path) -> None:
    (data / "served-with").unlink()
    assert existing_box(data, "report")
    (data / "served-with").write_text("{")
    assert existing_box(data, "report"), "a note that a full disk tore is none"
