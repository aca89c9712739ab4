"""How large each printed code is, and from how far it can be read."""

from collections.abc import Mapping
from dataclasses import dataclass

#: The rule: a code's side is at least a tenth of the distance it is read from.
DISTANCE_OVER_SIDE = 10
#: A copy made at 72 dots per inch leaves two dots for each module of this size.
LEAST_MODULE_MM = 0.8


@dataclass(frozen=True, kw_only=True, slots=True)
class CodeSize:
    """The side of the code without its quiet zone, and the distance it is meant for; millimetres."""

    side: float
    distance: float

    def module(self, modules: int) -> float:
        """The side of one module of a code that has this many."""
        return self.side / modules


#: By product and code. The A3 poster is the A4 one enlarged by the square root of two.
SIZES: Mapping[str, Mapping[str, CodeSize]] = {
    "a4": {"main": CodeSize(side=100, distance=1000)},
    "a3": {"main": CodeSize(side=141, distance=1410)},
    "tent": {"main": CodeSize(side=52, distance=520), "large": CodeSize(side=34, distance=340)},
    "sticker": {"main": CodeSize(side=40, distance=400), "large": CodeSize(side=40, distance=400)},
    "slip": {"main": CodeSize(side=36, distance=300)},
    "list": {"main": CodeSize(side=36, distance=300)},
}
