"""Which posters are used: counts by place and week, and nothing else of any submission."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from homthu.domain.boxes.box import Box, Place
from homthu.domain.submissions.submission import Channel, StoredSubmission
from homthu.domain.week import Week

#: A poster that nobody scanned for this many finished weeks is inspected first.
QUIET_WEEKS = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class PosterUse:
    """One place over some finished weeks, oldest first.

    `scans` counts submissions that came by the poster's code, `received` those by any way;
    `last_seen` is the last week with a scan, which may lie before these weeks or
    be the one now running.
    """

    place: Place
    scans: Mapping[Week, int]
    received: Mapping[Week, int]
    last_seen: Week | None

    @property
    def is_silent(self) -> bool:
        """Whether the last week brought nothing at all: what the Monday report names."""
        return self.received[max(self.received)] == 0

    @property
    def quiet_weeks(self) -> int:
        """For how many weeks, counted back from the last, nobody scanned the poster."""
        weeks = sorted(self.scans, reverse=True)
        return next((count for count, week in enumerate(weeks) if self.scans[week]), len(weeks))


def finished_weeks(today: Week, count: int) -> list[Week]:
    """The last weeks before this one, oldest first."""
    return [today.shift(-back) for back in range(count, 0, -1)]


def inspect(box: Box, submissions: Iterable[StoredSubmission], weeks: Sequence[Week]) -> list[PosterUse]:
    """Every place of a box in the box's order; the submissions are streamed through once."""
    scans: Counter[tuple[str, Week]] = Counter()
    received: Counter[tuple[str, Week]] = Counter()
    last_seen: dict[str, Week] = {}
    for stored in submissions:
        place, week = stored.submission.place, stored.week
        received[place, week] += 1
        if stored.submission.channel is Channel.QR:
            scans[place, week] += 1
            last_seen[place] = max(week, last_seen.get(place, week))
    return [
        PosterUse(
            place=place,
            scans={week: scans[place.code, week] for week in weeks},
            received={week: received[place.code, week] for week in weeks},
            last_seen=last_seen.get(place.code),
        )
        for place in box.places
    ]
