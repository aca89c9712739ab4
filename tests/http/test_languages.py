"""Words in Vietnamese on an English page are marked as such, so that they are read aloud rightly."""

from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from board_side import W47, BoardSite
from citizen_side import NGO_QUYEN, PLACE
from homthu.domain.boxes.questionnaire import Localised, Option, Question, Questionnaire

VOID = {"meta", "link", "input", "br", "img", "rect"}


class Spoken(HTMLParser):
    """Every text of a page with the language that a screen reader reads it in."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self._languages: list[tuple[str, str]] = [("", "")]
        self.texts: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self._languages.append((tag, dict(attrs).get("lang") or self._languages[-1][1]))

    def handle_endtag(self, tag: str) -> None:
        while tag not in VOID and self._languages.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts[data.strip()] = self._languages[-1][1]


def untranslated(version: Questionnaire) -> Questionnaire:
    """As an office writes it that has nobody to translate."""

    def bare(text: Localised) -> Localised:
        return {"vi": text["vi"]} if text else {}

    def options(of: tuple[Option, ...]) -> tuple[Option, ...]:
        return tuple(replace(one, label=bare(one.label)) for one in of)

    def question(one: Question) -> Question:
        return replace(one, text=bare(one.text), short=bare(one.short), options=options(one.options))

    return replace(
        version,
        questions=tuple(map(question, version.questions)),
        services=options(version.services),
        text_kinds=options(version.text_kinds),
        text_label=bare(version.text_label),
        text_hint=bare(version.text_hint),
        do_not_quote_label=bare(version.do_not_quote_label),
    )


def asked(version: Questionnaire) -> Iterator[str]:
    """What the form and the slip ask with."""
    yield from (version.text_label["vi"], version.text_hint["vi"], version.do_not_quote_label["vi"])
    for question in version.questions:
        yield question.text["vi"]
        yield from (option.label["vi"] for option in question.options)
    yield from (one.label["vi"] for one in (*version.services, *version.text_kinds))


@pytest.fixture
def site() -> BoardSite:
    made = BoardSite()
    version = untranslated(made.boxes.questionnaires["qcdc-v2"])
    made.boxes = replace(made.boxes, questionnaires={**made.boxes.questionnaires, "qcdc-v2": version})
    made.change_box(NGO_QUYEN, questionnaire=version)
    return made


@pytest.mark.parametrize("path", [f"/g/{PLACE}", f"/phieu-giay/{PLACE}"], ids=["form", "slip"])
def test_what_an_office_did_not_translate_is_marked_as_vietnamese(site: BoardSite, path: str) -> None:
    version = site.boxes.by_ward[NGO_QUYEN].questionnaire
    english = Spoken(site.form.get(f"{path}?l=en").text)
    assert "en" in english.texts.values()
    found = [text for one in asked(version) for text in english.texts if one in text]
    assert len(set(found)) > 40
    assert {english.texts[text] for text in found} == {"vi"}
    # A Vietnamese page need not say so at every word.
    assert f'<span lang="vi">{version.text_hint["vi"]}' not in site.form.get(path).text


def test_figures_of_such_questions_are_marked_on_the_english_results(site: BoardSite) -> None:
    version = site.boxes.by_ward[NGO_QUYEN].questionnaire
    site.receive(W47, 40, questionnaire="qcdc-v2")
    site.close(W47)
    english = Spoken(site.board.get(f"/ket-qua/{NGO_QUYEN}?l=en").text)
    names = {question.short["vi"] for question in version.questions} & set(english.texts)
    assert names
    assert {english.texts[name] for name in names} == {"vi"}
