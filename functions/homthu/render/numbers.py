"""Numbers and dates as Vietnamese offices write them: `1.234`, `82,7%`, `29/11/2026`.

Halves are rounded up, as a reader with a calculator or a spreadsheet does.
"""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from homthu.domain.week import Week

#: U+2212 MINUS SIGN: as wide as the plus sign, and never taken for a dash or a hyphen.
_MINUS = "\u2212"


def format_count(count: int) -> str:
    """A whole number with a point between thousands: `1.234`."""
    return f"{count:,}".replace(",", ".")


def format_decimal(value: float) -> str:
    """A number with one decimal behind a comma: `4,2`."""
    rounded = _round(value)
    sign = _MINUS if rounded < 0 else ""
    whole, _, decimals = str(abs(rounded)).partition(".")
    return f"{sign}{format_count(int(whole))},{decimals}"


def format_share(share: float) -> str:
    """A share from 0 to 1 as a percentage: `82,7%`, `75,0%`; `0%` and `100%` when exactly that."""
    return f"{round(share * 100)}%" if share in (0, 1) else f"{format_decimal(share * 100)}%"


def format_points(points: float) -> str:
    """A change in percentage points with its sign: `+3,2`, `−0,4`, and `0,0` for none."""
    return ("+" if _round(points) > 0 else "") + format_decimal(points)


def format_fraction(part: int, whole: int) -> str:
    """One count out of another: `7/9`."""
    return f"{format_count(part)}/{format_count(whole)}"


def format_date(day: date) -> str:
    """A day: `29/11/2026`."""
    return f"{day.day:02d}/{day.month:02d}/{day.year}"


def format_day(day: date) -> str:
    """A day without its year: `23/11`."""
    return f"{day.day:02d}/{day.month:02d}"


def format_dates(first: date, last: date) -> str:
    """From one day to another: `23/11–29/11/2026`, with both years when they differ."""
    start = format_day(first) if first.year == last.year else format_date(first)
    return f"{start}–{format_date(last)}"


def format_span(first: date, last: date) -> str:
    """The same where there is little room and the year is known: `16–22/11`, `30/11–06/12`."""
    start = f"{first.day:02d}" if (first.year, first.month) == (last.year, last.month) else format_day(first)
    return f"{start}–{format_day(last)}"


def format_week(week: Week) -> str:
    """A week: `48/2026`."""
    return f"{week.number}/{week.year}"


def bar_percent(share: float) -> int:
    """The length of a bar in whole percent: 0 only for nothing, 100 only for everything."""
    if 0 < share < 1:
        return min(99, max(1, round(share * 100)))
    return round(share * 100)


def _round(value: float) -> Decimal:
    # Rounded to twelve decimals first, because products such as 0.0625 * 100 are not exact in binary.
    exact = Decimal(value).quantize(Decimal("1e-12"), ROUND_HALF_UP)
    rounded = exact.quantize(Decimal("0.1"), ROUND_HALF_UP)
    return rounded if rounded else Decimal("0.0")
