"""Typst, behind one door: a template and its data in, pages out, with what the layout found."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typst
from environment import ROOT

from posters.glyphs import FONTS, missing_fonts, rare_letters, texts_in

TEMPLATES = ROOT / "web" / "templates" / "print"
#: The products that may take as many pages as their questions need.
FLOWING = ("slip",)


class MissingFonts(Exception):
    """Font files that the templates name are missing; `files` are their paths."""

    def __init__(self, files: Sequence[Path]) -> None:
        super().__init__(", ".join(map(str, files)))
        self.files = files


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacedCode:
    """A code as the layout placed it; the page counts from 1, `modules` is the code's side."""

    page: int
    place: str
    product: str
    url: str
    modules: int


@dataclass(frozen=True, kw_only=True, slots=True)
class FittedLine:
    """A text with limited room, and whether it fits even in its smallest size."""

    place: str
    product: str
    text: str
    fits: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A finished file and what it holds."""

    content: bytes
    codes: tuple[PlacedCode, ...]
    lines: tuple[FittedLine, ...]


def typeset(
    template: str, data: Mapping[str, Any], *, fonts: Path = FONTS, templates: Path = TEMPLATES
) -> Document:
    """A PDF. The same data make the same bytes: it contains no date, system font or path."""
    compiler = _compiler(templates / template, data, fonts)
    lines = (*_lines(compiler), *_overrun(compiler))
    # PDF/UA has a reader show the title instead of the file's name, and takes no letter without its glyph.
    content = compiler.compile(format="pdf", timestamp=0, pdf_standards="ua-1")
    assert isinstance(content, bytes)
    return Document(content=content, codes=_codes(compiler), lines=lines)


def draw(
    template: str, data: Mapping[str, Any], *, fonts: Path = FONTS, templates: Path = TEMPLATES
) -> Document:
    """A PNG of one page, one pixel per point.

    What flows over to a second page is noted as a line that does not fit.
    """
    compiler = _compiler(templates / template, data, fonts)
    drawn = compiler.compile(format="png", ppi=72.0)
    pages = drawn if isinstance(drawn, list) else [drawn]
    lines = _lines(compiler)
    if len(pages) > 1:
        lines += (FittedLine(place="", product="picture", text=data["title"], fits=False),)
    assert pages[0] is not None
    return Document(content=pages[0], codes=_codes(compiler), lines=lines)


def _compiler(template: Path, data: Mapping[str, Any], fonts: Path) -> typst.Compiler:
    if missing := missing_fonts(fonts):
        raise MissingFonts(missing)
    return typst.Compiler(
        str(template),
        root=str(template.parent),
        font_paths=[str(fonts)],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps({**data, "rare": _rare(data, fonts)}, ensure_ascii=False)},
    )


def _rare(data: Mapping[str, Any], fonts: Path) -> str:
    """An expression for one of the letters that the first family lacks, as Typst's `regex` takes it."""
    letters = rare_letters(list(texts_in(data)), fonts)
    return "".join(f"\\x{{{ord(letter):x}}}" for letter in letters)


def _codes(compiler: typst.Compiler) -> tuple[PlacedCode, ...]:
    return tuple(PlacedCode(**found) for found in _query(compiler, "<code>"))


def _lines(compiler: typst.Compiler) -> tuple[FittedLine, ...]:
    return tuple(FittedLine(**found) for found in _query(compiler, "<fit>"))


def _overrun(compiler: typst.Compiler) -> Iterator[FittedLine]:
    """Products of one page each that took more, by the pages on which they and their followers begin."""
    sheets = _query(compiler, "<sheet>")
    if not sheets:
        return
    (last,) = _query(compiler, "<pages>")
    ends = [*(sheet["page"] for sheet in sheets[1:]), last + 1]
    for sheet, end in zip(sheets, ends, strict=True):
        if end - sheet["page"] > 1 and sheet["product"] not in FLOWING:
            yield FittedLine(place=sheet["place"], product=sheet["product"], text=sheet["text"], fits=False)


def _query(compiler: typst.Compiler, selector: str) -> list[Any]:
    found: list[Any] = json.loads(compiler.query(selector, field="value"))
    return found
