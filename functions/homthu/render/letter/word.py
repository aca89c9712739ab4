"""Writes a letter as a .docx. The one module that knows python-docx.

Equal input gives equal bytes: the dates are the report's.
"""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt

from homthu.render.letter.document import Align, Block, Cell, Grid, Letter, Margins, Paragraph, Role, Run
from homthu.render.letter.stationery import prepare
from homthu.render.office_file import repacked

_A4 = (210, 297)
#: The margins of an annex, which is landscape.
_ACROSS = Margins(top=20, right=15, bottom=15, left=15)
_HEADER_MM = 10
_ALIGNMENTS = {Align.LEFT: 0, Align.CENTRE: 1, Align.RIGHT: 2, Align.BOTH: 3}


def write_letter(letter: Letter) -> bytes:
    """The letter as the bytes of a .docx."""
    document = Document()
    prepare(document, letter, parse_xml)
    _set_page(document.sections[0], letter.margins, is_across=letter.is_across)
    _set_headers(document.sections[0], letter.draft_mark)
    writer = _Writer(document, letter)
    writer.blocks(document, letter.pages)
    for annex in letter.annexes:
        section = document.add_section(WD_SECTION.NEW_PAGE)
        _set_page(section, _ACROSS, is_across=True)
        # Nghị định 30/2020, Phụ lục I, mục III: each annex is numbered by itself, and as in the letter its
        # first page shows no number.
        _number_from_one(section)
        _first_paragraph(section.first_page_header)
        writer.blocks(document, annex)
    buffer = BytesIO()
    document.save(buffer)
    return repacked(buffer)


def _set_page(section: Any, margins: Margins, *, is_across: bool) -> None:
    width, height = reversed(_A4) if is_across else _A4
    section.orientation = WD_ORIENT.LANDSCAPE if is_across else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.top_margin, section.bottom_margin = Mm(margins.top), Mm(margins.bottom)
    section.left_margin, section.right_margin = Mm(margins.left), Mm(margins.right)
    section.header_distance = section.footer_distance = Mm(_HEADER_MM)


def _set_headers(section: Any, draft_mark: str) -> None:
    # Nghị định 30/2020, Phụ lục I, mục I.7: the number centred in the top margin, not on page 1.
    section.different_first_page_header_footer = True
    number = _first_paragraph(section.header)
    _set_alignment(number, Align.CENTRE)
    _add_field(number, Run(text="", field="PAGE"))
    mark = _first_paragraph(section.first_page_header)
    if draft_mark:
        _set_alignment(mark, Align.RIGHT)
        _add_run(mark, Run(text=draft_mark, size=11, bold=True, italic=True))


def _number_from_one(section: Any) -> None:
    properties = section._sectPr
    for old in properties.findall(qn("w:pgNumType")):
        properties.remove(old)
    properties.find(qn("w:pgMar")).addnext(_element("w:pgNumType", start="1"))


class _Writer:
    """Puts blocks into a document or a cell."""

    def __init__(self, document: Any, letter: Letter) -> None:
        self._document = document
        self._letter = letter

    def blocks(self, holder: Any, blocks: Iterable[Block]) -> None:
        """Add the blocks one below the other."""
        for block in blocks:
            if isinstance(block, Grid):
                self._grid(block)
            else:
                self._paragraph(holder.add_paragraph(), block)
                if block.rule_mm:
                    section = self._document.sections[-1]
                    width = Length(section.page_width - section.left_margin - section.right_margin)
                    _add_rule(holder.add_paragraph(), block.rule_mm, width.mm)

    def _paragraph(self, target: Any, paragraph: Paragraph) -> None:
        if paragraph.role is not Role.PLAIN:
            target._p.style = str(paragraph.role)
        if paragraph.align is not None:
            _set_alignment(target, paragraph.align)
            if paragraph.role is Role.HEADING and paragraph.align is Align.CENTRE:
                target.paragraph_format.first_line_indent = Mm(0)
        form = target.paragraph_format
        if paragraph.gap_before:
            form.space_before = Pt(paragraph.gap_before)
        if paragraph.gap_after:
            form.space_after = Pt(paragraph.gap_after)
        if paragraph.with_next:
            form.keep_with_next = True
        runs = [
            _add_field(target, run) if run.field else _add_run(target, run)
            for run in paragraph.runs or (Run(text=""),)
        ]
        if paragraph.note:
            self._note(runs, paragraph.note)

    def _note(self, runs: list[Any], text: str) -> None:
        by = self._letter.notes_by
        initials = "".join(word[0] for word in by.split())
        comment = self._document.add_comment(runs, text=text, author=by, initials=initials)
        # When a comment was made is nobody's business, and Word does not require it (ECMA-376, 17.13.4.2).
        del comment._comment_elm.attrib[qn("w:date")]

    def _grid(self, grid: Grid) -> None:
        table = self._document.add_table(rows=0, cols=len(grid.widths))
        _set_table_form(table, grid)
        for number, row in enumerate(grid.rows):
            self._row(table.add_row(), grid, row, is_heading=number < grid.heading_rows)
        for column, width in zip(table.columns, grid.widths, strict=True):
            column.width = Mm(width)

    def _row(self, target: Any, grid: Grid, row: tuple[Cell, ...], *, is_heading: bool) -> None:
        properties = target._tr.get_or_add_trPr()
        properties.append(_element("w:cantSplit"))
        if is_heading:
            properties.append(_element("w:tblHeader"))
        elif grid.height_mm:
            target.height, target.height_rule = Mm(grid.height_mm), WD_ROW_HEIGHT_RULE.AT_LEAST
        # Asked for once: python-docx goes through the whole row for it, and a merge leaves the others alone.
        at, cells = 0, target.cells
        for content in row:
            place = cells[at]
            if content.span > 1:
                place = place.merge(cells[at + content.span - 1])
            place.width = Mm(sum(grid.widths[at : at + content.span]))
            if is_heading:
                place._tc.get_or_add_tcPr().append(_element("w:vAlign", val="center"))
            self._fill(place, content, width_mm=sum(grid.widths[at : at + content.span]))
            at += content.span

    def _fill(self, place: Any, content: Cell, *, width_mm: float) -> None:
        for number, paragraph in enumerate(content.paragraphs):
            target = place.paragraphs[0] if number == 0 else place.add_paragraph()
            self._paragraph(target, paragraph)
            if paragraph.rule_mm:
                _add_rule(place.add_paragraph(), paragraph.rule_mm, width_mm)


def _set_table_form(table: Any, grid: Grid) -> None:
    table.autofit = False
    properties = table._tbl.tblPr
    for old in properties.findall(qn("w:tblStyle")) + properties.findall(qn("w:tblLook")):
        properties.remove(old)
    if grid.ruled:
        borders = OxmlElement("w:tblBorders")
        for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
            borders.append(_element(f"w:{side}", val="single", sz="4", space="0", color="000000"))
        properties.append(borders)
    margins = OxmlElement("w:tblCellMar")
    for side, twentieths in (("top", 20), ("left", 60), ("bottom", 20), ("right", 60)):
        margins.append(_element(f"w:{side}", w=str(twentieths if grid.ruled else 0), type="dxa"))
    # The order of the elements is the schema's: borders, layout, margins, caption.
    layout = properties.find(qn("w:tblLayout"))
    if layout is not None:
        properties.remove(layout)
        properties.append(layout)
    properties.append(margins)
    if grid.title:
        properties.append(_element("w:tblCaption", val=grid.title))


def _add_rule(target: Any, length_mm: float, width_mm: float) -> None:
    """A line below words: the upper border of a very low paragraph, indented from both sides."""
    form = target.paragraph_format
    form.left_indent = form.right_indent = Mm(max(0.0, (width_mm - length_mm) / 2))
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(4)
    form.space_before = Pt(2)
    borders = OxmlElement("w:pBdr")
    borders.append(_element("w:top", val="single", sz="6", space="1", color="000000"))
    properties = target._p.get_or_add_pPr()
    spacing = properties.find(qn("w:spacing"))
    spacing.addprevious(borders)


def _add_run(target: Any, run: Run) -> Any:
    added = target.add_run(run.text)
    font = added.font
    if run.size:
        font.size = Pt(run.size)
    if run.bold:
        font.bold = True
    if run.italic:
        font.italic = True
    if run.underline:
        font.underline = True
    return added


def _add_field(target: Any, run: Run) -> Any:
    """A field and what it shows: nothing until a word processor lays out the page, or the run's text."""
    for kind in ("begin", "", "separate"):
        part = target.add_run()
        if kind:
            part._r.append(_element("w:fldChar", fldCharType=kind))
        else:
            instruction = OxmlElement("w:instrText")
            instruction.text = run.field
            part._r.append(instruction)
    shown = _add_run(target, run)
    target.add_run()._r.append(_element("w:fldChar", fldCharType="end"))
    return shown


def _first_paragraph(header: Any) -> Any:
    header.is_linked_to_previous = False
    paragraph = header.paragraphs[0]
    for style in list(paragraph._p.iter(qn("w:pStyle"))):
        style.getparent().remove(style)
    return paragraph


def _set_alignment(target: Any, align: Align) -> None:
    target.alignment = _ALIGNMENTS[align]


def _element(name: str, **attributes: str) -> Any:
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made
