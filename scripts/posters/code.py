"""QR codes: made here and nowhere else, as vectors for print and as pixels for a workbook."""

from dataclasses import dataclass
from io import BytesIO

import segno

#: Modules of white around a code (ISO/IEC 18004, 9.1: four on every side).
QUIET = 4
#: Level Q mends a quarter of the codewords, yet a blot over 15 % of the area hits more than those:
#: the middle of a symbol is all codewords, no finder patterns. At Q half of our codes could not be
#: read under such a blot, at H (30 %) all could (infra/decisions/0007-posters.md).
LEVEL = "h"
#: The quiet zone is measured in modules, so a code of fewer needs more millimetres of white than the
#: templates have. Short addresses get this version (41 modules), and all wards' posters look alike.
LEAST_VERSION = 6
_PIXELS_PER_MODULE = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Code:
    """One code; `modules` is its side without the quiet zone."""

    url: str
    modules: int
    svg: str
    png: bytes

    @property
    def pixels(self) -> int:
        """The side of the picture, quiet zone and all."""
        return (self.modules + 2 * QUIET) * _PIXELS_PER_MODULE


def make_code(url: str) -> Code:
    """The code of a URL."""
    symbol = segno.make(url, error=LEVEL, micro=False)
    if int(symbol.version) < LEAST_VERSION:
        symbol = segno.make(url, error=LEVEL, micro=False, version=LEAST_VERSION)
    modules = int(symbol.symbol_size(border=0)[0])
    pixels = BytesIO()
    symbol.save(pixels, kind="png", scale=_PIXELS_PER_MODULE, border=QUIET)
    return Code(
        url=url,
        modules=modules,
        svg=_svg(symbol, modules + 2 * QUIET),
        png=pixels.getvalue(),
    )


def _svg(symbol: segno.QRCode, side: int) -> str:
    """One module is one unit, and all dark modules are one filled path.

    segno's own SVG strokes its rows one by one; rows that only touch show hairlines of paper
    between them in some viewers, and those are what a decoder sees first on a poor copy.
    """
    runs = []
    for y, row in enumerate(symbol.matrix_iter(border=QUIET)):
        start = None
        for x, dark in enumerate([*row, 0]):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                runs.append(f"M{start} {y}h{x - start}v1h-{x - start}z")
                start = None
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
        f'<path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/><path fill="#000" d="{"".join(runs)}"/></svg>'
    )
