"""Every code is read again from real rasters: by our own proof, and by readers it does not use."""

from collections import Counter
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageDraw
from posters.code import make_code
from posters.damage import COPIES
from posters.pack import code_data
from posters.press import describe_fault
from posters.proof import prove_pdf, prove_picture, read_codes
from posters.sizes import DISTANCE_OVER_SIDE, LEAST_MODULE_MM, SIZES
from posters.typesetter import Document, PlacedCode, typeset
from printing import (
    BAC_GIANG,
    BASE_URL,
    BOXES,
    NGO_QUYEN,
    TEXTS,
    data_of,
    order,
    pack,
    rasters,
    read_by_zbar,
    whole,
)

URL = f"{BASE_URL}/g/bg-hvt1"
#: What a place has in the pack: two posters with both codes, a tent with both on two faces, stickers, a slip.
#: Two posters, two faces of a tent, six stickers and a slip; two faces and two stickers in large print.
MAIN_CODES, LARGE_CODES = 1 + 1 + 2 + 6 + 1, 2 + 2

#: A pack is set once in each process; the larger ward's with all that takes minutes.
WARDS = [NGO_QUYEN, pytest.param(BAC_GIANG, marks=pytest.mark.long)]


def picture_of(url: str) -> tuple[Image.Image, list[PlacedCode]]:
    page = Image.open(BytesIO(make_code(url).png)).convert("L")
    return page, [PlacedCode(page=1, place="bg-hvt1", product="a4", url=url, modules=make_code(url).modules)]


def on_the_poster(document: Document) -> Document:
    """The same with the codes of its A4 poster alone, so that no other page is looked at."""
    (page,) = {code.page for code in document.codes if code.product == "a4"}
    return replace(document, codes=tuple(code for code in document.codes if code.page == page))


@pytest.mark.parametrize("template", ["pack.typ", "list.typ"])
def test_every_code_of_a_place_can_be_read_sound_and_damaged(template: str) -> None:
    document = typeset(template, data_of(order(places=1)))
    assert [describe_fault(fault, TEXTS) for fault in prove_pdf(document)] == []


@pytest.mark.long
@pytest.mark.parametrize("ward", [NGO_QUYEN, BAC_GIANG])
@pytest.mark.parametrize("template", ["pack.typ", "list.typ"])
def test_every_code_of_a_ward_can_be_read_sound_and_damaged(ward: str, template: str) -> None:
    document = whole(ward, template)
    assert [describe_fault(fault, TEXTS) for fault in prove_pdf(document)] == []


@pytest.mark.parametrize("ward", WARDS)
def test_every_place_has_every_product(ward: str) -> None:
    counts = Counter(code.url for code in whole(ward, "pack.typ").codes)
    wanted = {}
    for place in BOXES[ward].places:
        wanted[f"{BASE_URL}/g/{place.code}"] = MAIN_CODES
        wanted[f"{BASE_URL}/g/{place.code}?c=to"] = LARGE_CODES
    assert counts == wanted


def test_another_reader_finds_the_same_in_another_programs_pages(tmp_path: Path) -> None:
    """ZBar over Poppler's rasters; the proof itself uses ZXing over PDFium's."""
    document = pack(2)
    for number, page in enumerate(rasters(document.content, tmp_path, 120), 1):
        wanted = Counter(code.url for code in document.codes if code.page == number)
        assert read_by_zbar(page) == wanted, f"page {number}"


@pytest.mark.parametrize("copy", COPIES)
def test_another_reader_reads_the_damaged_poster_too(copy: str, tmp_path: Path) -> None:
    document = pack(1)
    (poster,) = {code.page for code in document.codes if code.product == "a4"}
    page = pypdfium2.PdfDocument(document.content)[poster - 1].render(scale=150 / 72, grayscale=True)
    sound = page.to_pil().convert("L")
    damaged = COPIES[copy](sound, [rectangle for _, rectangle in read_codes(sound)])
    damaged.save(tmp_path / "damaged.png")
    assert read_by_zbar(tmp_path / "damaged.png")[f"{BASE_URL}/g/bg-hcc"] == 1


@pytest.mark.parametrize("ward", WARDS)
def test_the_url_that_a_code_gives_stands_beside_it_in_letters(ward: str) -> None:
    document = whole(ward, "pack.typ")
    pdf = pypdfium2.PdfDocument(document.content)
    for code in document.codes:
        text = pdf[code.page - 1].get_textpage().get_text_range()
        assert code.url in "".join(text.split())
    pdf.close()


def test_a_code_that_says_another_url_than_is_printed_is_not_written() -> None:
    data = data_of(order(places=1))
    other = code_data("https://gopy.phuongbacgiang.gov.vn.example.com/g/bg-hcc")
    data["places"][0]["codes"]["main"]["svg"] = other["svg"]
    kinds = {fault.kind for fault in prove_pdf(typeset("pack.typ", data))}
    assert kinds == {"unread", "other"}


def test_a_code_whose_url_is_not_printed_is_a_fault() -> None:
    data = data_of(order(places=1))
    data["places"][0]["url"] = BASE_URL
    assert "not_printed" in {fault.kind for fault in prove_pdf(on_the_poster(typeset("pack.typ", data)))}


def test_a_code_that_the_layout_hides_is_a_fault() -> None:
    document = on_the_poster(pack(1))
    hidden = PlacedCode(page=2, place="bg-hcc", product="a4", url=URL, modules=37)
    faults = prove_pdf(replace(document, codes=(*document.codes, hidden)))
    assert [(fault.kind, fault.url) for fault in faults if fault.copy == "clean"] == [
        ("not_printed", URL),
        ("unread", URL),
    ]


def test_a_code_that_only_reads_while_it_is_clean_is_a_fault() -> None:
    page, codes = picture_of(URL)
    assert prove_picture(page, codes) == []
    pen = ImageDraw.Draw(page)
    side = page.width
    # Scratches over the edge leave it readable, but with nothing to spare for a stain.
    pen.rectangle((side * 0.42, 0, side * 0.62, side * 0.4), fill=255)
    found = read_codes(page)
    assert [text for text, _ in found] == [URL]
    assert {fault.copy for fault in prove_picture(page, codes)} & {"stain", "patch"}


def test_every_copy_really_differs_from_the_page() -> None:
    page, _ = picture_of(URL)
    where = [rectangle for _, rectangle in read_codes(page)]
    for name, damage in COPIES.items():
        copy = damage(page, where)
        assert copy.size != page.size or copy.tobytes() != page.tobytes(), name
        assert damage(page, where).tobytes() == copy.tobytes(), f"{name} is not the same twice"


def test_the_stain_covers_fifteen_percent_of_the_code() -> None:
    white = Image.new("L", (500, 500), 255)
    dirty = COPIES["stain"](white, [(100, 100, 400, 400)])
    share = sum(dirty.histogram()[:255]) / (300 * 300)
    assert 0.145 < share < 0.155


def test_sizes_keep_the_rule_for_the_reading_distance() -> None:
    for product, kinds in SIZES.items():
        for size in kinds.values():
            assert size.side * DISTANCE_OVER_SIDE >= size.distance, product


def test_printed_codes_are_as_large_as_the_table_says() -> None:
    """Measured on the page: the dark square of the A4 poster's code, in millimetres."""
    document = pack(1)
    sides = {}
    pdf = pypdfium2.PdfDocument(document.content)
    for code in document.codes:
        picture = pdf[code.page - 1].render(scale=150 / 72, grayscale=True).to_pil().convert("L")
        for text, (left, _, right, _) in read_codes(picture):
            if text == code.url:
                kind = "large" if text.endswith("?c=to") else "main"
                sides[code.product, kind] = (right - left) / 150 * 25.4
    pdf.close()
    for (product, kind), side in sides.items():
        assert side == pytest.approx(SIZES[product][kind].side, rel=0.03)
    assert len(sides) == 7


def test_modules_survive_a_copy_at_72_dots_an_inch() -> None:
    for ward in (NGO_QUYEN, BAC_GIANG):
        for place in data_of(order(ward, None))["places"]:
            for product, kinds in SIZES.items():
                for kind, size in kinds.items():
                    assert size.module(place["codes"][kind]["modules"]) >= LEAST_MODULE_MM, product


def test_a_mark_in_the_quiet_zone_is_a_fault() -> None:
    """Readers forgive it on a clean raster, so it has to be looked for."""
    page, codes = picture_of(URL)
    module = page.width // (codes[0].modules + 8)
    ImageDraw.Draw(page).rectangle((module, page.height // 2, 2 * module, page.height // 2 + module), fill=0)
    assert [text for text, _ in read_codes(page)] == [URL]
    assert "crowded" in {fault.kind for fault in prove_picture(page, codes)}
