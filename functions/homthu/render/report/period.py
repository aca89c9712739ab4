"""What a report calls the time it tells of."""

from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.render.numbers import format_week
from homthu.render.texts import Texts


def period_name(report: WeeklyReport, texts: Texts) -> str:
    """The period as it stands in a sentence: «tuần 48 năm 2026», «Đợt 4 năm 2026», «năm 2026»."""
    if report.period and report.period.name:
        return report.period.name
    if report.period:
        return texts("letter.period.year", year=report.week.year)
    return texts("letter.period.week", week=report.week.number, year=report.week.year)


def short_name(report: WeeklyReport, texts: Texts) -> str:
    """The period where there is little room: «tuần 48/2026»."""
    if report.period:
        return period_name(report, texts)
    return texts("report.mail.week", week=format_week(report.week))
