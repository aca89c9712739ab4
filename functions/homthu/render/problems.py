"""Describes a problem of a configuration file: where it is, what is wrong and what would be right."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from homthu.domain.boxes.problem import Problem
    from homthu.render.texts import Texts

_LONGEST_VALUE = 120


def describe(problem: Problem, texts: Texts) -> str:
    """One line, such as `ngo-quyen.toml:23: places[2].code: …`."""
    place = f"{problem.file}:{problem.line}" if problem.line else problem.file
    values = {name: _printable(value) for name, value in problem.data.items()}
    sentence = texts(f"problem.{problem.code}", **values)
    return ": ".join(part for part in (place, _printable(problem.key), sentence) if part)


def _printable(value: str | int) -> str:
    """A value from the file as a terminal may show it: nothing that moves the cursor, not too long."""
    text = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in str(value))
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"
