"""Editions: what a report is about besides the week it belongs to, and which one of several it is."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from homthu.domain.errors import HomThuError


class NotAnEdition(HomThuError):
    """The text names no edition; `text` holds it."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class EditionKind(StrEnum):
    """The weekly report, a correction of it, and the reports at the end of a round or of a year."""

    WEEK = "week"
    CORRECTION = "correction"
    ROUND = "round"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Edition:
    """One of the reports that a week may have; `mark` tells those of one kind apart.

    A correction is marked by its number, a round's report by the round's id, a year's by the year.
    """

    kind: EditionKind
    mark: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `str` gave; raise `NotAnEdition`."""
        kind, _, mark = text.partition(".")
        try:
            return cls(EditionKind(kind), mark)
        except ValueError:
            raise NotAnEdition(text) from None

    def __str__(self) -> str:
        return f"{self.kind}.{self.mark}" if self.mark else str(self.kind)

    @property
    def counts_the_week(self) -> bool:
        """Whether its tally is that of the week itself."""
        return self.kind in (EditionKind.WEEK, EditionKind.CORRECTION)


WEEKLY = Edition(EditionKind.WEEK)
