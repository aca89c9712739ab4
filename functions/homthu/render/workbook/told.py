"""The sheet of everything told: one row for each release, to filter, add up and copy."""

from collections.abc import Iterator

from homthu.domain.boxes.questionnaire import RATINGS, Question, QuestionKind, say
from homthu.domain.releases.release import Release
from homthu.domain.releases.series import OVERALL, VERDICT, Asked
from homthu.domain.reports.edition import EditionKind
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.render.report import told
from homthu.render.report.names import Names
from homthu.render.report.tables import option_label
from homthu.render.texts import Texts
from homthu.render.workbook.cells import Cell, Table, columns_of


def told_table(report: WeeklyReport, names: Names) -> Table:
    """Every release of the year or the round so far, one per row, as it was told once and for all."""
    texts = names.texts
    keys = ("about", "group", "question", "version", "monday", "sunday", "answers", "in_words")
    labels = [rating_label(report, rating, texts) for rating in RATINGS]
    headings = [*(texts(f"report.sheet.{key}") for key in keys), *labels, texts("report.sheet.options")]
    rows = tuple(_release(one, report, names) for one in _in_time(report))
    return Table(
        columns=columns_of(headings, (18, 36, 30, 12, 13, 13, 9, 26, *(9 for _ in labels), 50)), rows=rows
    )


def rating_label(report: WeeklyReport, rating: str, texts: Texts) -> str:
    """What a rating is called in the box's own questionnaire."""
    version = report.box.questionnaire
    overall = version.question(version.overall)
    option = overall.option(rating) if overall else None
    return say(option.label, texts.language) if option else rating


def _in_time(report: WeeklyReport) -> Iterator[Release]:
    """What was told in the report's time: in a period, or in the year so far."""
    period = report.period
    for number, one in report.releases.told:
        if number > report.releases.newest and not period:
            continue
        is_round = report.period is not None and report.period.kind is EditionKind.ROUND
        if (
            one.round == report.period.mark
            if is_round and report.period
            else one.last.year == report.week.year
        ):
            yield one


def _release(one: Release, report: WeeklyReport, names: Names) -> tuple[Cell, ...]:
    texts = names.texts
    version = report.questionnaire(one.asked.version)
    question = version.question(one.asked.question) if version else None
    is_rating = one.asked == OVERALL or (question is not None and question.kind is QuestionKind.RATING)
    in_words = one.alike
    if in_words and not is_rating:
        in_words = _option(question, one.asked, one.alike, texts)
    options = "; ".join(
        f"{_option(question, one.asked, option, texts)}: {count}"
        for option, count in sorted(one.by_option.items())
    )
    return (
        texts(f"report.sheet.kind_{one.series.kind}"),
        names.series(one.series),
        _label(question, one.asked, texts),
        "" if one.asked in (OVERALL, VERDICT) else one.asked.version,
        one.first.monday,
        one.last.sunday,
        one.answers,
        told.alike(in_words, texts) if in_words else None,
        *(one.by_option.get(rating, 0) if is_rating and not in_words else None for rating in RATINGS),
        None if is_rating or in_words else options,
    )


def _option(question: Question | None, asked: Asked, option: str, texts: Texts) -> str:
    if asked == VERDICT:
        return texts(f"report.sheet.verdict_{option}")
    return option_label(question, option, texts) if question else option


def _label(question: Question | None, asked: Asked, texts: Texts) -> str:
    if asked in (OVERALL, VERDICT):
        return texts("report.sheet.overall" if asked == OVERALL else "report.sheet.verdict")
    return say(question.short, texts.language) if question else asked.question
