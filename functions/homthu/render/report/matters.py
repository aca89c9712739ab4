"""How the cases stand, in the words of a report: its sentences, and a row for each case."""

from homthu.domain.reports.handling import Handling, Matter
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.render.defang import defang
from homthu.render.numbers import format_count, format_date, format_week
from homthu.render.report.names import Names
from homthu.render.report.view import MatterRow
from homthu.render.shorten import shorten
from homthu.render.texts import Texts

#: So much of a suggestion stands in the mail; the draft and the workbook have more.
_ABOUT_CHARACTERS = 160


def decisions(handling: Handling, texts: Texts) -> str:
    """What waits for a word from the committee, in one sentence for the first lines."""
    if not handling.is_used:
        return texts("report.handling.unused")
    if not handling.open:
        return texts("report.handling.none_open")
    return texts(
        "report.handling.decisions" if handling.undecided else "report.handling.running",
        undecided=format_count(handling.undecided),
        unassigned=format_count(handling.unassigned),
        overdue=format_count(handling.overdue),
        open=format_count(handling.open),
    )


def course(handling: Handling, texts: Texts) -> str:
    """Carried over, taken in hand, done, open and overdue: the sentence of the official form."""
    if not handling.is_used:
        return texts("report.handling.unused")
    return texts(
        "report.handling.course",
        carried=format_count(handling.carried),
        taken=format_count(handling.taken),
        done=format_count(handling.done),
        open=format_count(handling.open),
        overdue=format_count(handling.overdue),
    )


def matter_rows(report: WeeklyReport, names: Names, *, matters: int) -> tuple[MatterRow, ...]:
    """So many of the cases at most, the most urgent first."""
    return tuple(
        MatterRow(
            about=_about(matter, names.texts),
            source=_source(matter, names),
            state=state(matter, names.texts),
            task=task(matter, names.texts),
        )
        for matter in report.handling.matters[:matters]
    )


def more_matters(report: WeeklyReport, texts: Texts, *, matters: int) -> str:
    """How many of the cases are not listed; empty if all are."""
    more = max(0, len(report.handling.matters) - matters) + report.handling.more
    return texts("report.handling.more", count=format_count(more)) if more else ""


def about(matter: Matter, texts: Texts) -> str:
    """What a case is about, in one line, or why that is not said."""
    if matter.is_petition:
        return texts("report.handling.petition")
    return " ".join(defang(matter.about).split()) if matter.about else texts("report.handling.gone")


def state(matter: Matter, texts: Texts) -> str:
    """Where a case stands."""
    if matter.is_overdue:
        return texts("report.handling.state_overdue")
    day = format_date(matter.ended_on) if matter.ended_on else ""
    return texts(f"report.handling.state_{matter.state}", day=day)


def task(matter: Matter, texts: Texts) -> str:
    """Who was told to do it by when; empty if nobody."""
    named = unit(matter)
    if not named or matter.due_on is None:
        return named
    return texts("report.handling.task", unit=named, due=format_date(matter.due_on))


def unit(matter: Matter) -> str:
    """Who was told to do it; empty if nobody."""
    return defang(matter.unit)


def publication(matter: Matter, texts: Texts) -> str:
    """How its author and everybody else are told; empty if they are not."""
    return texts("report.handling.published") if matter.is_public else ""


def _source(matter: Matter, names: Names) -> str:
    """What the suggestion is called, and where it came from as far as that may be said."""
    parts = [
        names.texts("report.handling.source_named", name=matter.name)
        if matter.name
        else names.texts("report.handling.source_week", week=format_week(matter.week)),
        names.place(matter.place) if matter.place else "",
        names.service(matter.service) if matter.service else "",
    ]
    return " · ".join(part for part in parts if part)


def _about(matter: Matter, texts: Texts) -> str:
    whole = about(matter, texts)
    start = shorten(whole, _ABOUT_CHARACTERS)
    return whole if start == whole else texts("report.handling.cut", text=start)
