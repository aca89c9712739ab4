"""Orders of print for tests, over the boxes that are really shipped, and readers that are not ours."""

import subprocess
from collections import Counter
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from homthu.adapters.box_files.folder import load_boxes
from machine import require
from posters.pack import pack_data
from posters.press import Order
from posters.typesetter import Document, typeset
from posters.words import load_words

BASE_URL = "https://gopy.phuongbacgiang.gov.vn"
NGO_QUYEN, BAC_GIANG = "07207", "07210"
NOW = datetime.fromisoformat("2026-11-24T10:00:00+07:00")
BOXES = load_boxes(Path(__file__).parents[2] / "functions" / "boxes").by_ward
TEXTS = load_words()


def order(ward: str = BAC_GIANG, places: int | None = 2, **changes: Any) -> Order:
    """An order for the first places of a shipped ward; None for all of them."""
    box = BOXES[ward]
    values: dict[str, Any] = {
        "box": replace(box, places=box.places[:places]),
        "base_url": BASE_URL,
        "edition": 1,
        "now": NOW,
        "texts": TEXTS,
    }
    return Order(**(values | changes))


def data_of(one: Order) -> dict[str, Any]:
    """What the pack and the list of an order are set from."""
    return pack_data(one.box, one.base_url, one.edition, one.now, one.texts)


@cache
def pack(places: int) -> Document:
    """The pack of a ward's first places, set once for all tests."""
    return typeset("pack.typ", data_of(order(places=places)))


@cache
def whole(ward: str, template: str) -> Document:
    """The whole pack or list of a ward, set once for all tests."""
    return typeset(template, data_of(order(ward, None)))


def rasters(pdf: bytes, folder: Path, dots_per_inch: int) -> list[Path]:
    """Every page as Poppler draws it, in order."""
    require("pdftoppm", "poppler-utils")
    (folder / "it.pdf").write_bytes(pdf)
    command = ["pdftoppm", "-r", str(dots_per_inch), "-gray", str(folder / "it.pdf"), str(folder / "page")]
    subprocess.run(command, check=True)
    return sorted(folder.glob("page-*.pgm"))


def read_by_zbar(picture: Path) -> Counter[str]:
    """The codes that ZBar finds in a picture."""
    require("zbarimg", "zbar-tools")
    command = ["zbarimg", "--raw", "-q", "-Sdisable", "-Sqrcode.enable", str(picture)]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    return Counter(found.stdout.split())
