"""What the texts of a round are about: each theme with its number, and what readers corrected."""

from homthu.domain.boxes.questionnaire import say
from homthu.domain.reports.themes import OTHER, UNKNOWN
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.render.numbers import format_count, format_share
from homthu.render.texts import Texts


def theme_rows(report: WeeklyReport, texts: Texts) -> tuple[tuple[str, int], ...]:
    """Every theme that may be told with its number of texts, the largest first; then the others together."""
    found, left = report.themes.told()
    labels = {one.id: say(one.label, texts.language) for one in report.box.questionnaire.themes}
    labels |= {UNKNOWN: texts("report.themes.unknown"), OTHER: texts("report.themes.other")}
    rows = [(labels.get(id, id), count) for id, count in found.items()]
    if rows and left:
        rows.append((texts("report.themes.left"), left))
    return tuple(rows)


def themes(report: WeeklyReport, texts: Texts) -> str:
    """All of it in a paragraph; empty where nothing may be told."""
    rows = theme_rows(report, texts)
    if not rows:
        return ""
    counts = report.themes
    parts = [texts("report.themes.row", theme=label, count=format_count(count)) for label, count in rows]
    return texts(
        "report.themes.told",
        rows="; ".join(parts),
        texts=format_count(counts.texts),
        read=format_count(counts.read),
        corrected=format_count(counts.corrected),
        share=format_share(counts.corrected / counts.texts),
    )
