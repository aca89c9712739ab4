"""Curves: how a figure grows with something, each point compared with the first; and a picture of them."""

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

#: One panel of the picture, and the room around its axes, in pixels.
_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM = 380, 230, 54, 34, 40
_COLOURS = ("#0b5fa5", "#b3261e", "#2e7d32", "#7b4fa3", "#8a6d00", "#00707a")


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """A figure at one point of a curve; `ratio` is to the curve's first point."""

    curve: str
    name: str
    at: float
    ours: float
    ratio: float = 1.0

    @property
    def line(self) -> str:
        """The point as one JSON line."""
        rounded = {"at": round(self.at), "ours": round(self.ours, 3), "ratio": round(self.ratio, 3)}
        return json.dumps({"curve": self.curve, "name": self.name, **rounded}, ensure_ascii=False)

    @classmethod
    def of(cls, line: str) -> "Point":
        """Read a line back."""
        return cls(**json.loads(line))


def curve(name: str, points: Iterable[tuple[float, dict[str, float]]]) -> Iterator[Point]:
    """The points of a curve as they are measured: what it grows with, and the figures there."""
    first: dict[str, float] = {}
    for at, figures in points:
        for figure, ours in figures.items():
            start = first.setdefault(figure, ours)
            yield Point(curve=name, name=figure, at=at, ours=ours, ratio=ours / start if start else 1.0)


def picture(points: Iterable[Point]) -> str:
    """An SVG with a panel for each curve; both axes are logarithms, the upright one of the ratio."""
    panels: dict[str, dict[str, list[Point]]] = {}
    for point in points:
        panels.setdefault(point.curve, {}).setdefault(point.name, []).append(point)
    rows = math.ceil(len(panels) / 2)
    size = f'viewBox="0 0 {2 * _WIDTH} {rows * _HEIGHT}"'
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="11">']
    parts.append('<rect width="100%" height="100%" fill="#fff"/>')
    for number, (name, lines) in enumerate(panels.items()):
        row, column = divmod(number, 2)
        parts.append(f'<g transform="translate({column * _WIDTH} {row * _HEIGHT})">')
        parts += _panel(name, lines)
        parts.append("</g>")
    return "\n".join([*parts, "</svg>", ""])


def _panel(name: str, lines: dict[str, list[Point]]) -> Iterator[str]:
    every = [point for points in lines.values() for point in points]
    ends = sorted({max(point.at, 1) for point in every})
    low = min(0.1, *(point.ratio for point in every if point.ratio > 0))
    high = max(10.0, *(point.ratio for point in every))
    right, bottom = _WIDTH - 28, _HEIGHT - _BOTTOM

    def x(at: float) -> float:
        return _LEFT + (right - _LEFT) * _part(max(at, 1), ends[0], ends[-1])

    def y(ratio: float) -> float:
        return bottom - (bottom - _TOP) * _part(max(ratio, low), low, high)

    yield f'<text x="{_LEFT}" y="14" font-size="13" font-weight="bold">{escape(name)}</text>'
    for power in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1):
        if low <= 10**power <= high:
            yield (
                f'<path d="M{_LEFT} {y(10**power):.1f}H{right}" stroke="#ddd"/>'
                f'<text x="{_LEFT - 6}" y="{y(10**power) + 4:.1f}" text-anchor="end">{10**power:g}×</text>'
            )
    for end in ends:
        yield f'<text x="{x(end):.1f}" y="{bottom + 14}" text-anchor="middle">{end:,.0f}</text>'
    for number, (figure, points) in enumerate(lines.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        path = " ".join(f"{x(point.at):.1f},{y(point.ratio):.1f}" for point in points)
        yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
        across = _LEFT + (number % 3) * (right - _LEFT) / 3
        down = bottom + 26 + (number // 3) * 11
        yield f'<text x="{across:.1f}" y="{down}" fill="{colour}" font-size="10">{escape(figure)}</text>'


def _part(value: float, low: float, high: float) -> float:
    return math.log(value / low) / math.log(high / low) if high > low else 0.5
