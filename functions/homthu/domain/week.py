"""Weeks as the reports count them: ISO 8601, Monday to Sunday, in Viet Nam's time."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Self

from homthu.domain.errors import HomThuError

#: Viet Nam has kept UTC+7 without summer time since 1975, so a constant cannot fail where a
#: zone database may be missing from the image (GoogleCloudPlatform/buildpacks#124).
ICT = timezone(timedelta(hours=7), "ICT")


class NotAWeek(HomThuError):
    """The text is no ISO week such as `2026-W47`; `text` holds it."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def local_date(instant: datetime) -> date:
    """The calendar day in Viet Nam at this instant."""
    return instant.astimezone(ICT).date()


def local_midnight(day: date) -> datetime:
    """The instant, in UTC, at which this day begins in Viet Nam."""
    return datetime.combine(day, time.min, ICT).astimezone(UTC)


@dataclass(frozen=True, order=True, slots=True)
class Week:
    """One ISO week. The year is the week's own: 2025-12-29 lies in 2026-W01."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Self:
        """The week that holds this day."""
        year, number, _ = day.isocalendar()
        return cls(year, number)

    @classmethod
    def at(cls, instant: datetime) -> Self:
        """The week that holds this instant, by the calendar of Viet Nam."""
        return cls.of(local_date(instant))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2026-W47`; raise `NotAWeek` for anything else, W53 of a year of 52 weeks too.

        The calendar's first and last years are refused: their weeks have no neighbour.
        """
        year, mark, number = text.partition("-W")
        if not (mark and year.isdecimal() and len(year) == 4 and number.isdecimal() and len(number) == 2):
            raise NotAWeek(text)
        if not date.min.year < int(year) < date.max.year:
            raise NotAWeek(text)
        try:
            date.fromisocalendar(int(year), int(number), 1)
        except ValueError:
            raise NotAWeek(text) from None
        return cls(int(year), int(number))

    def __str__(self) -> str:
        return f"{self.year:04d}-W{self.number:02d}"

    @property
    def monday(self) -> date:
        """The first day."""
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def sunday(self) -> date:
        """The last day."""
        return date.fromisocalendar(self.year, self.number, 7)

    @property
    def begins_at(self) -> datetime:
        """The first instant of the week, UTC."""
        return local_midnight(self.monday)

    @property
    def ends_at(self) -> datetime:
        """The first instant after the week, UTC: the week is half-open."""
        return local_midnight(self.monday + timedelta(days=7))

    def shift(self, weeks: int) -> Self:
        """The week this many weeks later (earlier if negative)."""
        return type(self).of(self.monday + timedelta(weeks=weeks))


def short_name(week: Week, number: int) -> str:
    """What a week's text is called: `48-07`; empty if it has no number."""
    return f"{week.number:02d}-{number:02d}" if number else ""
