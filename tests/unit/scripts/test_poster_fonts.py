"""What the fonts of the posters draw, and what is refused because they do not."""

import re
import subprocess
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from posters.glyphs import FAMILIES, FONTS
from posters.press import Order, Refused, produce, set_in_type
from posters.typesetter import Document
from printing import BAC_GIANG, BOXES, order, rasters


def test_missing_fonts_are_refused_by_name_with_the_cure(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        produce(order(fonts=tmp_path))
    assert len(refused.value.problems) == 9
    assert "BeVietnamPro_400Regular.ttf" in refused.value.problems[0]
    assert "git checkout" in refused.value.problems[0]


def test_the_fonts_are_shipped_with_their_licence() -> None:
    for stem in FAMILIES.values():
        assert "SIL OPEN FONT LICENSE" in (FONTS / f"OFL-{stem}.txt").read_text("utf-8").upper()
    assert sum(path.stat().st_size for path in FONTS.iterdir()) < 1_200_000


#: Every letter with a mark of Ê-đê, M'nông, Ba-na and Jrai, and names in Khmer of two districts.
NAMES = (
    "Nhà văn hóa bon Ƀu Prâng",
    "buôn Kŏ Tam, Ea Kŭl, Čư̆ Mgar, Ƀĕ",
    "Ñ ñ Ĭ ĭ Ŏ ŏ Ŭ ŭ Ĕ ĕ Ƀ ƀ ơ̆ ô̆ ê̆ â̆",
    "Kʼho, M’nông № 3",
    "ấp Sóc Mới ភូមិថ្មី",
    "ភូមិព្រៃនគរ ស្រុកព្រះត្រពាំង",
)


def named(*names: str) -> Order:
    box = BOXES[BAC_GIANG]
    places = [replace(place, name=name) for place, name in zip(box.places, names, strict=False)]
    return replace(order(), box=replace(box, places=tuple(places)))


def drawn(document: Document, folder: Path) -> str:
    """What the fonts within the file draw, as Poppler reads it back, in NFC and without the spaces.

    Typst gives a letter that is drawn as two glyphs to both of them.
    """
    (folder / "it.pdf").write_bytes(document.content)
    done = subprocess.run(["pdftotext", folder / "it.pdf", "-"], capture_output=True, check=True)
    text = "".join(unicodedata.normalize("NFC", done.stdout.decode()).split())
    return re.sub(r"(.\u0306)\1", r"\1", text)


def test_names_of_every_people_of_the_country_are_printed_whole(tmp_path: Path) -> None:
    pack, listing, *_ = set_in_type(named(*NAMES))
    for document in (pack, listing):
        found = drawn(document, tmp_path)
        for name in NAMES[:4]:
            assert "".join(name.split()) in found, name
        fonts = subprocess.run(["pdffonts", tmp_path / "it.pdf"], capture_output=True, text=True, check=True)
        assert "NotoSansKhmer" in fonts.stdout
    # Read back from Khmer, whose glyphs stand for several letters in another order, is the picture alone.
    pages = [set_in_type(named(name))[1] for name in ("ភូមិថ្មី", "ភូមិចាស់")]
    assert len({rasters(page.content, tmp_path, 40)[0].read_bytes() for page in pages}) == 2


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Nhà văn hóa khu Ⅱ", ["«Ⅱ» (U+2161)"]),
        ("cổng → sân", ["«→» (U+2192)"]),
        ("会馆 Phúc Kiến", ["«会» (U+4F1A)", "«馆» (U+9986)"]),
        ("nhà 🩷", ["«🩷» (U+1FA77)"]),
        ("ꪵꪠꪉ", ["U+AAB5"]),
    ],
)
def test_what_no_font_draws_is_refused_by_its_place_and_letters(name: str, letters: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        set_in_type(named("Nhà văn hóa", name))
    (problem,) = [problem for problem in refused.value.problems if name in problem]
    assert f"điểm {BOXES[BAC_GIANG].places[1].code}:" in problem
    for letter in letters:
        assert letter in problem


def test_what_no_font_draws_is_refused_wherever_it_stands() -> None:
    box = BOXES[BAC_GIANG]
    with pytest.raises(Refused) as refused:
        set_in_type(
            replace(order(), box=replace(box, places=box.places[:1], ward=replace(box.ward, name="Ⅱ")))
        )
    assert any("«Ⅱ» (U+2161)" in problem for problem in refused.value.problems)
