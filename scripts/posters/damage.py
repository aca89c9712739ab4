"""What happens to a poster between the printer and the phone, simulated on its picture.

Each copy is the same on every run: the noise and the blots come from fixed seeds.
"""

import random
from collections.abc import Callable, Mapping
from math import pi, sqrt

from PIL import Image, ImageDraw, ImageFilter
from PIL.Image import Image as Picture

DOTS_PER_INCH = 150
#: A cheap photocopier or a fax: coarse dots, hard black and white, a little dirt.
PHOTOCOPY_DOTS = 72
TILT_DEGREES = 8
STAINED_SHARE = 0.15
_BLUR_MM = 0.25
_PAPER, _INK = 205, 140
_SPECKS_PER_MEGAPIXEL = 400
#: Where a blot hurts most, as parts of a code's side: over its middle, and beside it.
_MIDDLE, _BESIDE = (0.5, 0.5), (0.62, 0.62)

#: Left, top, right, bottom, in pixels.
Rectangle = tuple[int, int, int, int]


def photocopy(page: Picture, _: list[Rectangle]) -> Picture:
    """Copied at 72 dots per inch, in black and white only, with specks."""
    size = (
        round(page.width * PHOTOCOPY_DOTS / DOTS_PER_INCH),
        round(page.height * PHOTOCOPY_DOTS / DOTS_PER_INCH),
    )
    coarse = page.resize(size, Image.Resampling.BOX).point(lambda level: 255 if level > 127 else 0)
    chance = random.Random(72)
    for _speck in range(_SPECKS_PER_MEGAPIXEL * coarse.width * coarse.height // 1_000_000):
        spot = (chance.randrange(coarse.width), chance.randrange(coarse.height))
        coarse.putpixel(spot, chance.choice((0, 255)))
    return coarse


def blur(page: Picture, _: list[Rectangle]) -> Picture:
    """Out of focus, or printed with too much ink: a quarter of a millimetre."""
    return page.filter(ImageFilter.GaussianBlur(_BLUR_MM * DOTS_PER_INCH / 25.4))


def tilt(page: Picture, _: list[Rectangle]) -> Picture:
    """Tilted by eight degrees."""
    return page.rotate(TILT_DEGREES, Image.Resampling.BILINEAR, expand=True, fillcolor=255)


def stain(page: Picture, codes: list[Rectangle]) -> Picture:
    """Every code with 15 % of its area under one dark blot, such as coffee or ink."""
    return _blot(page, codes, _MIDDLE, 60)


def patch(page: Picture, codes: list[Rectangle]) -> Picture:
    """Every code with 15 % of its area gone: torn off, bleached or under white tape."""
    return _blot(page, codes, _BESIDE, 255)


def _blot(page: Picture, codes: list[Rectangle], where: tuple[float, float], level: int) -> Picture:
    dirty = page.copy()
    pen = ImageDraw.Draw(dirty)
    for left, top, right, bottom in codes:
        width, height = right - left, bottom - top
        radius = sqrt(STAINED_SHARE * width * height / pi)
        x, y = left + where[0] * width, top + where[1] * height
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=level)
    return dirty


def faint(page: Picture, _: list[Rectangle]) -> Picture:
    """Bleached by the sun: grey on grey."""
    return page.point(lambda level: _INK + (_PAPER - _INK) * level // 255)


#: By the name that `web/text/print` words. A page without damage is checked before these.
COPIES: Mapping[str, Callable[[Picture, list[Rectangle]], Picture]] = {
    "photocopy": photocopy,
    "blur": blur,
    "tilt": tilt,
    "stain": stain,
    "patch": patch,
    "faint": faint,
}
