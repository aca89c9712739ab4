"""The head of an official letter, down to its opening, and the block that is signed."""

from dataclasses import replace

from homthu.domain.boxes.box import LetterHead, ReportStyle
from homthu.domain.reports.edition import EditionKind
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.domain.week import Week
from homthu.render.letter.document import Align, Block, Cell, Grid, Paragraph, Role, Run, body, words
from homthu.render.letter.form import LetterForm, form_of, issuer_of, superior_of
from homthu.render.numbers import format_date
from homthu.render.report.period import capitalised, period_name
from homthu.render.texts import Texts

_POINT_MM = 25.4 / 72
#: The mean width of a bold letter of Times New Roman, in parts of its size.
_WIDE, _NARROW = 0.70, 0.455
#: Nghị định 30/2020, Phụ lục I, mục II.2: a rule of a third to a half of the line above it.
_RULE_PART = 0.4
_MIN_LINE_MM = 20.0
_UNITS = ("THÀNH PHỐ", "THỊ XÃ", "TỈNH", "HUYỆN", "QUẬN", "PHƯỜNG", "ĐẶC KHU", "XÃ")
_LONGEST_RULE_MM = 60.0


def head_blocks(report: WeeklyReport, texts: Texts) -> list[Block]:
    """Issuer and state, number and date left for the clerk, title, addressee, basis, opening."""
    box, style = report.box, report.box.report
    form = form_of(style)
    width = 210 - form.margins.left - form.margins.right
    left = width * form.left_part
    grid = Grid(
        widths=(left, width - left),
        rows=(
            (_issuer(report, form, left), _state(form, texts)),
            (_number(style, form, texts), _date(report, texts)),
        ),
        ruled=False,
    )
    blocks: list[Block] = [grid, *_title(report, form, texts)]
    if form.is_addressed:
        blocks.append(
            Paragraph(
                runs=(Run(text=texts("letter.head.addressed", committee=style.committee)),),
                align=Align.CENTRE,
                gap_before=8,
                gap_after=4,
            )
        )
    for number, basis in enumerate(box.plan.basis, 1):
        mark = "." if number == len(box.plan.basis) else ";"
        text = texts("letter.head.basis", basis=basis.rstrip(".;")) + mark
        blocks.append(Paragraph(runs=(Run(text=text, italic=True),), role=Role.BODY))
    opening = texts(
        "letter.opening.plan",
        number=box.plan.number,
        dated=box.plan.dated,
        plan_issuer=box.plan.issuer,
        kind=box.ward.kind,
        issuer=style.issuer,
        period=period_name(report, texts),
    )
    blocks.append(body(opening))
    return blocks


def sign_blocks(style: ReportStyle, texts: Texts) -> list[Block]:
    """Who gets copies, and who signs; the name and the signature are left for the office."""
    form = form_of(style)
    width = 210 - form.margins.left - form.margins.right
    underlined = form.copies_underlined
    heading = Run(
        text=texts("letter.sign.copies"),
        size=14 if underlined else 12,
        bold=not underlined,
        italic=not underlined,
        underline=underlined,
    )
    copies = [copy.rstrip(" .;,") for copy in style.copies_to]
    lines = [
        texts("letter.sign.copy", copy=copy, mark="." if number == len(copies) else ";")
        for number, copy in enumerate(copies, 1)
    ]
    # Kept with the text above, as a whole: otherwise it could stand alone on a page.
    size = 12 if underlined else 11
    left = Cell(
        paragraphs=(
            Paragraph(runs=(heading,), align=Align.LEFT),
            *(words(line, size=size) for line in lines),
        )
    )
    titles = (style.signer_authority, style.signer_title)
    right = Cell(
        paragraphs=tuple(words(title, Align.CENTRE, size=14, bold=True) for title in titles if title)
        + tuple(words("", Align.CENTRE) for _ in range(4))
    )
    gap = Paragraph(runs=(), gap_before=6, with_next=True)
    return [gap, Grid(widths=(width / 2, width / 2), rows=((left, right),), ruled=False)]


def _issuer(report: WeeklyReport, form: LetterForm, width: float) -> Cell:
    style = report.box.report
    size = 13 if form.mark else 12.5
    superior = _in_lines(superior_of(style), size, width)
    issuer = _in_lines(issuer_of(style), size, width)
    lines = [words(superior, Align.CENTRE, size=size)] if superior else []
    rule = 0.0 if form.mark else _RULE_PART * _line_mm(issuer.split("\n")[-1], size, _WIDE)
    lines.append(Paragraph(runs=(Run(text=issuer, size=size, bold=True),), align=Align.CENTRE, rule_mm=rule))
    if form.mark:
        lines.append(words(form.mark, Align.CENTRE, size=13, bold=True))
    return Cell(paragraphs=tuple(lines))


def _in_lines(name: str, size: float, width: float) -> str:
    """«ỦY BAN NHÂN DÂN / PHƯỜNG BẮC GIANG»: a name that is too long is broken before the
    name of its place.
    """
    if _line_mm(name, size, _WIDE) <= width:
        return name
    for unit in _UNITS:
        before, found, after = name.rpartition(f" {unit} ")
        if found:
            return f"{before}\n{unit} {after}"
    return name


def _state(form: LetterForm, texts: Texts) -> Cell:
    top, size = texts(form.right_top), form.right_size
    if not form.right_motto:
        rule = _line_mm(top, size, _WIDE)
        run = Run(text=top, size=size, bold=True)
        return Cell(paragraphs=(Paragraph(runs=(run,), align=Align.CENTRE, rule_mm=rule),))
    motto = texts(form.right_motto)
    return Cell(
        paragraphs=(
            words(top, Align.CENTRE, size=size, bold=True),
            Paragraph(
                runs=(Run(text=motto, size=13.5, bold=True),),
                align=Align.CENTRE,
                rule_mm=_line_mm(motto, 13.5, _NARROW),
            ),
        )
    )


def _number(style: ReportStyle, form: LetterForm, texts: Texts) -> Cell:
    line = texts(form.number, joint=form.joint, symbol=style.symbol)
    run = Run(text=line, size=13)
    note = texts("letter.note.number")
    return Cell(paragraphs=(Paragraph(runs=(run,), align=Align.CENTRE, gap_before=4, note=note),))


def _date(report: WeeklyReport, texts: Texts) -> Cell:
    line = texts("letter.head.date", place=report.box.report.place_name, year=report.made_on.year)
    run = Run(text=line, size=13.5, italic=True)
    return Cell(paragraphs=(Paragraph(runs=(run,), align=Align.CENTRE, gap_before=4),))


def _title(report: WeeklyReport, form: LetterForm, texts: Texts) -> list[Paragraph]:
    period = period_name(report, texts)
    dates = texts(
        "letter.period.weeks" if report.kind is EditionKind.YEAR else "letter.period.dates",
        period=capitalised(period),
        weeks=Week.of(report.last_day).number,
        first=format_date(report.first_day),
        last=format_date(report.last_day),
    )
    note = texts("letter.note.party") if report.box.report.head is LetterHead.DANG else ""
    lines = [
        _title_line(texts("letter.head.kind"), gap_before=14, note=note),
        _title_line(texts("letter.period.title")),
    ]
    last = _title_line(dates)
    if correction := report.correction:
        lines.append(last)
        dates = texts(
            "letter.period.correction",
            number=correction.number,
            year=correction.year,
            reason=correction.reason,
        )
        last = words(dates, Align.CENTRE, size=13)
    if form.title_rule:
        return [
            *lines,
            replace(last, rule_mm=min(_LONGEST_RULE_MM, _RULE_PART * _line_mm(dates, 14, _NARROW))),
        ]
    return [*lines, last, words(texts("letter.head.dashes"), Align.CENTRE, size=14)]


def _title_line(text: str, *, gap_before: float = 0, note: str = "") -> Paragraph:
    return Paragraph(runs=(Run(text=text, size=14),), role=Role.TITLE, gap_before=gap_before, note=note)


def _line_mm(text: str, size: float, width: float) -> float:
    """About how long a line is; without the font itself nobody knows better."""
    return max(_MIN_LINE_MM, len(text) * size * width * _POINT_MM)
