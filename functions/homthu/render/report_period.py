"""What a report calls the time it tells of."""

from homthu.domain.weekly_report import WeeklyReport
from homthu.render.texts import Texts


def period_name(report: WeeklyReport, texts: Texts) -> str:
    """The period as it stands in a sentence: «tuần 48 năm 2026»."""
    return texts("letter.period.week", week=report.week.number, year=report.week.year)
