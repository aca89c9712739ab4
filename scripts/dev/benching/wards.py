"""Box files for any number of wards, in as many provinces as the country has."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from environment import ROOT

SOURCE = ROOT / "functions" / "boxes"
_TEMPLATE = "bac-giang.toml"
#: After the reform of 1 July 2025: 34 provinces with 3,321 communes, wards and special zones.
ALL, PROVINCES = 3_321, 34
_SYLLABLES = (
    "An",
    "Bình",
    "Châu",
    "Đông",
    "Gia",
    "Hải",
    "Hòa",
    "Khánh",
    "Lâm",
    "Minh",
    "Ngọc",
    "Phú",
    "Quảng",
)


def write_wards(folder: Path, count: int) -> Path:
    """Make a folder of this many boxes, with what the shipped wards need, and return it."""
    folder.mkdir(parents=True)
    for inner in ("questionnaires", "signs", "targets"):
        shutil.copytree(SOURCE / inner, folder / inner)
    for name, text in ward_files(count):
        (folder / name).write_text(text, "utf-8")
    return folder


def ward_files(count: int) -> Iterator[tuple[str, str]]:
    """The name and the text of each file; ward n has code n of five digits and the places `n-…`."""
    template = (SOURCE / _TEMPLATE).read_text("utf-8")
    for number in range(1, count + 1):
        code, name = f"{number:05}", ward_name(number)
        text = template.replace('"07210"', f'"{code}"').replace("tỉnh Bắc Giang", province_name(number))
        text = text.replace("Bắc Giang", name).replace('code = "bg-', f'code = "{code}-')
        yield f"{code}.toml", text.replace(".bac-giang@", f".{code}@")


def ward_name(number: int) -> str:
    """A realistic name; no two in a province are the same."""
    first, second = divmod(number, len(_SYLLABLES))
    return f"{_SYLLABLES[first % len(_SYLLABLES)]} {_SYLLABLES[second]} {number}"


def province_name(number: int) -> str:
    """The province of a ward: they take turns."""
    which = number % PROVINCES
    return f"tỉnh {_SYLLABLES[which % len(_SYLLABLES)]} {_SYLLABLES[which // len(_SYLLABLES)]}"
