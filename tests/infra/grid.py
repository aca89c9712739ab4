"""Many mistakes made at once, so that an apply serves several, and yet each is known by what it alone causes.

The mistakes lie on a grid. All of a row are made together, and all of a column: what is said of one row and
one column can only come of the mistake where they cross.
"""

from collections.abc import Mapping
from itertools import count
from pathlib import Path

#: The file, what is there, what a person might write, and what the policy says once it is applied.
Mistake = tuple[str, str, str, str]
Place = tuple[int, int]


def laid_out(
    mistakes: Mapping[str, Mistake], folder: Path, apart: list[set[str]], rows: int
) -> dict[str, Place]:
    """The row and column of each: the first free place where all others of both are made independently."""
    places: dict[str, Place] = {}
    for name in mistakes:
        far = {
            other
            for other in places
            if any({name, other} <= names for names in apart)
            or _are_one(mistakes[name], mistakes[other], folder)
        }
        taken = set(places.values())
        places[name] = next(
            (row, column)
            for column in count()
            for row in range(rows)
            if (row, column) not in taken
            and not any(row == places[one][0] or column == places[one][1] for one in far)
        )
    return places


def _are_one(one: Mistake, other: Mistake, folder: Path) -> bool:
    """Whether the same is said of both, or one changes what the other would."""
    if one[3] in other[3] or other[3] in one[3]:
        return True
    if one[0] != other[0]:
        return False
    text = (folder / one[0]).read_text("utf-8")
    return _made(_made(text, one), other) != _made(_made(text, other), one)


def _made(text: str, mistake: Mistake) -> str:
    _, old, new, _ = mistake
    return text.replace(old, new, 1)
