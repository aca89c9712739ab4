"""The results poster: what everybody may read already, set large, with a code that is read back."""

from dataclasses import replace
from datetime import date
from functools import cache
from io import BytesIO

import pypdfium2
import pytest
from homthu.domain.boxes.round import moment_at
from homthu.domain.cases.case import Answer
from PIL import Image
from posters.press import Product, Refused
from posters.proof import read_codes
from posters.results import MOST_ANSWERS, RoundResults, produce_results
from printing import BASE_URL, NOW, order

ROUND = moment_at(order().box.rounds, NOW, 24).current
assert ROUND is not None


def answers(count: int, *, on: date = date(2026, 11, 20), words: int = 12) -> list[Answer]:
    return [
        Answer(
            subject=f"Việc thứ {n}: chờ lâu ở quầy chứng thực", text=f"Đã xong {n}. " + "làm " * words, on=on
        )
        for n in range(1, count + 1)
    ]


def text_of(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    pages = [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    document.close()
    return pages


@cache
def produced(count: int, words: int) -> tuple[Product, Product]:
    """The poster and the picture of so many answers of so many words."""
    poster, picture = produce_results(order(), RoundResults.of(answers(count, words=words), 3, ROUND))
    return poster, picture


@pytest.mark.parametrize(
    ("count", "words"), [(1, 12), pytest.param(4, 20, marks=pytest.mark.long), (40, 12), (6, 180)]
)
def test_it_is_one_page_with_as_many_answers_as_have_room(count: int, words: int) -> None:
    poster, picture = produced(count, words)
    (page,) = text_of(poster.content)
    shown = page.count("Việc thứ")
    assert 1 <= shown <= min(count, MOST_ANSWERS)
    assert shown >= min(count, 6) or words > 20
    assert f"Đã trả lời {count} việc, đang giải quyết 3 việc." in page
    assert "Ông/bà nói – phường trả lời" in page
    with Image.open(BytesIO(picture.content)) as drawn:
        assert drawn.size == (1080, 1527)
        assert [text for text, _ in read_codes(drawn.convert("L"))] == [f"{BASE_URL}/ket-qua/07210"]


def letters_of(pdf: bytes) -> float:
    """How tall the first answer's first letter is, in points."""
    document = pypdfium2.PdfDocument(pdf)
    text = document[0].get_textpage()
    _, bottom, _, top = text.get_charbox(text.get_text_range().index("Việc thứ"))
    document.close()
    return top - bottom


def test_one_answer_does_not_stand_alone_on_a_wall_of_white() -> None:
    one, many = (produced(count, 12)[0].content for count in (1, 40))
    assert letters_of(one) > 2 * letters_of(many)


def test_only_what_was_answered_since_the_round_began_is_on_it() -> None:
    before = answers(2, on=date(2026, 9, 30))
    results = RoundResults.of([*answers(1), *before], 0, ROUND)
    assert len(results.answers) == 1
    with pytest.raises(Refused) as refused:
        produce_results(order(), RoundResults.of(before, 0, ROUND))
    assert "chưa có việc nào được trả lời công khai" in refused.value.problems[0]


def test_the_code_leads_to_where_the_results_are_published() -> None:
    one = order()
    elsewhere = replace(one, box=replace(one.box, results="https://bacgiang.gov.vn/ket-qua-gop-y"))
    poster, _ = produce_results(elsewhere, RoundResults.of(answers(2), 0, ROUND))
    assert "https://bacgiang.gov.vn/ket-qua-gop-y" in text_of(poster.content)[0]


def test_a_commune_is_called_one_and_a_letter_without_a_glyph_is_refused() -> None:
    one = order()
    commune = replace(one, box=replace(one.box, ward=replace(one.box.ward, kind="xã")))
    poster, _ = produce_results(commune, RoundResults.of(answers(1), 0, ROUND))
    assert "Ông/bà nói – xã trả lời" in text_of(poster.content)[0]
    strange = [replace(answers(1)[0], text="Đã xong 漢")]
    with pytest.raises(Refused) as refused:
        produce_results(one, RoundResults.of(strange, 0, ROUND))
    assert "漢" in refused.value.problems[0]
