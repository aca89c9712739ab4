"""The order in which several processes run the tests: what took long last time first, to end together."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import pytest


def file_of(nodeid: str) -> str:
    """The file of a test."""
    return nodeid.partition("::")[0]


def seconds_by_file(reports: Iterable[pytest.TestReport]) -> dict[str, float]:
    """What each file took, making and putting away included."""
    seconds: dict[str, float] = defaultdict(float)
    for report in reports:
        seconds[file_of(report.nodeid)] += report.duration
    return {file: round(taken, 2) for file, taken in seconds.items()}


def piles(files: Sequence[str], seconds: Mapping[str, float], processes: int) -> list[int]:
    """The places of the tests in their new order, from the file of each and what its file took.

    xdist begins by giving each process an equal number of neighbours. So the files are dealt to piles of
    nearly equal numbers, the dearest first. A file's tests stay together, for what they share.
    """
    places: dict[str, list[int]] = defaultdict(list)
    for place, file in enumerate(files):
        places[file].append(place)
    dealt: list[list[int]] = [[] for _ in range(processes)]
    for file in sorted(places, key=lambda file: -seconds.get(file, 0.0)):
        min(dealt, key=len).extend(places[file])
    return [place for pile in dealt for place in pile]
