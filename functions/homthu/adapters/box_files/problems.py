"""Collects the problems of box files, so that all of them are reported at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from homthu.adapters.box_files.key_path import KeyPath, format_path
from homthu.domain.errors import HomThuError

if TYPE_CHECKING:
    from homthu.adapters.box_files.lines import Lines
    from homthu.domain.boxes.problem import Problem


class BoxProblems(HomThuError):
    """The box files are unusable; `problems` holds everything that is wrong with them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{p.file}:{p.line}: {p.key}: {p.code}" for p in problems))
        self.problems = tuple(problems)


class Notes:
    """The problems noted about one file while it is read."""

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
        self._append(self.line(path), format_path(path), code, data)

    def add_at_line(self, line: int, code: str, **data: str | int) -> None:
        """Note a problem with a line, or with the whole file if it is 0."""
        self._append(line, "", code, data)

    def _append(self, line: int, key: str, code: str, data: Mapping[str, str | int]) -> None:
        # Imported on use, as everything that only a fault needs: a normal start does not wait for it.
        from homthu.domain.boxes.problem import Problem

        self.problems.append(Problem(file=self.file, line=line, key=key, code=code, data=data))

    def doubt(self, path: KeyPath) -> None:
        """Note that the value at this path proves nothing: a misspelt key only seems missing."""
        self._paths.add(path)

    def is_noted(self, path: KeyPath) -> bool:
        """Whether something was noted, or is in doubt, at exactly this path."""
        return path in self._paths

    def line(self, path: KeyPath) -> int:
        """The line of this path, 0 where the text is not known."""
        return self._lines.of(path) if self._source is not None else 0

    @cached_property
    def _lines(self) -> Lines:
        """Determined on the first problem: a valid file is not parsed twice when a function starts."""
        from homthu.adapters.box_files.lines import Lines

        return Lines(self._source or "")
