"""The blocks of a letter as WordprocessingML (ECMA-376, part 1, 17), to be parsed whole.

python-docx would make each element by asking for one property after the other, each time looking for its
place among its neighbours: three quarters of the processor time of a whole weekly report (decision 0046).
"""

import re
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

from homthu.render.letter.document import Align, Block, Cell, Grid, Paragraph, Role, Run

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
#: On a paragraph that a comment belongs to, until the comment is made.
NOTED = "noted"
_RULED = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_BREAK = re.compile(r"([\t\r\n])")
#: What must stand in a run as an element of its own.
_BREAKS = {"\t": "<w:tab/>", "\r": "<w:br/>", "\n": "<w:br/>"}


def blocks_markup(blocks: Iterable[Block], *, width_mm: float) -> str:
    """The blocks one below the other, in a root; `width_mm` is the page's between its margins."""
    inner = "".join(_grid(one) if isinstance(one, Grid) else _paragraph(one, width_mm) for one in blocks)
    return f'<w:body xmlns:w="{NAMESPACE}">{inner}</w:body>'


def run_markup(run: Run) -> str:
    """A run; with a field what a word processor needs to recalculate it, around what is shown until then."""
    shown = f"<w:r>{_letters(run)}{''.join(map(_text, _BREAK.split(run.text)))}</w:r>"
    if not run.field:
        return shown
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f"<w:r><w:instrText>{escape(run.field)}</w:instrText></w:r>"
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{shown}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def _letters(run: Run) -> str:
    # In the order of the schema (CT_RPr).
    properties = (
        ("<w:b/>" if run.bold else "")
        + ("<w:i/>" if run.italic else "")
        + (f'<w:sz w:val="{int(run.size * 2)}"/>' if run.size else "")
        + ('<w:u w:val="single"/>' if run.underline else "")
    )
    return f"<w:rPr>{properties}</w:rPr>" if properties else ""


def _text(part: str) -> str:
    if not part or part in _BREAKS:
        return _BREAKS.get(part, "")
    preserve = ' xml:space="preserve"' if part != part.strip() else ""
    return f"<w:t{preserve}>{escape(part)}</w:t>"


def _paragraph(paragraph: Paragraph, width_mm: float) -> str:
    """A paragraph, and below it the line that it may have."""
    # In the order of the schema (CT_PPr).
    gaps = _attributes(before=points(paragraph.gap_before), after=points(paragraph.gap_after))
    is_centred_heading = paragraph.role is Role.HEADING and paragraph.align is Align.CENTRE
    properties = (
        (f'<w:pStyle w:val="{paragraph.role}"/>' if paragraph.role is not Role.PLAIN else "")
        + ("<w:keepNext/>" if paragraph.with_next else "")
        + (f"<w:spacing{gaps}/>" if gaps else "")
        + ('<w:ind w:firstLine="0"/>' if is_centred_heading else "")
        + (f'<w:jc w:val="{paragraph.align}"/>' if paragraph.align is not None else "")
    )
    noted = f" {NOTED}={quoteattr(paragraph.note)}" if paragraph.note else ""
    form = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    runs = "".join(map(run_markup, paragraph.runs or (Run(text=""),)))
    rule = _rule(paragraph.rule_mm, width_mm) if paragraph.rule_mm else ""
    return f"<w:p{noted}>{form}{runs}</w:p>{rule}"


def _rule(length_mm: float, width_mm: float) -> str:
    """A line below words: the upper border of a very low paragraph, indented from both sides."""
    indent = twips(max(0.0, (width_mm - length_mm) / 2))
    return (
        '<w:p><w:pPr><w:pBdr><w:top w:val="single" w:sz="6" w:space="1" w:color="000000"/></w:pBdr>'
        '<w:spacing w:lineRule="exact" w:line="80" w:before="40"/>'
        f'<w:ind w:left="{indent}" w:right="{indent}"/></w:pPr></w:p>'
    )


def _grid(grid: Grid) -> str:
    side = "".join(
        f'<w:{name} w:w="{width if grid.ruled else 0}" w:type="dxa"/>'
        for name, width in (("top", 20), ("left", 60), ("bottom", 20), ("right", 60))
    )
    borders = f"<w:tblBorders>{_RULED}</w:tblBorders>" if grid.ruled else ""
    caption = f"<w:tblCaption w:val={quoteattr(grid.title)}/>" if grid.title else ""
    columns = "".join(f'<w:gridCol w:w="{twips(width)}"/>' for width in grid.widths)
    rows = "".join(_row(grid, row, is_heading=at < grid.heading_rows) for at, row in enumerate(grid.rows))
    # In the order of the schema (CT_TblPr).
    return (
        f'<w:tbl><w:tblPr><w:tblW w:type="auto" w:w="0"/>{borders}<w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{side}</w:tblCellMar>{caption}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"
    )


def _row(grid: Grid, row: Sequence[Cell], *, is_heading: bool) -> str:
    least = ""
    if is_heading:
        least = "<w:tblHeader/>"
    elif grid.height_mm:
        least = f'<w:trHeight w:val="{twips(grid.height_mm)}" w:hRule="atLeast"/>'
    at, cells = 0, []
    for content in row:
        width_mm = sum(grid.widths[at : at + content.span])
        cells.append(_cell(content, width_mm, is_heading=is_heading))
        at += content.span
    return f"<w:tr><w:trPr><w:cantSplit/>{least}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(content: Cell, width_mm: float, *, is_heading: bool) -> str:
    span = f'<w:gridSpan w:val="{content.span}"/>' if content.span > 1 else ""
    upright = '<w:vAlign w:val="center"/>' if is_heading else ""
    paragraphs = "".join(_paragraph(one, width_mm) for one in content.paragraphs)
    return (
        f'<w:tc><w:tcPr><w:tcW w:type="dxa" w:w="{twips(width_mm)}"/>{span}{upright}</w:tcPr>'
        f"{paragraphs or '<w:p/>'}</w:tc>"
    )


def _attributes(**lengths: int) -> str:
    return "".join(f' w:{name}="{value}"' for name, value in lengths.items() if value)


def points(length: float) -> int:
    """Points in twentieths of one, as WordprocessingML measures."""
    return round(length * 20)


def twips(millimetres: float) -> int:
    """Millimetres in twentieths of a point."""
    return round(millimetres * 1440 / 25.4)
