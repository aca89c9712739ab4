"""The board's and the desk's pages: their shape, their words, and what they allow to run."""

import re
from base64 import b64encode
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from html.parser import HTMLParser
from itertools import product
from string import Formatter

import pytest
from board_answers import board_answers, desk_answers
from board_side import W47
from desk_side import MEMBERS, TEMPLATES, DeskSite
from homthu.adapters.web_files import LANGUAGES, load_assets, load_texts
from homthu.domain.cases.unit_mail import TaskLine, UnitMailKind
from homthu.domain.cases.verdict import VerdictKind
from homthu.domain.releases.figure import Figure
from homthu.domain.releases.release import Release
from homthu.domain.releases.series import VERDICT, WARD
from homthu.render.answers import judged
from homthu.render.board.pages import BoardPages
from homthu.render.desk.inputs import DeskMessage
from homthu.render.desk.pages import DeskPages
from homthu.render.mail.link import render_link
from homthu.render.mail.unit import render_unit_mail
from homthu.render.texts import Texts
from werkzeug.test import TestResponse

VOID = {"meta", "link", "input", "img", "br", "wbr"}


class RecordingTexts(Texts):
    """Sentences that remember which of them were asked for."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(texts.language, {key: texts(key) for key in texts.keys})
        self.used: set[str] = set()

    def __call__(self, key: str, **values: object) -> str:
        self.used.add(key)
        return super().__call__(key, **values)


class Balanced(HTMLParser):
    """Fails on an element that is closed by another, on inline style and on scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.labels: list[str] = []
        self.fields: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        assert len(given) == len(attrs), (tag, attrs)
        assert "style" not in given
        assert not any(name.startswith("on") for name in given)
        assert tag != "script"
        self.ids += [given["id"]] if "id" in given else []
        self.labels += [given["for"]] if tag == "label" and "for" in given else []
        if tag in ("textarea", "select") or (
            tag == "input" and given.get("type") not in ("hidden", "checkbox", "radio")
        ):
            self.fields.append(given["id"])
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag == "rect"

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("query", ["", "?l=en", "?c=to"])
def test_the_boards_pages_are_whole_and_run_nothing(query: str) -> None:
    for answer in board_answers(query):
        check(answer)


def test_the_desks_pages_are_whole_and_run_nothing() -> None:
    for answer in desk_answers():
        check(answer)


def check(answer: TestResponse) -> None:
    parser = Balanced()
    parser.feed(answer.text)
    parser.close()
    assert parser.open == []
    assert len(set(parser.ids)) == len(parser.ids)
    assert set(parser.labels) == set(parser.fields)
    (style,) = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    allowed = "'sha256-" + b64encode(sha256(style.encode()).digest()).decode() + "'"
    assert f"style-src {allowed};" in answer.headers["Content-Security-Policy"]
    assert "{{" not in answer.text


def test_every_sentence_of_the_board_is_used() -> None:
    texts = {language: RecordingTexts(load_texts(language)) for language in LANGUAGES}
    pages = BoardPages(texts, TEMPLATES, load_assets())
    for language, query in (("vi", ""), ("en", "?l=en")):
        assert all(answer.text for answer in board_answers(query, pages))
        for figure in judgements():
            assert "12" in judged(figure, texts[language], prefix="board.verdict")
        assert unused(texts[language], "board.") == set()


def judgements() -> Iterator[Figure]:
    """What can be told of verdicts: exactly, in words of each kind, and a sum of both."""
    exact = release({"settled": 8, "partly": 2, "not_settled": 2})
    yield Figure((exact,))
    for kind in VerdictKind:
        yield Figure((release({kind: 12}),))
    yield Figure((exact, release({"settled": 100})))


def release(counts: dict[str, int]) -> Release:
    return Release.of(round="x", series=WARD, asked=VERDICT, first=W47, last=W47, counts=counts)


def test_every_sentence_of_the_desk_is_used() -> None:
    texts = RecordingTexts(load_texts("vi"))
    pages = DeskPages(texts, TEMPLATES, load_assets())
    assert all(answer.text for answer in desk_answers(pages))
    kept = pages.message(DeskMessage.UNIT_DENIED, "https://x", typed="Đã thay")
    assert "Đã thay</textarea>" in kept.html.decode()
    box = DeskSite().boxes.by_ward["07207"]
    mail = render_link(box, MEMBERS[0], "https://x/y", date(2026, 12, 8), texts=texts, templates=TEMPLATES)
    assert mail.text.count("https://x/y") == 1
    assert mail.html.count("https://x/y") == 1
    assert "08/12/2026" in mail.text
    for kind, late in product((UnitMailKind.ASSIGNED, UnitMailKind.REMINDER), (0, 3)):
        line = TaskLine(
            name="" if late else "47-01", due_on=date(2026, 12, 4), overdue_days=late, link="https://x/y"
        )
        told = render_unit_mail(box, kind, "Tổ", [line], texts=texts, templates=TEMPLATES)
        assert told.text.count("https://x/y") == told.html.count("https://x/y") == 1
        assert "04/12/2026" in told.text
    assert unused(texts, "desk.") == set()


def unused(texts: RecordingTexts, prefix: str) -> set[str]:
    return {key for key in texts.keys if key.startswith(prefix)} - texts.used


def test_both_languages_of_the_board_have_the_same_sentences_with_the_same_holes() -> None:
    vi, en = (load_texts(language) for language in LANGUAGES)
    keys = {key for key in vi.keys if key.startswith("board.")}
    assert keys == {key for key in en.keys if key.startswith("board.")}
    for key in keys:
        # What the ward calls itself is given to every sentence; English says «the ward».
        assert holes(vi(key)) - {"kind", "kind_title"} == holes(en(key)), key


def holes(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_the_style_keeps_the_size_its_first_line_states() -> None:
    source = load_assets()["board.css"]
    stated = re.search(rb"at most ([\d,]+) bytes", source.splitlines()[0])
    assert stated
    assert len(source) <= int(stated[1].replace(b",", b""))
