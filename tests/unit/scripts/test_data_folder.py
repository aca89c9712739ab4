"""What a box's folder on one machine gives to the commands that work on it."""

import sqlite3
from pathlib import Path

import pytest
from homthu.bootstrap.swappable import make_store
from homthu.config import SqliteStoreSetting, read_settings
from local.data_folder import (
    MARK,
    demo_box,
    existing_box,
    new_or_existing_box,
    new_or_existing_store,
    own_store,
    refuse_to_mail_invented,
)

#: Each was once cut, decoded or taken for a part of an address.
NAMES = [
    "hom thu #1",
    "a%20b",
    "có dấu",
    "what?",
    "x#y?z%41",
    " hở ",
    "a;b&c=d",
    "'\"$HOME`",
    "-x",
    "Ƀu\u0323",
]


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BASE_URL", "STORE", "SECRET_REFERENCES", "MAIL"):
        monkeypatch.delenv(f"HOMTHU_{name}", raising=False)


def address(data: Path, base_url: str | None = None) -> str:
    return new_or_existing_box(data, base_url)["HOMTHU_BASE_URL"]


def store_of(environ: dict[str, str]) -> SqliteStoreSetting:
    store = read_settings(environ, frozenset()).store
    assert isinstance(store, SqliteStoreSetting)
    return store


def make_box(data: Path) -> None:
    """A box as serve leaves it, without a form."""
    store = make_store(store_of(new_or_existing_box(data)), lambda: None)  # type: ignore[arg-type,return-value]
    store.check()
    store.close()


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
    new_or_existing_box(data)
    assert data.stat().st_mode & 0o777 == 0o700
    assert (data / "secret").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", NAMES)
def test_everything_of_a_box_lies_in_its_folder_whatever_the_folder_is_called(
    name: str, tmp_path: Path
) -> None:
    data = tmp_path / name
    make_box(data)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert {path.name for path in data.iterdir()} == {
        "hom-thu.db",
        "secret",
        "secret-desk",
        "secret-receipts",
    }
    assert store_of(existing_box(data, "export")) == SqliteStoreSetting(
        path=data / "hom-thu.db", must_exist=True
    )


def test_a_folder_whose_name_is_no_utf8_keeps_its_box_too(tmp_path: Path) -> None:
    data = tmp_path / "h\udcf2m"
    make_box(data)
    assert (data / "hom-thu.db").is_file()


def test_two_folders_never_share_a_database(tmp_path: Path) -> None:
    stores = {own_store(tmp_path / name) for name in [*NAMES, "hom thu #2", "a b", "what", "x"]}
    assert len(stores) == len(NAMES) + 4


@pytest.mark.parametrize(("name", "once"), [("hom thu #1", "hom thu "), ("a?b", "a")])
def test_a_database_that_an_earlier_version_put_beside_its_folder_is_not_passed_over(
    name: str, once: str, tmp_path: Path
) -> None:
    data = tmp_path / name
    data.mkdir()
    sqlite3.connect(tmp_path / once).execute("CREATE TABLE x (y)")
    for use in (lambda: new_or_existing_box(data), lambda: existing_box(data, "report")):
        with pytest.raises(SystemExit, match=f"mv '?{tmp_path}"):
            use()
    assert list(data.iterdir()) == []


def test_what_is_not_there_is_said_and_not_made(tmp_path: Path) -> None:
    for purpose in ("export", "backup", "verify", "report", "paper_code"):
        with pytest.raises(SystemExit, match="không có thư mục này"):
            existing_box(tmp_path / "typo", purpose)
    (tmp_path / "unmounted").mkdir()
    for purpose in ("export", "backup", "verify", "report"):
        with pytest.raises(SystemExit, match=r"không có hom-thu\.db"):
            existing_box(tmp_path / "unmounted", purpose)
    assert [path.name for path in tmp_path.rglob("*")] == ["unmounted"]


def test_a_store_of_one_s_own_is_not_made_by_reading_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOMTHU_STORE", f"sqlite://{tmp_path}/other.db")
    with pytest.raises(SystemExit, match=r"không có other\.db"):
        existing_box(tmp_path, "export")


def test_a_store_elsewhere_needs_no_folder_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOMTHU_STORE", "firestore://some-project/(default)")
    assert existing_box(tmp_path / "none", "backup")["HOMTHU_STORE"] == "firestore://some-project/(default)"
    new_or_existing_store(tmp_path / "none")
    assert list(tmp_path.iterdir()) == []


def test_invented_forms_go_only_where_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    demo, real = tmp_path / "demo", tmp_path / "real"
    demo_box(demo)
    assert "BỊA" in (demo / MARK).read_text("utf-8")
    make_box(demo)
    demo_box(demo)
    make_box(real)
    with pytest.raises(SystemExit, match="hòm thư thật"):
        demo_box(real)
    assert not (real / MARK).exists()
    monkeypatch.setenv("HOMTHU_STORE", "firestore://some-project/(default)")
    with pytest.raises(SystemExit, match="unset HOMTHU_STORE"):
        demo_box(tmp_path / "third")
    assert not (tmp_path / "third").exists()


def test_reports_of_invented_forms_leave_this_machine_never(tmp_path: Path) -> None:
    environ = demo_box(tmp_path / "demo")
    refuse_to_mail_invented(tmp_path / "demo", environ)
    for way in ("smtp+starttls://u:p@mail.example.org", "ses://ap-southeast-1"):
        with pytest.raises(SystemExit, match="phiếu bịa"):
            refuse_to_mail_invented(tmp_path / "demo", {**environ, "HOMTHU_MAIL": way})
        refuse_to_mail_invented(tmp_path / "real", {**environ, "HOMTHU_MAIL": way})
