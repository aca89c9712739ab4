"""Collects the problems of box files, so that all of them are told at once."""

from collections.abc import Sequence
from functools import cached_property

from homthu.adapters.box_files.lines import KeyPath, Lines
from homthu.domain.boxes.problem import Problem
from homthu.domain.errors import HomThuError


class BoxProblems(HomThuError):
    """The box files are not usable; `problems` holds everything that is wrong with them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{p.file}:{p.line}: {p.key}: {p.code}" for p in problems))
        self.problems = tuple(problems)


class Notes:
    """What is noted about one file while it is read."""

    def __init__(self, file: str, source: str | None = None) -> None:
        self.file = file
        self.problems: list[Problem] = []
        #: The keys that belong before the first table; set when the file's root is read.
        self.top_keys: Sequence[str] = ()
        self._source = source
        self._paths: set[KeyPath] = set()

    def add(self, path: KeyPath, code: str, **data: str | int) -> None:
        """Note a problem with the value at this path."""
        self.doubt(path)
        self.problems.append(
            Problem(file=self.file, line=self.line(path), key=format_path(path), code=code, data=data)
        )

    def add_at_line(self, line: int, code: str, **data: str | int) -> None:
        """Note a problem with a line, or with the whole file if it is 0."""
        self.problems.append(Problem(file=self.file, line=line, key="", code=code, data=data))

    def doubt(self, path: KeyPath) -> None:
        """Remember that the value at this path is not to be judged by: a misspelt key seems missing."""
        self._paths.add(path)

    def is_noted(self, path: KeyPath) -> bool:
        """Whether something was noted, or is in doubt, at exactly this path."""
        return path in self._paths

    def line(self, path: KeyPath) -> int:
        """The line of this path, 0 where the text is not known."""
        return self._lines.of(path) if self._source is not None else 0

    @cached_property
    def _lines(self) -> Lines:
        """Found on the first problem: a sound file is not read twice when a function starts."""
        return Lines(self._source or "")


def format_path(path: KeyPath) -> str:
    """As people write and count it: `places[2].code` is the second place's code."""
    text = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")
