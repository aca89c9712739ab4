"""The weekly report as a mail: HTML and text that say the same, the draft letter, and the workbook."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from jinja2 import Environment

from homthu.domain.releases.series import SeriesKind
from homthu.domain.reports.edition import EditionKind
from homthu.domain.reports.printed_digest import printed
from homthu.domain.reports.suggestion import MAX_QUOTED, Suggestion
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.domain.submissions.inclusion import count_in, list_digest
from homthu.render.letter.draft import render_letter
from homthu.render.letter.meeting import has_meeting, render_meeting
from homthu.render.mail.message import Attachment, Mail, Thread
from homthu.render.marks import unmarked
from homthu.render.numbers import format_count, format_date
from homthu.render.report import told
from homthu.render.report.anchor import previous
from homthu.render.report.cases import confirmed, handling_sentence, matter_rows, more_cases
from homthu.render.report.headline import data_quality, headline, notes, subject
from homthu.render.report.names import Names
from homthu.render.report.period import short_name
from homthu.render.report.quotes import quote_groups, quotes_intro
from homthu.render.report.tables import group_rows, place_rows, question_blocks
from homthu.render.report.view import ReportView
from homthu.render.texts import Texts
from homthu.render.workbook.workbook import render_workbook, within_limits

#: Gmail cuts a message off above some 102 kB; this leaves room for what relays add.
MAX_HTML_BYTES = 90_000
_FILE_KINDS = {EditionKind.ROUND: "dot", EditionKind.YEAR: "nam"}
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, kw_only=True, slots=True)
class Detail:
    """How much a mail quotes and lists; what it leaves out is in the workbook."""

    quotes: int
    characters: int
    places: int
    cases: int


#: Tried in turn until the mail fits: first long texts are cut, then some are dropped, then long lists of
#: places.
_DETAILS = (
    Detail(quotes=MAX_QUOTED, characters=1000, places=100, cases=30),
    Detail(quotes=MAX_QUOTED, characters=600, places=100, cases=30),
    Detail(quotes=MAX_QUOTED, characters=400, places=60, cases=20),
    Detail(quotes=MAX_QUOTED, characters=250, places=60, cases=20),
    Detail(quotes=20, characters=200, places=40, cases=15),
    Detail(quotes=10, characters=150, places=20, cases=10),
    Detail(quotes=0, characters=0, places=10, cases=5),
)


def render_report(
    report: WeeklyReport,
    *,
    texts: Texts,
    templates: Environment,
    suggestions: Iterable[Suggestion],
    desk_url: str,
) -> Mail:
    """The mail of a report; `suggestions` are all that may be read, for the workbook.

    `desk_url` is where the committee takes suggestions in hand: the one live link of the mail.
    """
    if not report.audience.reads_figures:
        return render_body(_holding(report, 0), texts=texts, templates=templates, desk_url=desk_url)
    held = tuple(within_limits(suggestions))
    report = _holding(report, len(held))
    mail = render_body(report, texts=texts, templates=templates, desk_url=desk_url)
    return replace(mail, attachments=_attachments(report, texts, held))


def render_body(report: WeeklyReport, *, texts: Texts, templates: Environment, desk_url: str) -> Mail:
    """The mail without its attachments, which take far longer to make."""
    view, html = _fitting(report, texts, templates, desk_url)
    return Mail(
        subject=view.subject,
        text=templates.get_template("report/weekly.txt").render(view=view, t=texts),
        html=html,
        thread=Thread(f"bao-cao.{report.box.ward.code}", str(report.week.year)),
    )


def _holding(report: WeeklyReport, held: int) -> WeeklyReport:
    """The report, knowing how many suggestions its files hold: it says where the others are."""
    chosen = report.suggestions
    left_out = max(0, chosen.readable + chosen.praise - held)
    return replace(report, suggestions=replace(chosen, left_out=left_out))


def _fitting(
    report: WeeklyReport, texts: Texts, templates: Environment, desk_url: str
) -> tuple[ReportView, str]:
    """The most detailed mail that fits."""
    view = _view(report, texts, _DETAILS[0], desk_url)
    html = _html(view, texts, templates)
    for detail in _DETAILS[1:]:
        if len(unmarked(html).encode()) <= MAX_HTML_BYTES:
            break
        view = _view(report, texts, detail, desk_url)
        html = _html(view, texts, templates)
    return view, html


def _attachments(
    report: WeeklyReport, texts: Texts, suggestions: Iterable[Suggestion]
) -> tuple[Attachment, ...]:
    workbook = render_workbook(report, texts=texts, suggestions=suggestions)
    return (
        Attachment(name=letter_name(report), content_type=_DOCX, content=render_letter(report, texts=texts)),
        *_meeting(report, texts),
        Attachment(name=workbook_name(report), content_type=_XLSX, content=workbook),
    )


def _published(report: WeeklyReport, texts: Texts) -> Iterator[str]:
    """The line that ties the published list of counted forms to this mail."""
    if report.counted_list:
        yield texts(
            "report.mail.counted",
            count=format_count(count_in(report.counted_list)),
            path=f"/ket-qua/{report.box.ward.code}/{report.week}.txt",
            digest=printed(list_digest(report.counted_list)),
        )


def _files(report: WeeklyReport, texts: Texts) -> tuple[str, ...]:
    return (
        texts("report.mail.letter", file=letter_name(report)),
        *(texts("report.mail.meeting", file=name) for name in [meeting_name(report)] if name),
        texts("report.mail.workbook", file=workbook_name(report)),
    )


def workbook_name(report: WeeklyReport) -> str:
    """The name of the attached workbook, in ASCII: `Bao-cao-gop-y_07210_2026-W48.xlsx`."""
    return f"{_file_stem(report)}.xlsx"


def letter_name(report: WeeklyReport) -> str:
    """The name of the attached draft: `Bao-cao-gop-y_07210_2026-W48.docx`."""
    return f"{_file_stem(report)}.docx"


def meeting_name(report: WeeklyReport) -> str:
    """The name of the attached sheet for the meeting; empty where there is nothing to decide."""
    return f"Phieu-hop_{_file_stem(report)}.docx" if has_meeting(report) else ""


def _meeting(report: WeeklyReport, texts: Texts) -> Iterator[Attachment]:
    if name := meeting_name(report):
        yield Attachment(name=name, content_type=_DOCX, content=render_meeting(report, texts=texts))


def _file_stem(report: WeeklyReport) -> str:
    if report.period:
        return f"Bao-cao-gop-y_{report.box.ward.code}_{_FILE_KINDS[report.period.kind]}-{report.period.mark}"
    kind = f"_dinh-chinh-{report.number}" if report.correction else ""
    return f"Bao-cao-gop-y_{report.box.ward.code}_{report.week}{kind}"


def _html(view: ReportView, texts: Texts, templates: Environment) -> str:
    return templates.get_template("report/weekly.html").render(view=view, t=texts)


def _view(report: WeeklyReport, texts: Texts, detail: Detail, desk_url: str) -> ReportView:
    names = Names(report=report, texts=texts)
    ward = report.box.ward
    lines, has_figures = headline(report, names), report.audience.reads_figures
    places = place_rows(report, names)
    left_out = len(places) - detail.places
    reading, *_, received, third, _ = (line.text for line in lines)
    return ReportView(
        subject=subject(report, texts),
        preheader=texts(
            "report.mail.preheader", received=received, overall=third if has_figures else "", reading=reading
        ),
        owner=texts("report.mail.owner", ward=ward.full_name, province=ward.province),
        title=texts(
            "report.mail.title_correction" if report.correction else "report.mail.title",
            period=short_name(report, texts),
        ),
        has_figures=has_figures,
        headline=lines if has_figures else lines[:3],
        places=places[: detail.places],
        places_before=texts(f"report.places.before_{report.kind}"),
        places_hint=texts("report.places.hint_period" if report.period else "report.places.hint"),
        more_places=texts("report.places.more", count=format_count(left_out)) if left_out > 0 else "",
        blocks=question_blocks(report, names),
        comparisons=told.comparisons(report, texts),
        services=group_rows(SeriesKind.SERVICE, report, names),
        modes=group_rows(SeriesKind.MODE, report, names),
        data_quality=data_quality(report, names),
        quotes_intro=quotes_intro(report, names, quotes=detail.quotes),
        quotes=quote_groups(report, names, quotes=detail.quotes, characters=detail.characters),
        case_statistics=handling_sentence(report.case_statistics, texts) + confirmed(report, texts),
        cases=matter_rows(report, names, cases=detail.cases),
        more_cases=more_cases(report, texts, cases=detail.cases),
        desk_url=desk_url,
        notes=notes(report, texts),
        closing=(
            *(_files(report, texts) if has_figures else ()),
            texts("report.mail.made", ward=ward.full_name, made_on=format_date(report.made_on)),
            *_published(report, texts),
            *previous(report, texts),
        ),
    )
