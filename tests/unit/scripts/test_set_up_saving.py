"""What the set-up keeps of files that it did not write itself."""

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
