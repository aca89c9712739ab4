"""Writes a letter as a .docx. The one module that knows python-docx.

Equal input gives equal bytes: the dates are the report's.
"""

from collections.abc import Iterable
from functools import cache
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_PARAGRAPH_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Length, Mm
from docx.text.run import Run

from homthu.render.letter.document import Block, Letter, Margins
from homthu.render.letter.document import Run as Words
from homthu.render.letter.markup import NAMESPACE, NOTED, blocks_markup, run_markup
from homthu.render.letter.stationery import clear, prepare
from homthu.render.office_file import repacked

_A4 = (210, 297)
#: The margins of an annex, which is landscape.
_ACROSS = Margins(top=20, right=15, bottom=15, left=15)
_HEADER_MM = 10


def write_letter(letter: Letter) -> bytes:
    """The letter as the bytes of a .docx."""
    document = Document(BytesIO(_cleared()))
    prepare(document, letter, parse_xml)
    _set_page(document.sections[0], letter.margins, is_across=letter.is_across)
    _set_headers(document.sections[0], letter.draft_mark)
    _add_blocks(document, letter.pages, letter.notes_by)
    for annex in letter.annexes:
        section = document.add_section(WD_SECTION.NEW_PAGE)
        _set_page(section, _ACROSS, is_across=True)
        # Nghị định 30/2020, Phụ lục I, mục III: each annex is numbered by itself, and as in the letter its
        # first page shows no number.
        _number_from_one(section)
        _first_paragraph(section.first_page_header)
        _add_blocks(document, annex, letter.notes_by)
    buffer = BytesIO()
    document.save(buffer)
    return repacked(buffer)


@cache
def _cleared() -> bytes:
    """A document that has nothing of the library's own: most of what it brings is read only to be removed."""
    document = Document()
    clear(document)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


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
    number.alignment = WD_PARAGRAPH_ALIGNMENT.CENTER
    _add_words(number, Words(text="", field="PAGE"))
    mark = _first_paragraph(section.first_page_header)
    if draft_mark:
        mark.alignment = WD_PARAGRAPH_ALIGNMENT.RIGHT
        _add_words(mark, Words(text=draft_mark, size=11, bold=True, italic=True))


def _number_from_one(section: Any) -> None:
    properties = section._sectPr
    for old in properties.findall(qn("w:pgNumType")):
        properties.remove(old)
    number = OxmlElement("w:pgNumType", {qn("w:start"): "1"})
    properties.find(qn("w:pgMar")).addnext(number)


def _add_blocks(document: Any, blocks: Iterable[Block], notes_by: str) -> None:
    """Add the blocks one below the other, and the comments of those that have one."""
    section = document.sections[-1]
    width = Length(section.page_width - section.left_margin - section.right_margin)
    last = document.element.body[-1]
    for element in list(parse_xml(blocks_markup(blocks, width_mm=width.mm))):
        last.addprevious(element)
        for noted in element.iter(qn("w:p")):
            if note := noted.attrib.pop(NOTED, ""):
                _add_note(document, noted, note, notes_by)


def _add_note(document: Any, paragraph: Any, text: str, by: str) -> None:
    runs = [Run(one, document) for one in paragraph.r_lst]
    initials = "".join(word[0] for word in by.split())
    comment = document.add_comment(runs, text=text, author=by, initials=initials)
    # When a comment was made is nobody's business, and Word does not require it (ECMA-376, 17.13.4.2).
    del comment._comment_elm.attrib[qn("w:date")]


def _add_words(target: Any, run: Words) -> None:
    for element in list(parse_xml(f'<w:p xmlns:w="{NAMESPACE}">{run_markup(run)}</w:p>')):
        target._p.append(element)


def _first_paragraph(header: Any) -> Any:
    header.is_linked_to_previous = False
    paragraph = header.paragraphs[0]
    for style in list(paragraph._p.iter(qn("w:pStyle"))):
        style.getparent().remove(style)
    return paragraph
