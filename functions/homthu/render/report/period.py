"""What a report calls the time it covers."""

from homthu.domain.reports.edition import EditionKind
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.domain.week import Week
from homthu.render.numbers import format_dates, format_span, format_week
from homthu.render.texts import Texts


def period_name(report: WeeklyReport, texts: Texts) -> str:
    """The period as it reads in a sentence: «tuần 48 năm 2026», «Đợt 4 năm 2026», «năm 2026»."""
    period = report.period
    if period is None:
        return texts("letter.period.week", week=report.week.number, year=report.week.year)
    if not period.name:
        return texts("letter.period.year", year=report.week.year)
    year = str(period.first.year)
    return period.name if year in period.name else texts("letter.period.round", name=period.name, year=year)


def short_name(report: WeeklyReport, texts: Texts) -> str:
    """The period where there is little room: «tuần 48/2026»."""
    if report.period:
        return period_name(report, texts)
    return texts("report.mail.week", week=format_week(report.week))


def subject_name(report: WeeklyReport, texts: Texts) -> str:
    """The period where a phone shows a few words: «Tuần 48», «Đợt 4 năm 2026»."""
    if report.period:
        return capitalised(period_name(report, texts))
    return texts("report.mail.subject_week", week=report.week.number)


def subject_dates(report: WeeklyReport, texts: Texts) -> str:
    """Its days, without the year if that is the current one: «16–22/11»; for a year its weeks."""
    if report.kind is EditionKind.YEAR:
        return texts("report.mail.subject_weeks", weeks=Week.of(report.last_day).number)
    return (format_dates if report.period else format_span)(report.first_day, report.last_day)


def capitalised(text: str) -> str:
    """The text with a capital, to begin a sentence."""
    return text[:1].upper() + text[1:]
