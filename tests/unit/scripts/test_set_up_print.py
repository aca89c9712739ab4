"""What a print leaves in its folder, and when its codes are noted. Nothing is set in type here."""

from pathlib import Path

import pytest
from homthu.adapters.clock import system_clock
from posters.press import Order, Product, Refused
from posters.printed import printed_codes
from setting_up import print_page
from setting_up.context import SetUp
from setting_up.errands import Failed
from setting_up.print_folder import files_of
from setting_up.print_page import FOLDER, make_posters
from setting_up.server import make_app, make_set_up

SHIPPED = Path(__file__).parents[3] / "functions" / "boxes"
WARD, REAL, TRIAL = "07207", "https://gopy.x.gov.vn", "http://127.0.0.1:8080"


@pytest.fixture
def up(tmp_path: Path) -> SetUp:
    up = make_set_up(tmp_path / "data", system_clock)
    up.place.furnish()
    (up.place.boxes / "ngo-quyen.toml").write_bytes((SHIPPED / "ngo-quyen.toml").read_bytes())
    return up


def make(up: SetUp, monkeypatch: pytest.MonkeyPatch, address: str, **files: bytes) -> None:
    products = [Product(path=name.replace("__", "/"), content=content) for name, content in files.items()]

    def produce(order: Order) -> list[Product]:
        return products

    monkeypatch.setattr(print_page, "produce", produce)
    make_posters(up, WARD, address, 1)


def test_only_what_was_made_gives_way_to_the_next_print(up: SetUp, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = up.place.data / FOLDER
    make(up, monkeypatch, TRIAL, pack=b"1", tin__zalo=b"1", tin__loa=b"1", cu__anh=b"1")
    (folder / "ghi-chu.docx").write_bytes(b"own")
    (folder / "rieng").mkdir()
    (folder / "tin" / "loa").write_bytes(b"changed by the office")
    (folder / "tin" / "zalo").write_bytes(b"changed, too")
    for content in (b"2", b"3"):
        make(up, monkeypatch, TRIAL, pack=content, tin__zalo=content)
    found = {name: (folder / name).read_bytes() for name in files_of(folder)}
    assert found == {
        "pack": b"3",
        "ghi-chu.docx": b"own",
        "tin/loa": b"changed by the office",
        "tin/zalo": b"3",
        "tin/zalo.bak": b"changed, too",
    }
    assert {path.name for path in folder.iterdir() if path.is_dir()} == {"rieng", "tin"}


@pytest.mark.parametrize(
    "note", [b"", b"[1]", b"[" * 100_000, b'{"../boxes/ngo-quyen.toml": "x"}', b'{"/": 1}']
)
def test_a_note_that_is_torn_has_nothing_removed(
    up: SetUp, monkeypatch: pytest.MonkeyPatch, note: bytes
) -> None:
    make(up, monkeypatch, TRIAL, pack=b"1")
    (up.place.data / f"{FOLDER}.json").write_bytes(note)
    make(up, monkeypatch, TRIAL, other=b"2")
    assert files_of(up.place.data / FOLDER) == ["other", "pack"]
    assert up.place.files() == ["ngo-quyen.toml"]


def test_codes_are_noted_before_anything_can_hang(up: SetUp, monkeypatch: pytest.MonkeyPatch) -> None:
    make(up, monkeypatch, TRIAL, pack=b"1")
    assert printed_codes(up.place.boxes) == {}
    # A folder in the way, as any other trouble of the disk.
    (up.place.data / FOLDER / "real" / "in").mkdir(parents=True)
    with pytest.raises(OSError, match="real"):
        make(up, monkeypatch, REAL, real=b"2")
    assert "nq-mc" in printed_codes(up.place.boxes)


def test_a_refused_print_notes_nothing_and_leaves_what_was_there(
    up: SetUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(up, monkeypatch, TRIAL, pack=b"1")

    def produce(order: Order) -> list[Product]:
        raise Refused(["no"])

    monkeypatch.setattr(print_page, "produce", produce)
    with pytest.raises(Failed):
        make_posters(up, WARD, REAL, 1)
    assert printed_codes(up.place.boxes) == {}
    assert files_of(up.place.data / FOLDER) == ["pack"]


def test_a_name_that_no_file_can_have_is_not_found(up: SetUp) -> None:
    assert make_app(up).test_client().get("/tep/a%00b").status_code == 404
