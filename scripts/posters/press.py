"""The press: checks an order, typesets every product, proves it, and hands over finished files."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from homthu.domain.boxes.box import Box
from homthu.domain.week import local_date
from homthu.render.numbers import format_decimal
from homthu.render.texts import Texts

from posters.emblem import Emblem
from posters.glyphs import FONTS, missing_fonts, texts_in, unprintable
from posters.listing import workbook
from posters.pack import coming_rounds, pack_data
from posters.proof import Fault, prove_pdf, prove_png
from posters.publicity import PICTURES, BadTemplates, picture_data, publicity_texts
from posters.sizes import LEAST_MODULE_MM, SIZES
from posters.typesetter import TEMPLATES, Document, draw, typeset


class Refused(Exception):
    """The order cannot be printed; `problems` are sentences, each with its place and what to do."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """What is to be printed. The edition is raised when a poster is replaced by a new one."""

    box: Box
    base_url: str
    edition: int
    now: datetime
    texts: Texts
    emblem: Emblem | None = None
    fonts: Path = FONTS
    templates: Path = TEMPLATES


@dataclass(frozen=True, kw_only=True, slots=True)
class Product:
    """One file, by its path below the folder asked for, with the codes that were read back from it."""

    path: str
    content: bytes
    codes: int = 0


def produce(order: Order, progress: Callable[[str], None] = lambda _: None) -> list[Product]:
    """Every file of a ward's print and publicity. Raise `Refused`; then nothing may be written."""
    texts, ward = order.texts, order.box.ward.code
    pack, listing, pictures, notices = set_in_type(order)
    codes = sum(len(document.codes) for document in (pack, listing, *pictures.values()))
    pages = len({code.page for code in pack.codes}) + len({code.page for code in listing.codes})
    progress(texts("print.done.proving", codes=codes, pages=pages + len(pictures)))
    faults = [*prove_pdf(pack), *prove_pdf(listing)]
    faults += [fault for picture in pictures.values() for fault in prove_png(picture)]
    if faults:
        raise Refused(_distinct(describe_fault(fault, texts) for fault in faults))
    name, folder = texts("print.file.list", ward=ward), texts("print.file.publicity")
    return [
        Product(path=texts("print.file.pack", ward=ward), content=pack.content, codes=len(pack.codes)),
        Product(path=f"{name}.pdf", content=listing.content, codes=len(listing.codes)),
        Product(path=f"{name}.xlsx", content=_workbook(order)),
        *(
            Product(path=f"{folder}/{texts(f'publicity.file.{shape}')}.png", content=picture.content, codes=1)
            for shape, picture in pictures.items()
        ),
        *(Product(path=f"{folder}/{file}", content=text.encode()) for file, text in notices.items()),
    ]


def set_in_type(order: Order) -> tuple[Document, Document, dict[str, Document], dict[str, str]]:
    """Everything typeset; raise `Refused` with all that does not fit or is broken."""
    box, texts, base_url = order.box, order.texts, order.base_url
    problems = [
        texts("print.refused.font", file=path.name, folder="scripts/posters/fonts")
        for path in missing_fonts(order.fonts)
    ]
    round_ = next(iter(coming_rounds(box, order.now)), None)
    notices: dict[str, str] = {}
    try:
        notices = publicity_texts(box, base_url, round_, texts)
    except BadTemplates as bad:
        problems += [
            texts("print.refused.bad_text", file=f"publicity.vi.toml, {key}", reason=reason)
            for key, reason in bad.problems
        ]
    problems += too_dense(order)
    if missing_fonts(order.fonts):
        raise Refused(problems)
    data = pack_data(box, base_url, order.edition, order.now, texts)
    data["emblem"] = order.emblem.data if order.emblem else None
    posted = {shape: picture_data(box, base_url, round_, texts, shape) for shape in PICTURES}
    if undrawn := without_glyphs([data, *posted.values()], order):
        raise Refused([*problems, *undrawn])
    sources = {"fonts": order.fonts, "templates": order.templates}
    pack = typeset("pack.typ", data, **sources)
    listing = typeset("list.typ", data, **sources)
    pictures = {shape: draw("picture.typ", one, **sources) for shape, one in posted.items()}
    problems += _distinct(
        describe_line(line.place, line.product, line.text, texts)
        for document in (pack, listing, *pictures.values())
        for line in document.lines
        if not line.fits
    )
    if problems:
        raise Refused(problems)
    return pack, listing, pictures, notices


def too_dense(order: Order) -> list[str]:
    """Codes whose modules are too small for a poor copy, because the address is too long."""
    data = pack_data(order.box, order.base_url, order.edition, order.now, order.texts)
    return [
        order.texts(
            "print.refused.too_dense",
            place=place["code"],
            product=order.texts(f"print.product.{product}"),
            url=place["codes"][kind]["url"],
            module=format_decimal(size.module(place["codes"][kind]["modules"])),
            least=format_decimal(LEAST_MODULE_MM),
        )
        for place in data["places"]
        for product, kinds in SIZES.items()
        for kind, size in kinds.items()
        if size.module(place["codes"][kind]["modules"]) < LEAST_MODULE_MM
    ]


def without_glyphs(data: Iterable[Mapping[str, Any]], order: Order) -> list[str]:
    """Texts with letters that no font draws: left blank, they would make another name."""
    found: dict[str, str] = {}
    for one in data:
        for place in one.get("places", ()):
            found |= dict.fromkeys(texts_in(place), place["code"])
        found = {**dict.fromkeys(texts_in(one), ""), **found}
    return [
        order.texts(
            "print.refused.no_glyph" if place else "print.refused.no_glyph_ward",
            place=place,
            text=text,
            letters=", ".join(f"«{letter}» (U+{ord(letter):04X})" for letter in letters),
        )
        for text, place in found.items()
        if (letters := unprintable(text, order.fonts))
    ]


def describe_line(place: str, product: str, text: str, texts: Texts) -> str:
    """A text that does not fit, with the place it belongs to."""
    is_name = place and not text.startswith("http")
    key = "print.refused.too_long" if is_name else "print.refused.too_long_ward"
    return texts(key, place=place, product=texts(f"print.product.{product}"), text=text)


def describe_fault(fault: Fault, texts: Texts) -> str:
    """A code that did not pass."""
    return texts(
        "print.refused.proof",
        place=fault.place,
        product=texts(f"print.product.{fault.product}"),
        page=fault.page,
        copy=texts(f"print.copy.{fault.copy}"),
        fault=texts(f"print.fault.{fault.kind}", url=fault.url, found=fault.found),
    )


def _distinct(problems: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(problems))


def _workbook(order: Order) -> bytes:
    return workbook(order.box, order.base_url, order.edition, _dated(order), order.texts)


def _dated(order: Order) -> date:
    """The date in the workbook: the first day of the year.

    The day of printing would make every day's list another file, though nothing in it differs.
    """
    return local_date(order.now).replace(month=1, day=1)
