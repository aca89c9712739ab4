"""What a box's folder on one machine gives to the commands that work on it."""

from pathlib import Path

import pytest
from local_settings import local_environment


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOMTHU_BASE_URL", raising=False)


def address(data: Path, base_url: str | None = None) -> str:
    return local_environment(data, base_url)["HOMTHU_BASE_URL"]


def test_a_command_takes_the_address_that_the_box_was_last_served_at(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert address(data) == "http://127.0.0.1:8080"
    assert address(data, "http://192.168.1.5:9000") == "http://192.168.1.5:9000"
    assert address(data) == "http://192.168.1.5:9000"
    assert address(data, "http://127.0.0.1:8080") == address(data) == "http://127.0.0.1:8080"


def test_what_the_environment_says_is_noted_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOMTHU_BASE_URL", "https://gopy.example.org")
    assert address(tmp_path, "http://127.0.0.1:8080") == "https://gopy.example.org"
    monkeypatch.delenv("HOMTHU_BASE_URL")
    assert address(tmp_path) == "https://gopy.example.org"


def test_the_folder_is_for_this_user_only(tmp_path: Path) -> None:
    data = tmp_path / "far" / "data"
    local_environment(data)
    assert data.stat().st_mode & 0o777 == 0o700
    assert (data / "secret").stat().st_mode & 0o777 == 0o600
