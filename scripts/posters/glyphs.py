"""What the fonts can print: which letters each family holds, and what none of them does.

Be Vietnam Pro is drawn for Vietnamese. Ê-đê, M'nông, Ba-na and Jrai also write Ƀ, ŏ, ŭ, ĕ or ơ̆, and places
of the Mekong delta are named in Khmer: words with such letters are set in Noto Sans and Noto Sans Khmer.
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

FONTS = Path(__file__).parent / "fonts"
#: Regular, semi-bold and extra-bold of each family, in the order in which they are tried; each under its
#: licence beside it. Noto Sans holds Latin letters only: how it was cut out is told in fonts/README.md.
WEIGHTS = ("400Regular", "600SemiBold", "800ExtraBold")
FAMILIES = {"Be Vietnam Pro": "BeVietnamPro", "Noto Sans": "NotoSans", "Noto Sans Khmer": "NotoSansKhmer"}
#: Spaces, joiners and such draw nothing.
_UNDRAWN = {"Cc", "Cf", "Zs", "Zl", "Zp"}


def font_files(family: str) -> list[str]:
    """The names of a family's files."""
    return [f"{FAMILIES[family]}_{weight}.ttf" for weight in WEIGHTS]


def missing_fonts(folder: Path = FONTS) -> list[Path]:
    """The font files that are not there."""
    names = [name for family in FAMILIES for name in font_files(family)]
    return [folder / name for name in names if not (folder / name).is_file()]


@cache
def letters_of(family: str, folder: Path = FONTS) -> frozenset[str]:
    """What all weights of a family can draw."""
    return frozenset.intersection(*(_letters(folder / name) for name in font_files(family)))


def _letters(file: Path) -> frozenset[str]:
    with TTFont(file, lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap()))


def unprintable(text: str, folder: Path = FONTS) -> list[str]:
    """The characters of a text that no family draws, in their order, each once."""
    known = frozenset[str]().union(*(letters_of(family, folder) for family in FAMILIES))
    return [c for c in dict.fromkeys(text) if c not in known and unicodedata.category(c) not in _UNDRAWN]


def rare_letters(texts: Sequence[str], folder: Path = FONTS) -> str:
    """What of these texts the first family does not draw: its words are set in the others."""
    common = letters_of(next(iter(FAMILIES)), folder)
    found = {c for text in texts for c in text if c not in common}
    return "".join(sorted(c for c in found if unicodedata.category(c) not in _UNDRAWN))


def texts_in(value: object) -> Iterator[str]:
    """Every text in the data of a template, but for drawings and addresses, which bring their own."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if key not in ("svg", "emblem"):
                yield from texts_in(inner)
    elif isinstance(value, Sequence):
        for inner in value:
            yield from texts_in(inner)
