"""The lunar calendar of Viet Nam: on which solar day a lunar day falls.

A lunar day begins at midnight of UTC+7 (Quyết định 121/CP of 8 Aug 1967), so that Tết may differ from
China's New Year, whose midnight comes an hour sooner: in 2007 and 2030 it is a day earlier. A month begins
on the day of the new moon; the eleventh holds the winter solstice; where thirteen begin between two
solstices, the first without a principal term is the leap month.

New moons and the sun's longitude after J. Meeus, Astronomical Algorithms (1998), chapters 49 and 25, with
the terms that H. N. Đức uses for this calendar: good to minutes, for 1968 to 2199.
"""

from datetime import date, timedelta
from functools import lru_cache
from math import floor, pi, sin

#: The Julian day of 1 Jan 2000 at noon, and of the new moon that lunations are counted from.
_J2000, _FIRST_NEW_MOON, _LUNATION = 2451545.0, 2415021.076998695, 29.530588853
#: Viet Nam is ahead of UTC by this part of a day; a Julian day begins at noon.
_AHEAD, _NOON = 7 / 24, 0.5
#: `date.toordinal` of the Julian day 0.
_ORDINAL = 1_721_425
_RAD = pi / 180


def lunar_day(year: int, month: int, day: int) -> date:
    """The date of a day of a lunar year; in a leap year, of the first of the doubled months."""
    eleventh, following = _eleventh_month(year - 1), _eleventh_month(year)
    # The months since the eleventh of the year before, and one more behind a leap month.
    steps = (month - 11) % 12
    base, leap = eleventh, _leap_month(eleventh, following)
    if month >= 11:
        base, leap = following, _leap_month(following, _eleventh_month(year + 1))
    if leap and steps >= leap:
        steps += 1
    return _new_moon_day(_lunation_of(base) + steps) + timedelta(days=day - 1)


@lru_cache(maxsize=64)
def new_year(year: int) -> date:
    """The first day of Tết."""
    return lunar_day(year, 1, 1)


def _eleventh_month(year: int) -> date:
    """The first day of the lunar month with the winter solstice of a year."""
    number = _lunation_of(date(year, 12, 31))
    first = _new_moon_day(number)
    # With the solstice behind it, the month began too late.
    return _new_moon_day(number - 1) if _sector(first) >= 9 else first


def _leap_month(eleventh: date, following: date) -> int:
    """How many months after the eleventh the leap month comes; 0 where there is none."""
    first = _lunation_of(eleventh)
    if _lunation_of(following) - first < 13:
        return 0
    sectors = [_sector(_new_moon_day(first + step)) for step in range(15)]
    return next(step for step in range(1, 14) if sectors[step] == sectors[step + 1])


def _lunation_of(day: date) -> int:
    """The number of the newest new moon whose day is this one or before it."""
    number = floor((day.toordinal() + _ORDINAL - _FIRST_NEW_MOON) / _LUNATION) + 1
    while _new_moon_day(number) > day:
        number -= 1
    return number


@lru_cache(maxsize=256)
def _new_moon_day(number: int) -> date:
    """The day in Viet Nam of a new moon."""
    return date.fromordinal(floor(_new_moon(number) + _NOON + _AHEAD) - _ORDINAL)


def _new_moon(number: int) -> float:
    """The Julian day, in universal time, of a new moon."""
    t = number / 1236.85
    mean = 2415020.75933 + 29.53058868 * number + 0.0001178 * t**2 - 0.000000155 * t**3
    mean += 0.00033 * sin((166.56 + 132.87 * t - 0.009173 * t**2) * _RAD)
    sun = (359.2242 + 29.10535608 * number - 0.0000333 * t**2 - 0.00000347 * t**3) * _RAD
    moon = (306.0253 + 385.81691806 * number + 0.0107306 * t**2 + 0.00001236 * t**3) * _RAD
    node = (21.2964 + 390.67050646 * number - 0.0016528 * t**2 - 0.00000239 * t**3) * _RAD
    shift = (0.1734 - 0.000393 * t) * sin(sun) + 0.0021 * sin(2 * sun)
    shift += -0.4068 * sin(moon) + 0.0161 * sin(2 * moon) - 0.0004 * sin(3 * moon)
    shift += 0.0104 * sin(2 * node) - 0.0051 * sin(sun + moon) - 0.0074 * sin(sun - moon)
    shift += 0.0004 * sin(2 * node + sun) - 0.0004 * sin(2 * node - sun) - 0.0006 * sin(2 * node + moon)
    shift += 0.0010 * sin(2 * node - moon) + 0.0005 * sin(2 * moon + sun)
    # How far dynamical time is ahead of universal time.
    ahead = -0.000278 + 0.000265 * t + 0.000262 * t**2
    return mean + shift - ahead


def _sector(day: date) -> int:
    """The twelfth of its yearly path, from the spring equinox on, in which the sun is when a day begins; 9
    begins with the winter solstice.
    """
    t = (day.toordinal() + _ORDINAL - _NOON - _AHEAD - _J2000) / 36525
    anomaly = (357.52910 + 35999.05030 * t - 0.0001559 * t**2 - 0.00000048 * t**3) * _RAD
    mean = 280.46645 + 36000.76983 * t + 0.0003032 * t**2
    equation = (1.914600 - 0.004817 * t - 0.000014 * t**2) * sin(anomaly)
    equation += (0.019993 - 0.000101 * t) * sin(2 * anomaly) + 0.000290 * sin(3 * anomaly)
    apparent = mean + equation - 0.00569 - 0.00478 * sin((125.04 - 1934.136 * t) * _RAD)
    return floor(apparent % 360 / 30)
