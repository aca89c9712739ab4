"""The proof: every code of a finished file is read back as a phone would, sound and damaged.

The file itself is read, not what it was made from: the PDF is drawn again by another program
(PDFium) and decoded by another library (ZXing) than those that made it.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

import pypdfium2
import zxingcpp
from PIL import Image, ImageDraw
from PIL.Image import Image as Picture

from posters.code import QUIET
from posters.damage import COPIES, DOTS_PER_INCH, Rectangle
from posters.typesetter import Document, PlacedCode

CLEAN = "clean"
#: The brightness of paper, also at a soft edge.
_WHITE = 200
_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One thing that a copy of a page gets wrong; `kind` is the key of its sentence."""

    kind: str
    page: int
    copy: str
    place: str
    product: str
    url: str
    found: str = ""


def prove_pdf(document: Document) -> list[Fault]:
    """What is wrong with a PDF: nothing, if every code on every page says what is printed there."""
    faults: list[Fault] = []
    pdf = pypdfium2.PdfDocument(document.content)
    try:
        for number in range(1, len(pdf) + 1):
            codes = [code for code in document.codes if code.page == number]
            if not codes:
                continue
            page = pdf[number - 1]
            picture = page.render(scale=DOTS_PER_INCH / 72, grayscale=True).to_pil().convert("L")
            faults += _not_printed(page.get_textpage().get_text_range(), codes)
            faults += prove_picture(picture, codes)
    finally:
        pdf.close()
    return faults


def prove_png(document: Document) -> list[Fault]:
    """The same for a picture; its text is known from its layout only."""
    return prove_picture(Image.open(BytesIO(document.content)).convert("L"), document.codes)


def prove_picture(page: Picture, codes: Sequence[PlacedCode]) -> list[Fault]:
    """What the page and its damaged copies get wrong."""
    found = read_codes(page)
    faults = list(_differences([text for text, _ in found], codes, CLEAN))
    if faults:
        return faults
    by_url = {code.url: code for code in codes}
    faults += (
        _fault("crowded", by_url[url], CLEAN) for url, at in found if _is_crowded(page, at, by_url[url])
    )
    where = [rectangle for _, rectangle in found]
    for name, damage in COPIES.items():
        texts = [text for text, _ in read_codes(damage(page, where))]
        faults += _differences(texts, codes, name)
    return faults


def read_codes(picture: Picture) -> list[tuple[str, Rectangle]]:
    """Every QR code in a picture, with the upright rectangle around it."""
    found = zxingcpp.read_barcodes(picture, formats=_QR, try_invert=False)
    return [(code.text, _around(code.position)) for code in found]


def _around(position: zxingcpp.Position) -> Rectangle:
    corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    across, down = [corner.x for corner in corners], [corner.y for corner in corners]
    return min(across), min(down), max(across), max(down)


def _differences(texts: Sequence[str], codes: Sequence[PlacedCode], copy: str) -> Iterator[Fault]:
    """Codes that were not read, as often as they appear, and texts that should not be there."""
    wanted = Counter(code.url for code in codes)
    read = Counter(texts)
    by_url = {code.url: code for code in codes}
    for url in (wanted - read).elements():
        yield _fault("unread", by_url[url], copy)
    for text in (read - wanted).elements():
        yield _fault("other", codes[0], copy, found=text)


def _is_crowded(page: Picture, code: Rectangle, placed: PlacedCode) -> bool:
    """Whether anything is in the quiet zone around a code, with a tenth of a module of tolerance.

    A decoder on a clean raster forgives this; a phone that looks for the code's edge may not.
    """
    left, top, right, bottom = code
    module = (right - left) / placed.modules
    outer, inner = round((QUIET - 0.1) * module), max(2, round(0.3 * module))
    zone = page.crop((left - outer, top - outer, right + outer, bottom + outer))
    pen = ImageDraw.Draw(zone)
    hole = (outer - inner, outer - inner, zone.width - outer + inner, zone.height - outer + inner)
    pen.rectangle(hole, fill=255)
    return any(zone.histogram()[:_WHITE])


def _not_printed(text: str, codes: Sequence[PlacedCode]) -> Iterator[Fault]:
    """Codes whose URL is not printed on the page in letters."""
    printed = "".join(text.split())
    for url, code in {code.url: code for code in codes}.items():
        if url not in printed:
            yield _fault("not_printed", code, CLEAN)


def _fault(kind: str, code: PlacedCode, copy: str, found: str = "") -> Fault:
    return Fault(
        kind=kind,
        page=code.page,
        copy=copy,
        place=code.place,
        product=code.product,
        url=code.url,
        found=found,
    )
