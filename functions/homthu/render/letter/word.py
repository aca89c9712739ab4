"""Writes a letter as a .docx. The one module that knows python-docx.

What python-docx starts from is an American letter in Calibri, dated 2013, with a picture of itself
(python-docx#1601 and others), so everything of that kind is taken out first. Times New Roman stands
in all four font slots and the language is vi-VN, or Word would fall back to other fonts for some
letters and underline every word. Equal input gives equal bytes: the dates are the report's.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, time
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt

from homthu.render.letter.document import Align, Block, Cell, Grid, Letter, Measure, Paragraph, Run

FONT = "Times New Roman"
LANGUAGE = "vi-VN"
_SLOTS = ("ascii", "hAnsi", "cs", "eastAsia")
_KEPT_STYLES = {"Normal", "DefaultParagraphFont", "TableNormal", "NoList"}
_DROPPED_PARTS = ("thumbnail", "theme", "customXml", "stylesWithEffects", "numbering")
_ALIGNMENTS = {Align.LEFT: "left", Align.CENTRE: "center", Align.RIGHT: "right", Align.BOTH: "both"}
_A4 = (210, 297)
#: The margins of a page that lies across.
_ANNEX_MARGINS = (20, 15, 15, 15)
_HEADER_MM = 10
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def write_letter(letter: Letter) -> bytes:
    """The letter as the bytes of a .docx."""
    document = Document()
    _clear(document)
    _set_defaults(document, letter.measure)
    _set_properties(document, letter)
    _set_pages(document, letter)
    _Writer(document, letter.measure).blocks(document, letter.pages)
    if letter.annex:
        _turn_pages(document)
        _Writer(document, letter.measure).blocks(document, letter.annex)
    buffer = BytesIO()
    document.save(buffer)
    return _repacked(buffer)


def _clear(document: Any) -> None:
    """Take out what the library's own template brings: picture, theme, styles, its empty body."""
    for part in (document.part, document.part.package):
        for id, relation in list(part.rels.items()):
            if relation.reltype.rpartition("/")[2] in _DROPPED_PARTS:
                del part.rels[id]
    styles = document.styles.element
    for style in styles.findall(qn("w:style")):
        if style.get(qn("w:styleId")) not in _KEPT_STYLES:
            styles.remove(style)
    body = document.element.body
    for child in list(body):
        if child.tag != qn("w:sectPr"):
            body.remove(child)


def _set_defaults(document: Any, measure: Measure) -> None:
    styles = document.styles.element
    properties = styles.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for child in list(properties):
        properties.remove(child)
    properties.append(_fonts())
    size = _element("w:sz", val=str(round(measure.size * 2)))
    properties.extend([size, _element("w:szCs", val=str(round(measure.size * 2)))])
    properties.append(_element("w:lang", val=LANGUAGE, eastAsia=LANGUAGE, bidi="ar-SA"))
    normal = document.styles["Normal"]
    for child in normal.element.findall(qn("w:rPr")):
        normal.element.remove(child)
    normal.element.get_or_add_rPr().append(_fonts())
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing = 1.0
    settings = document.settings.element
    for old in settings.findall(qn("w:themeFontLang")):
        old.set(qn("w:val"), LANGUAGE)


def _set_properties(document: Any, letter: Letter) -> None:
    made_at = datetime.combine(letter.made_on, time.min, UTC).replace(tzinfo=None)
    core = document.core_properties
    core.title, core.author, core.last_modified_by = letter.title, letter.author, letter.author
    core.created = core.modified = made_at
    core.language, core.comments, core.revision = LANGUAGE, "", 1


def _set_pages(document: Any, letter: Letter) -> None:
    section, margins = document.sections[0], letter.margins
    section.page_width, section.page_height = Mm(_A4[0]), Mm(_A4[1])
    section.top_margin, section.bottom_margin = Mm(margins.top), Mm(margins.bottom)
    section.left_margin, section.right_margin = Mm(margins.left), Mm(margins.right)
    section.header_distance = section.footer_distance = Mm(_HEADER_MM)
    # Nghị định 30/2020, Phụ lục I, mục I.7: the number centred in the top margin, not on page 1.
    section.different_first_page_header_footer = True
    number = _first_paragraph(section.header)
    _set_alignment(number, Align.CENTRE)
    _add_page_number(number)
    mark = _first_paragraph(section.first_page_header)
    _set_alignment(mark, Align.RIGHT)
    _add_run(mark, Run(text=letter.draft_mark, size=11, bold=True, italic=True))


def _turn_pages(document: Any) -> None:
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(_A4[1]), Mm(_A4[0])
    top, right, bottom, left = (Mm(length) for length in _ANNEX_MARGINS)
    section.top_margin, section.right_margin = top, right
    section.bottom_margin, section.left_margin = bottom, left
    section.different_first_page_header_footer = False


class _Writer:
    """Puts blocks into a document or a cell."""

    def __init__(self, document: Any, measure: Measure) -> None:
        self._document = document
        self._measure = measure

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
        form = target.paragraph_format
        _set_alignment(target, paragraph.align)
        form.space_before, form.space_after = Pt(paragraph.gap_before), Pt(paragraph.gap_after)
        if paragraph.with_next:
            form.keep_with_next = True
        if paragraph.spaced:
            measure = self._measure
            form.first_line_indent = Mm(measure.indent_mm)
            form.space_before = Pt(max(measure.gap_before, paragraph.gap_before))
            if measure.line_points:
                form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(measure.line_points)
            else:
                form.line_spacing = measure.line_multiple
        for run in paragraph.runs:
            _add_run(target, run)

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
        at = 0
        for content in row:
            place = target.cells[at]
            if content.span > 1:
                place = place.merge(target.cells[at + content.span - 1])
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
    # The order of the elements is the schema's: borders, layout, margins.
    layout = properties.find(qn("w:tblLayout"))
    if layout is not None:
        properties.remove(layout)
        properties.append(layout)
    properties.append(margins)


def _add_rule(target: Any, length_mm: float, width_mm: float) -> None:
    """A line below words: the upper border of a very low paragraph, drawn in from both sides."""
    form = target.paragraph_format
    form.left_indent = form.right_indent = Mm(max(0.0, (width_mm - length_mm) / 2))
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(4)
    form.space_before = Pt(2)
    borders = OxmlElement("w:pBdr")
    borders.append(_element("w:top", val="single", sz="6", space="1", color="000000"))
    properties = target._p.get_or_add_pPr()
    spacing = properties.find(qn("w:spacing"))
    spacing.addprevious(borders)


def _add_run(target: Any, run: Run) -> None:
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


def _add_page_number(target: Any) -> None:
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = target.add_run()
        if kind:
            run._r.append(_element("w:fldChar", fldCharType=kind))
        else:
            instruction = OxmlElement("w:instrText")
            instruction.text = text
            run._r.append(instruction)


def _first_paragraph(header: Any) -> Any:
    paragraph = header.paragraphs[0]
    for style in paragraph._p.iter(qn("w:pStyle")):
        style.getparent().remove(style)
        break
    paragraph.paragraph_format.tab_stops.add_tab_stop(Length(0), WD_TAB_ALIGNMENT.CLEAR)
    return paragraph


def _set_alignment(target: Any, align: Align) -> None:
    properties = target._p.get_or_add_pPr()
    for old in properties.findall(qn("w:jc")):
        properties.remove(old)
    target.alignment = {"left": 0, "center": 1, "right": 2, "both": 3}[_ALIGNMENTS[align]]


def _fonts() -> Any:
    return _element("w:rFonts", **dict.fromkeys(_SLOTS, FONT))


def _element(name: str, **attributes: str) -> Any:
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element


def _repacked(written: BytesIO) -> bytes:
    """The same parts under one fixed date: the library stamps them with the time of day."""
    buffer = BytesIO()
    with ZipFile(written) as source, ZipFile(buffer, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = ZipInfo(name, _ZIP_DATE)
            entry.compress_type = ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return buffer.getvalue()
