"""How long a box keeps what was written to it, and from which week on something is still kept.

Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15, điều 14: no longer than the purpose needs. Figures that were told,
numbers of forms and the form's own place in its week stay: they are about nobody.
"""

from calendar import monthrange
from dataclasses import fields
from datetime import date

from homthu.domain.week import Week
from homthu.record import record

#: At least a quarter, since a round's report quotes what came in it. Beyond ten years it is an archive.
LEAST_MONTHS, MOST_MONTHS = 3, 120


@record
class Retention:
    """Months from the end of the week that something belongs to.

    `words` and `answers` are a form's, `quotations` those in frozen reports, `cases` counts from the day a
    case was answered or closed, `desk_log` is who decided about a text.
    """

    words: int = 24
    answers: int = 24
    quotations: int = 24
    cases: int = 60
    desk_log: int = 12

    def is_expiry(self, week: Week, erased_on: date) -> bool:
        """Whether what went from a form of this week on this day had expired, and was
        not erased on request.
        """
        return week < first_kept(erased_on, min(self.words, self.answers))

    def over(self, made_on: date, today: date) -> tuple[str, ...]:
        """The kinds of data that have expired today for everything in a copy made on a day."""
        return tuple(
            field.name for field in fields(self) if made_on < months_before(today, getattr(self, field.name))
        )


#: The defaults, for a box file that sets none.
USUAL_RETENTION = Retention()


def months_before(day: date, months: int) -> date:
    """The same day this many months earlier, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def first_kept(day: date, months: int) -> Week:
    """The first week that ended less than this many months ago: nothing older is kept."""
    return Week.of(months_before(day, months))


def next_run(day: date) -> date:
    """The first day of the next month, when the erasing job runs (`infra/schedules.json`)."""
    year, month = divmod(day.year * 12 + day.month, 12)
    return date(year, month + 1, 1)
