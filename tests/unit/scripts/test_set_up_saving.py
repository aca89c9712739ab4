"""What the set-up keeps: files that it did not write itself, and what is typed on two pages at once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from homthu.adapters.box_files import load_boxes
from homthu.adapters.clock import system_clock
from setting_up.saving import look_at, save
from setting_up.server import make_app, make_set_up

SHIPPED = Path(__file__).parents[3] / "functions" / "boxes"
FILE = "ngo-quyen.toml"


@pytest.mark.parametrize(
    "broken",
    [b"broken = = by hand", 'ward = "phường"'.encode("utf-16"), b"# \xe9\n"],
    ids=["by hand", "utf-16", "latin-1"],
)
def test_an_unreadable_file_is_kept_where_it_keeps_no_ward_from_being_read(
    tmp_path: Path, broken: bytes
) -> None:
    up = make_set_up(tmp_path / "data", system_clock)
    boxes = up.place.boxes
    up.place.furnish()
    (boxes / FILE).write_bytes((SHIPPED / FILE).read_bytes())
    make_app(up).test_client().post("/mo", data={"tep": FILE})
    draft = up.place.draft()
    assert draft is not None
    for kept in (FILE + ".bak", FILE + ".2.bak", FILE + ".3.bak"):
        (boxes / FILE).write_bytes(broken + kept.encode("ascii"))
        save(draft, look_at(draft, up.place, up.texts), up.place)
        assert (boxes / kept).read_bytes() == broken + kept.encode("ascii")
        assert list(load_boxes(boxes).by_ward) == ["07207"]


def test_what_is_kept_as_it_is_typed_and_what_is_handed_over_meanwhile_both_stay(tmp_path: Path) -> None:
    up = make_set_up(tmp_path / "data", system_clock)
    pages = make_app(up)
    up.place.furnish()
    (up.place.boxes / FILE).write_bytes((SHIPPED / FILE).read_bytes())
    pages.test_client().post("/mo", data={"tep": FILE})
    with ThreadPoolExecutor(2) as two:
        for number in map(str, range(20)):
            typed, handed = {"contact.phone": number}, {"plan.number": number}
            live = two.submit(pages.test_client().post, "/lien-he", data=typed, headers={"X-Live": "1"})
            pressed = two.submit(pages.test_client().post, "/cong-van", data=handed)
            assert (live.result().status_code, pressed.result().status_code) == (200, 303)
            draft = up.place.draft()
            assert draft is not None
            assert (draft.table["contact"]["phone"], draft.table["plan"]["number"]) == (number, number)
