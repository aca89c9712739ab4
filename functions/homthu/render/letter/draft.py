"""The weekly report as a draft in the official form, which an office numbers, dates and signs.

What the system does not know it does not say: the conclusions are left for the person who drafts,
and the draft is marked as one on its first page.
"""

from homthu.domain.reports.suggestion import Suggestion
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.render.letter.document import Align, Block, Letter, Paragraph, Run, words
from homthu.render.letter.form import form_of
from homthu.render.letter.head import head_blocks, sign_blocks
from homthu.render.letter.tables import (
    MAX_CASES,
    case_grid,
    choice_grid,
    group_grid,
    meeting_grid,
    place_grid,
    question_grid,
    suggestion_grid,
)
from homthu.render.letter.word import write_letter
from homthu.render.numbers import format_count, format_date, format_dates
from homthu.render.report import told
from homthu.render.report.anchor import previous
from homthu.render.report.cases import course, more_cases
from homthu.render.report.headline import before, cumulative, data_quality, notes, overall, silent
from homthu.render.report.names import Names
from homthu.render.report.period import period_name
from homthu.render.report.quotes import in_order
from homthu.render.report.tables import nothing_told
from homthu.render.texts import Texts


def render_letter(report: WeeklyReport, *, texts: Texts) -> bytes:
    """The draft as the bytes of a .docx."""
    return write_letter(letter_of(report, texts))


def letter_of(report: WeeklyReport, texts: Texts) -> Letter:
    """The draft, before any file format."""
    names = Names(report=report, texts=texts)
    style = report.box.report
    form = form_of(style)
    period = period_name(report, texts)
    pages = [
        *head_blocks(report, texts),
        *_reception(report, names),
        *_rating(report, names),
        *_suggestions(report, texts),
        *_case_statistics(report, names),
        *_remarks(report, texts),
        _running(
            texts(
                "letter.remarks.closing",
                period=period,
                issuer=style.issuer,
                committee=style.committee,
                ending=form.ending,
            )
        ),
        *sign_blocks(style, texts),
    ]
    return Letter(
        title=texts("letter.draft.title", period=period, ward=report.box.ward.full_name),
        author=style.issuer,
        made_on=report.made_on,
        margins=form.margins,
        measure=form.measure,
        draft_mark=texts("letter.draft.mark"),
        pages=tuple(pages),
        annex=tuple(_annex(report, names, period)),
    )


def _running(text: str) -> Paragraph:
    return Paragraph(runs=(Run(text=text),), spaced=True)


def _heading(text: str) -> Paragraph:
    return Paragraph(runs=(Run(text=text, bold=True),), spaced=True, with_next=True)


def _caption(text: str) -> Paragraph:
    run = Run(text=text, size=13, bold=True)
    return Paragraph(runs=(run,), align=Align.CENTRE, with_next=True, gap_before=8, gap_after=3)


def _reception(report: WeeklyReport, names: Names) -> list[Block]:
    texts, held = names.texts, report.round
    scope = texts(
        "letter.reception.scope",
        held=texts(
            "letter.reception.in_round",
            round=held.name,
            dates=format_dates(held.opens_on, held.closes_on),
        )
        if held
        else texts("letter.reception.no_round"),
        places=format_count(len(report.box.places)),
        silent=silent(report, names),
    )
    received = texts(
        "letter.reception.received" if report.forms.received else "letter.reception.none",
        period=period_name(report, texts),
        received=format_count(report.forms.received),
        before=before(report, texts),
        cumulative=cumulative(report, texts),
        places=format_count(len(report.box.places)),
        made_on=format_date(report.made_on),
    )
    blocks: list[Block] = [
        _heading(texts("letter.reception.heading")),
        _running(scope),
        _running(received),
    ]
    if report.forms.received:
        blocks.append(_running(texts("letter.reception.quality", data_quality=data_quality(report, names))))
    return [*blocks, _caption(texts("letter.reception.table")), place_grid(report, names)]


def _rating(report: WeeklyReport, names: Names) -> list[Block]:
    texts = names.texts
    blocks: list[Block] = [_heading(texts("letter.rating.heading"))]
    if why := nothing_told(report, texts):
        return [*blocks, _running(why)]
    blocks.append(_running(texts("letter.rating.overall", overall=overall(report, texts))))
    blocks += [_running(sentence) for sentence in told.comparisons(report, texts)]
    several = len(report.versions) > 1
    for asked in report.versions:
        key = "letter.rating.table_questions_version" if several else "letter.rating.table_questions"
        blocks += [_caption(texts(key, version=asked.version)), question_grid(report, asked, names)]
    blocks += [
        _running(texts("letter.rating.groups")),
        _caption(texts("letter.rating.table_groups")),
        group_grid(report, names),
        _hint(texts("letter.rating.hint")),
        _running(texts("letter.rating.choices")),
    ]
    for asked in report.versions:
        key = "letter.rating.table_choices_version" if several else "letter.rating.table_choices"
        blocks += [_caption(texts(key, version=asked.version)), choice_grid(report, asked, names)]
    return blocks


def _hint(text: str) -> Paragraph:
    return Paragraph(runs=(Run(text=text, size=12, italic=True),), gap_before=3)


def _suggestions(report: WeeklyReport, texts: Texts) -> list[Block]:
    readable, petitions = report.forms.readable, report.forms.petitions
    return [
        _heading(texts("letter.suggestions.heading")),
        _running(
            texts("letter.suggestions.readable", readable=format_count(readable))
            if readable
            else texts("letter.suggestions.none")
        ),
        _running(
            texts("letter.suggestions.petitions", petitions=format_count(petitions))
            if petitions
            else texts("letter.suggestions.petitions_none")
        ),
    ]


def _case_statistics(report: WeeklyReport, names: Names) -> list[Block]:
    texts, case_statistics = names.texts, report.case_statistics
    blocks: list[Block] = [
        _heading(texts("letter.handling.heading")),
        _running(
            texts(
                "letter.handling.course" if case_statistics.is_used else "letter.handling.unused",
                course=course(case_statistics, texts),
            )
        ),
        _caption(texts("letter.handling.table")),
        case_grid(report, names),
    ]
    if more := more_cases(report, texts, cases=MAX_CASES):
        blocks.append(_hint(more))
    return blocks


def _remarks(report: WeeklyReport, texts: Texts) -> list[Block]:
    return [
        _heading(texts("letter.remarks.heading")),
        _running(texts("letter.remarks.blank")),
        *(words(texts("letter.remarks.dots"), Align.CENTRE) for _ in range(3)),
        _running(texts("letter.remarks.notes")),
        *(
            _running(texts("letter.remarks.note", note=note))
            for note in (*notes(report, texts), *previous(report, texts))
        ),
    ]


def _annex(report: WeeklyReport, names: Names, period: str) -> list[Block]:
    texts = names.texts
    quoted: tuple[Suggestion, ...] = in_order(report, report.suggestions.quoted)
    if not quoted:
        return []
    blocks: list[Block] = [
        words(texts("letter.annex.suggestions"), Align.CENTRE, size=14, bold=True),
        _caption(texts("letter.annex.suggestions_title", period=period)),
        suggestion_grid(quoted, names),
    ]
    if report.suggestions.more:
        shown, readable = format_count(len(quoted)), format_count(report.suggestions.readable)
        blocks.append(_hint(texts("letter.annex.more", quoted=shown, readable=readable)))
    meeting = Run(text=texts("letter.annex.meeting"), size=14, bold=True)
    return [
        *blocks,
        Paragraph(runs=(meeting,), align=Align.CENTRE, with_next=True, gap_before=18),
        _caption(texts("letter.annex.meeting_title", period=period)),
        meeting_grid(quoted, names),
        Paragraph(runs=()),
    ]
