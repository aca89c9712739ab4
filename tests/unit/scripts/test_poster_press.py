import re
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from shutil import copytree
from typing import Any
from zipfile import ZipFile

import openpyxl
import pypdfium2
import pytest
from homthu.domain.boxes.box import BetweenRounds, Place
from homthu.domain.boxes.round import moment_at
from homthu.render.effort import MINUTES
from homthu.render.page.form_view import question_views
from homthu.render.page.inputs import FormPage
from page_builders import OPEN_AT, VI
from PIL import Image
from posters.emblem import BadEmblem, read_emblem
from posters.pack import question_groups
from posters.press import Product, Refused, produce, set_in_type
from posters.proof import read_codes
from posters.typesetter import TEMPLATES, typeset
from printing import BAC_GIANG, BASE_URL, BOXES, NGO_QUYEN, NOW, TEXTS, data_of, order, pack, whole

#: A spot at the left edge of every code.
_DIRT = "std.place(top + left, dx: 1mm, dy: 10mm, square(size: 2mm, fill: black))"


@pytest.fixture(scope="module")
def products() -> dict[str, Product]:
    return {product.path: product for product in produce(order())}


def with_place(**changes: Any) -> Any:
    """An order whose second place is another."""
    one = order()
    first, second = one.box.places
    return replace(one, box=replace(one.box, places=(first, replace(second, **changes))))


def text_of(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    pages = [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    document.close()
    return pages


def test_what_is_typeset_a_second_time_has_the_same_bytes() -> None:
    first, again = (set_in_type(order(places=1, now=NOW + timedelta(days=day))) for day in (0, 1))
    assert again == first


@pytest.mark.long
def test_a_second_run_writes_the_same_bytes(products: dict[str, Product]) -> None:
    again = {product.path: product for product in produce(order(now=NOW + timedelta(days=1)))}
    assert again == products


def test_a_ward_gets_a_pack_a_list_and_its_publicity(products: dict[str, Product]) -> None:
    kinds = sorted(Path(path).suffix for path in products)
    assert kinds == sorted([".pdf", ".pdf", ".xlsx", ".png", ".png"] + [".txt"] * 17)
    assert all(path.isascii() for path in products)


def test_pictures_have_the_sizes_that_pages_ask_for(products: dict[str, Product]) -> None:
    found = {path: one.content for path, one in products.items() if path.endswith(".png")}
    sizes = {Path(path).stem: Image.open(BytesIO(content)).size for path, content in found.items()}
    assert sizes == {"anh-vuong-1080x1080": (1080, 1080), "anh-ngang-1200x630": (1200, 630)}


def test_every_page_of_a_place_says_what_a_citizen_needs() -> None:
    one = order()
    pages = text_of(pack(2).content)
    for number, place in enumerate(one.box.places):
        for product in range(5):
            # A slip has two sides.
            page = pages[1 + product * len(one.box.places) + number * (2 if product == 4 else 1)]
            assert place.name in page
            assert f"{BASE_URL}/g/{place.code}" in page
            assert f"07210-{place.code.upper()}-01" in page
            assert "Không cần đăng nhập, không hỏi CCCD, tài khoản, OTP." in page
            assert one.box.contact.phone in page
            if place.former_ward:
                assert place.former_ward in page


def sizes_of(pdf: bytes, number: int) -> dict[str, float]:
    """Each line of a page, and the size of its smallest letter in points."""
    document = pypdfium2.PdfDocument(pdf)
    text = document[number].get_textpage()
    found: dict[str, float] = {}
    line, sizes = "", []
    for at in range(text.count_chars()):
        letter = text.get_text_range(at, 1)
        if letter in "\r\n":
            if line:
                found[line] = min(sizes)
            line, sizes = "", []
            continue
        line += letter
        sizes.append(pypdfium2.raw.FPDFText_GetFontSize(text.raw, at))
    document.close()
    return found | ({line: min(sizes)} if line else {})


@pytest.mark.parametrize(("number", "enlarged"), [(1, 1), (2, 297 / 210)])
def test_a_poster_asks_the_reader_and_says_that_no_name_is_needed(number: int, enlarged: float) -> None:
    sizes = sizes_of(pack(1).content, number)

    def size(start: str) -> float:
        return next(size for line, size in sizes.items() if line.startswith(start)) / enlarged

    assert size("Cán bộ phục vụ") >= 34
    assert size("Không ghi tên · ") >= 28
    assert f"Không ghi tên · {MINUTES} phút" in sizes
    for step in ("Mở máy ảnh", "Chọn câu trả lời", "Bấm “Gửi góp ý”"):
        assert size(step) >= 18


def test_the_slip_is_set_for_who_reads_it_without_glasses() -> None:
    one = order(places=1)
    pdf = pack(1).content
    sizes = sizes_of(pdf, 5) | sizes_of(pdf, 6)
    for question in one.box.questionnaire.questions:
        start = question.text["vi"].split(",")[0][:24]
        assert next(size for line, size in sizes.items() if start in line) >= 9, start
    for text in ("Xin nêu rõ", "Phiếu này tiếp nhận", "Mỗi câu đánh dấu"):
        assert next(size for line, size in sizes.items() if text in line) >= 10.5, text


def test_white_letters_stay_on_the_band_when_it_is_copied_in_grey() -> None:
    (red,) = re.findall(r'#let red = rgb\("#(\w{6})"\)', (TEMPLATES / "base.typ").read_text())
    parts = [int(red[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    luminance = sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    assert 1.05 / (luminance + 0.05) >= 7


EMBLEM = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path fill="#00f" d="M0 0h9v9H0z"/></svg>'


def test_the_wards_own_emblem_stands_in_the_band(tmp_path: Path) -> None:
    (tmp_path / "bieu-trung.svg").write_text(EMBLEM)
    one = order(places=1, emblem=read_emblem(tmp_path, "bieu-trung.svg"))
    with_emblem, *_ = set_in_type(one)
    for document, is_there in ((with_emblem, True), (pack(1), False)):
        page = pypdfium2.PdfDocument(document.content)[1].render(scale=1).to_pil().convert("RGB")
        colours = {colour for _, colour in page.getcolors(page.width * page.height)}
        assert ((0, 0, 255) in colours) == is_there
    assert read_emblem(tmp_path, "") is None


@pytest.mark.parametrize(
    ("name", "content"), [("a.svg", None), ("a.svg", b"GIF89a"), ("a.png", EMBLEM.encode()), ("a.svg", b"")]
)
def test_an_emblem_that_is_none_is_refused_by_its_path(
    name: str, content: bytes | None, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(BadEmblem) as bad:
        read_emblem(tmp_path, name)
    assert bad.value.path == tmp_path / name


def test_the_code_never_expires_but_the_strip_does() -> None:
    """Next year's pack has the same codes; only posters and strips bear dates."""
    before, after = order(), order(now=NOW + timedelta(days=120))
    codes = [[place["codes"] for place in data_of(one)["places"]] for one in (before, after)]
    assert codes[0] == codes[1]
    pages = text_of(pack(2).content)
    posters, others, strips = pages[1:5], pages[5:13], pages[13:]
    assert all("Đợt 4 năm 2026: từ 01/10/2026 đến hết 25/12/2026" in page for page in posters)
    assert not any("Đợt" in page for page in others)
    assert len(strips) == 8
    assert sum("Đợt 2 năm 2027" in page for page in strips) == 2


def test_a_box_without_rounds_has_a_strip_as_well() -> None:
    one = order()
    always = data_of(replace(one, box=replace(one.box, rounds=())))
    assert always["round"]["line"] == "Nhận góp ý quanh năm"
    closed = replace(one.box, rounds=(), between_rounds=BetweenRounds.CLOSE)
    assert "…/…" in data_of(replace(one, box=closed))["round"]["line"]


@pytest.mark.parametrize("ward", [NGO_QUYEN, BAC_GIANG])
def test_the_slip_asks_what_the_form_asks_with_its_numbers(ward: str) -> None:
    box = BOXES[ward]
    moment = moment_at(box.rounds, OPEN_AT, box.closing_hours)
    page = FormPage(box=box, place=box.places[0], moment=moment, options=VI, base_url=BASE_URL)
    form = [
        (view.number, view.text, view.is_required, [(one.letter, one.label) for one in view.options])
        for view in question_views(page, TEXTS)
    ]
    slip: list[tuple[int, str, bool, list[tuple[str, str]]]] = []
    for group in question_groups(box.questionnaire.questions):
        for question in group.get("questions", [group]):
            options = [(one["letter"], one["label"]) for one in question["options"]]
            slip.append((question["number"], question["text"], question["required"], options))
            assert group.get("labels", question["options"]) == question["options"]
    assert slip == form


def test_the_printed_slip_holds_every_question_option_and_service_in_order() -> None:
    one = order(places=1)
    asked = one.box.questionnaire
    page = " ".join(text_of(pack(1).content)[5:7])
    at = [page.index(f"{number}. {q.text['vi'][:40]}") for number, q in enumerate(asked.questions, 1)]
    assert at == sorted(at)
    for question in asked.choices:
        for number, option in enumerate(question.options):
            assert re.search(rf"\b{'abcdef'[number]}\s+{re.escape(option.label['vi'])}", page), option
    ratings = len(asked.ratings)
    assert len(re.findall(r"\ba\s+b\s+c\s+d\s+e\s+f\b", page)) == ratings, "a letter before each box"
    assert all(service.label["vi"] in page for service in asked.services)
    assert asked.text_label["vi"] in page
    assert "khiếu nại, tố cáo" in page


def test_a_longer_questionnaire_flows_over_to_the_back_of_the_slip() -> None:
    one = order(places=1)
    asked = one.box.questionnaire
    longer = replace(asked, questions=asked.questions + asked.questions[:6])
    pages = text_of(
        typeset("pack.typ", data_of(replace(one, box=replace(one.box, questionnaire=longer)))).content
    )
    slip = " ".join(pages[5:7])
    assert "16. " in slip
    assert "Băng thời gian" in pages[7]


def test_a_place_name_that_is_too_long_is_refused_with_every_product_and_place() -> None:
    name = "Nhà sinh hoạt cộng đồng và trung tâm học tập tổ dân phố liên khu số mười hai"
    with pytest.raises(Refused) as refused:
        set_in_type(with_place(name=name))
    problems = refused.value.problems
    assert any("bg-tx1" in problem and name in problem and "Áp phích A4" in problem for problem in problems)
    assert all("functions/boxes" in problem for problem in problems)
    assert len(problems) == len(set(problems))


@pytest.mark.parametrize(
    "base_url",
    [
        pytest.param("https://gopy.vn", marks=pytest.mark.long),
        pytest.param("http://localhost:8080", marks=pytest.mark.long),
        pytest.param("https://gopy.phuongbacgiang.gov.vn", marks=pytest.mark.long),
        "https://gopy-phuongbacgiang.bacninh.gov.vn",
    ],
)
@pytest.mark.parametrize("ward", [NGO_QUYEN, pytest.param(BAC_GIANG, marks=pytest.mark.long)])
def test_every_name_that_is_shipped_fits_beside_short_and_long_addresses(ward: str, base_url: str) -> None:
    set_in_type(order(ward, None, base_url=base_url))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("image(bytes(one.svg)", "hide(image(bytes(one.svg)", "không đọc được mã"),
        ("alt: one.url)", f"alt: one.url)\n{_DIRT}", "khoảng trắng quanh mã"),
        ("at(kind) * 1mm", "at(kind) * 0.2mm", "bản mờ"),
    ],
)
def test_a_poster_that_fails_its_proof_is_not_handed_over(
    old: str, new: str, said: str, tmp_path: Path
) -> None:
    """Templates that an office has spoiled: no code, a spot in its quiet zone, codes too small."""
    templates = Path(copytree(TEMPLATES, tmp_path / "print"))
    base = templates / "base.typ"
    source = base.read_text("utf-8")
    assert old in source
    spoiled = source.replace(old, new)
    if "hide(" in new:
        spoiled = spoiled.replace("alt: one.url)", "alt: one.url))", 1)
    base.write_text(spoiled, "utf-8")
    with pytest.raises(Refused) as refused:
        produce(order(places=1, templates=templates))
    assert any("bg-hcc" in problem and said in problem for problem in refused.value.problems)


def test_a_reader_shows_the_title_and_not_the_file_s_name() -> None:
    for document in (whole(NGO_QUYEN, "pack.typ"), whole(NGO_QUYEN, "list.typ")):
        assert b"/DisplayDocTitle true" in document.content


def test_the_list_holds_every_place_with_a_code_that_gives_its_url(products: dict[str, Product]) -> None:
    content = products["danh-sach-ma-qr-07210.xlsx"].content
    sheet = openpyxl.load_workbook(BytesIO(content)).active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    places: tuple[Place, ...] = order().box.places
    assert [row[1] for row in rows] == [place.code for place in places]
    assert [row[5] for row in rows] == [f"{BASE_URL}/g/{place.code}" for place in places]
    assert [row[8] for row in rows] == ["07210-BG-HCC-01", "07210-BG-TX1-01"]
    with ZipFile(BytesIO(content)) as archive:
        names = sorted(name for name in archive.namelist() if name.startswith("xl/media/"))
        found = [read_codes(Image.open(BytesIO(archive.read(name))).convert("L")) for name in names]
    assert [texts[0][0] for texts in found] == [row[5] for row in rows]


def test_a_poster_that_runs_over_its_page_is_refused() -> None:
    """A ward's own wording may be longer than ours; then no sheet may silently become two."""
    data = data_of(order(places=1))
    data["words"]["steps"] = [step * 12 for step in data["words"]["steps"]]
    document = typeset("pack.typ", data)
    assert {line.product for line in document.lines if not line.fits} >= {"a4", "a3", "tent"}
