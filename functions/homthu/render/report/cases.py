"""How the cases stand, as a report puts it: its sentences, and a row for each case."""

from homthu.domain.cases.case import CaseState
from homthu.domain.cases.statistics import CaseStatistics, CaseSummary
from homthu.domain.releases.series import VERDICT, WARD
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.render.answers import answer_kind, judged
from homthu.render.defang import defang
from homthu.render.marks import mark
from homthu.render.numbers import format_count, format_date, format_week
from homthu.render.report.names import Names
from homthu.render.report.quotes import forms
from homthu.render.report.view import MatterRow
from homthu.render.shorten import shorten
from homthu.render.texts import Texts

#: How much of a suggestion the mail has; the draft and the workbook have more.
_ABOUT_CHARACTERS = 160


def decisions(case_statistics: CaseStatistics, texts: Texts) -> str:
    """What waits for the committee's decision, in one sentence for the first lines."""
    if not case_statistics.is_used:
        return texts("report.handling.unused")
    denied = texts("report.handling.denied", count=format_count(case_statistics.denied))
    more = f" {denied}" if case_statistics.denied else ""
    if not case_statistics.open:
        return texts("report.handling.none_open") + more
    undecided = case_statistics.undecided - case_statistics.denied
    said = texts(
        "report.handling.decisions" if undecided else "report.handling.running",
        undecided=format_count(undecided),
        unassigned=format_count(case_statistics.unassigned),
        overdue=format_count(case_statistics.overdue),
        open=format_count(case_statistics.open),
    )
    return said + more


def handling_sentence(case_statistics: CaseStatistics, texts: Texts) -> str:
    """Carried over, taken in hand, done, open and overdue: the sentence of the official form."""
    if not case_statistics.is_used:
        return texts("report.handling.unused")
    said = texts(
        "report.handling.course",
        carried=format_count(case_statistics.carried),
        taken=format_count(case_statistics.taken),
        done=format_count(case_statistics.done),
        open=format_count(case_statistics.open),
        overdue=format_count(case_statistics.overdue),
    )
    for key, count in (
        ("joined", case_statistics.joined),
        ("set_apart", case_statistics.set_apart),
        ("set_back", case_statistics.set_back),
        ("denied", case_statistics.denied),
    ):
        said += " " + texts(f"report.handling.{key}", count=format_count(count)) if count else ""
    return said


def confirmed(report: WeeklyReport, texts: Texts) -> str:
    """What citizens say of the answers, after the sentence on the cases; empty as long as nothing is told."""
    figure = report.releases.of_year(report.week.year, WARD, VERDICT)
    said = judged(figure, texts, prefix="report.handling")
    return f" {said}" if said else ""


def matter_rows(report: WeeklyReport, names: Names, *, cases: int) -> tuple[MatterRow, ...]:
    """This many of the cases at most, the most urgent first."""
    return tuple(
        MatterRow(
            about=about(summary, names.texts, characters=_ABOUT_CHARACTERS, cut="report.handling.cut"),
            source=_source(summary, names),
            state=state(summary, names.texts),
            task=task(summary, names.texts),
        )
        for summary in report.case_statistics.cases[:cases]
    )


def more_cases(report: WeeklyReport, texts: Texts, *, cases: int) -> str:
    """How many of the cases are not listed; empty if all are."""
    more = max(0, len(report.case_statistics.cases) - cases) + report.case_statistics.more
    return texts("report.handling.more", count=format_count(more)) if more else ""


def about(summary: CaseSummary, texts: Texts, *, characters: int = 0, cut: str = "") -> str:
    """What a case is about, in one line, or why that is not said; `cut` shortens long texts."""
    if summary.is_petition:
        return texts("report.handling.petition")
    whole = " ".join(defang(summary.about).split())
    start = shorten(whole, characters) if cut else whole
    if not whole:
        return texts("report.handling.gone" if summary.is_for_words else "report.handling.not_passed")
    return mark(summary.id, whole if start == whole else texts(cut, text=start))


def state(summary: CaseSummary, texts: Texts) -> str:
    """Where a case stands, and that it came back after an answer."""
    standing = _standing(summary, texts)
    return texts("report.handling.recurs", state=standing) if summary.recurs else standing


def _standing(summary: CaseSummary, texts: Texts) -> str:
    if summary.is_denied:
        return texts("report.handling.state_denied")
    answer = summary.answer
    if answer and summary.ended_on is None and answer.by and summary.state is CaseState.ANSWERED:
        return texts("report.handling.state_promise_came", day=format_date(answer.by))
    if summary.overdue_days:
        return texts("report.handling.state_overdue", days=format_count(summary.overdue_days))
    day = format_date(summary.ended_on) if summary.ended_on else ""
    said = texts(f"report.handling.state_{summary.state}", day=day)
    if answer is None or answer.kind is None:
        return said
    return mark(summary.id, f"{said}: {defang(answer_kind(answer, texts, prefix='report.handling.answer'))}")


def task(summary: CaseSummary, texts: Texts) -> str:
    """Who was told to do it by when; empty if nobody."""
    named = unit(summary)
    if not named or summary.due_on is None:
        return named
    return texts("report.handling.task", unit=named, due=format_date(summary.due_on))


def unit(summary: CaseSummary) -> str:
    """Who was told to do it, marked as the case's: the ward may have repeated the citizen there."""
    return mark(summary.id, defang(summary.unit))


def publication(summary: CaseSummary, texts: Texts) -> str:
    """How its author and the public learn of it; empty if they do not."""
    return texts("report.handling.published") if summary.is_public else ""


def _source(summary: CaseSummary, names: Names) -> str:
    """What the suggestion is called, and where it came from as far as that may be said."""
    parts = [
        names.texts("report.handling.source_named", name=summary.name)
        if summary.name
        else names.texts("report.handling.source_week", week=format_week(summary.week)),
        names.place(summary.place) if summary.place else "",
        names.service(summary.service) if summary.service else "",
        forms(summary.forms, names.texts),
    ]
    return " · ".join(part for part in parts if part)
