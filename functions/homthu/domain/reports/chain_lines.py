"""The digests of a ward's reports as a file: reading it regularly shows if the past is rewritten.

A line a report, oldest first: number, week, edition, and the first digits of its digest as mails print them.
A digest covers the report and the one before it, and a salt that nobody is told; so it tells nothing of what
was counted.
"""

from collections.abc import Iterable
from dataclasses import dataclass

#: Where it lies below a ward's results.
NAME = "chuoi.txt"


@dataclass(frozen=True, kw_only=True, slots=True)
class ChainLine:
    """One report: its place in the chain (year and number), what it is about, and its printed digest."""

    year: int
    number: int
    week: str
    edition: str
    digest: str


def chain_content(lines: Iterable[ChainLine]) -> bytes:
    """The file of these reports."""
    return "".join(
        f"{one.number}/{one.year} {one.week} {one.edition} {one.digest}\n" for one in lines
    ).encode()


def read_chain(content: bytes) -> list[ChainLine]:
    """The lines of a file. Raise `ValueError` if it is none, or its numbers do not rise."""
    lines: list[ChainLine] = []
    last = (0, 0)
    for line in content.decode("ascii").splitlines():
        place, week, edition, digest = line.split()
        number, year = place.split("/")
        one = ChainLine(year=int(year), number=int(number), week=week, edition=edition, digest=digest)
        if one.number < 1 or (one.year, one.number) <= last:
            raise ValueError(line)
        last = one.year, one.number
        lines.append(one)
    return lines
