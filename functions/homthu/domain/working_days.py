"""Working days, in which deadlines are counted. Days off are Saturdays and Sundays, the days that a box
lists, Tết and the Hùng Kings' day, which follow the moon, and the day in lieu of each that falls on a weekend
(Bộ luật Lao động 2019, articles 111 and 112).
"""

from datetime import date, timedelta
from functools import lru_cache

from homthu.domain.lunar import lunar_day, new_year
from homthu.record import record

#: A day in a box file: year (0 for every year), month, day.
Day = tuple[int, int, int]
_ONE = timedelta(days=1)
_SATURDAY = 5
#: Tết is five days: the last of the old year, and four.
_TET = range(-1, 4)


@record
class WorkingDays:
    """The calendar of a ward. `holidays` are its days off besides those of the lunar calendar."""

    holidays: tuple[Day, ...] = ((0, 1, 1), (0, 4, 30), (0, 5, 1), (0, 9, 1), (0, 9, 2))

    def is_working(self, day: date) -> bool:
        """Whether the office works on this day."""
        return day.weekday() < _SATURDAY and day not in _days_off(self.holidays, day.year)

    def after(self, day: date, count: int) -> date:
        """The working day this many working days after a day; the day itself does not count."""
        return self._walk(day, count, _ONE)

    def before(self, day: date, count: int) -> date:
        """The working day this many working days before a day."""
        return self._walk(day, count, -_ONE)

    def _walk(self, day: date, count: int, step: timedelta) -> date:
        while count:
            day += step
            count -= self.is_working(day)
        return day


#: The calendar of a box file that sets none.
ORDINARY = WorkingDays()


@lru_cache(maxsize=64)
def _days_off(holidays: tuple[Day, ...], year: int) -> frozenset[date]:
    """Every day off in a year that is no weekend."""
    tet = [new_year(year) + timedelta(days=shift) for shift in _TET]
    every_year = [date(year, month, day) for of, month, day in holidays if not of]
    off = {*tet, lunar_day(year, 3, 10), *every_year}
    once = {date(*day) for day in holidays if day[0] == year}
    for day in sorted(off):
        if day.weekday() >= _SATURDAY:
            in_lieu = day
            while in_lieu.weekday() >= _SATURDAY or in_lieu in off | once:
                in_lieu += _ONE
            off.add(in_lieu)
    return frozenset(off | once)
