"""How long a box keeps what was written to it, and from which week on something is still kept.

Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15, điều 14: no longer than the purpose needs. Figures that were told,
numbers of forms and the form's own place in its week stay: they are about nobody.
"""

from calendar import monthrange
from dataclasses import dataclass, fields
from datetime import date

from homthu.domain.week import Week

#: A quarter is the shortest: a round's report quotes what came in it. More than ten years is an archive's.
LEAST_MONTHS, MOST_MONTHS = 3, 120


@dataclass(frozen=True, kw_only=True, slots=True)
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
        """Whether what went on this day of a form of this week was past its time, and not asked for."""
        return week < first_kept(erased_on, min(self.words, self.answers))

    def over(self, made_on: date, today: date) -> tuple[str, ...]:
        """Of what was copied on a day, the kinds that are all past their time today."""
        return tuple(
            field.name for field in fields(self) if made_on < months_before(today, getattr(self, field.name))
        )


#: Those of a box file that says nothing of them.
USUAL = Retention()


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def first_kept(day: date, months: int) -> Week:
    """The first week whose end is not so many months ago: of those before it, nothing is kept."""
    return Week.of(months_before(day, months))


def next_run(day: date) -> date:
    """The first of the next month, when the job comes that erases (`infra/schedules.json`)."""
    year, month = divmod(day.year * 12 + day.month, 12)
    return date(year, month + 1, 1)
