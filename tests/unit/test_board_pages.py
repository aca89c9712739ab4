"""The board's and the desk's pages: their shape, their words, and what they allow to run."""

import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from html.parser import HTMLParser
from string import Formatter

import pytest
from board_side import ASSIGNED, BOARD_PAGES, CLOSED, REOPENED, RESULTS, W46, W47, W48, answering
from citizen_side import BAC_GIANG
from desk_side import DESK_PAGES, MEMBERS, ONCE, PETITION, TEMPLATES, DeskSite
from homthu.adapters.web_files import LANGUAGES, load_assets, load_texts
from homthu.domain.week import Week
from homthu.ports import StoreUnavailable
from homthu.render.board_pages import BoardPages
from homthu.render.desk_pages import DeskPages
from homthu.render.link_mail import render_link
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
            tag == "input" and given.get("type") not in ("hidden", "checkbox")
        ):
            self.fields.append(given["id"])
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag == "rect"

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


class Broken:
    """A store that does not answer."""

    def __getattr__(self, name: str) -> object:
        raise StoreUnavailable("timeout")


def board_answers(query: str, pages: BoardPages = BOARD_PAGES) -> Iterator[TestResponse]:
    """Every page of the board in every state that words differ by."""
    language = "en" if "l=en" in query else "vi"
    site = DeskSite(board_pages=pages)
    yield site.board.get(RESULTS + query)
    yield site.board.get("/ket-qua" + query)
    site.receive(Week(2025, 52), 2)
    site.close(Week(2025, 52))
    site.now -= timedelta(weeks=47)
    yield site.board.get(RESULTS + query)
    site.now += timedelta(weeks=47)
    site.receive(Week(2026, 40), 7, round="2026-dot-3")
    references = [*site.receive(W46, 12), *site.receive(W47, 3), *site.receive(W48, 1)]
    site.close(Week(2026, 40), Week(2026, 45), W46)
    site.receive(Week(2026, 44), 2, answers={"thai_do": "khong"})
    site.close(Week(2026, 44), W47)
    yield site.board.get(RESULTS + query)
    site.make_case(references[0], answering())
    site.make_case(references[1], ASSIGNED)
    site.make_case(references[2], CLOSED)
    site.make_case(references[3], ASSIGNED, is_petition=True)
    for reference in references[4:12]:
        site.make_case(reference, answering(), **({"service": ""} if reference == references[4] else {}))
    page = site.board.get(RESULTS + query)
    yield page
    for reference in (*references, "x"):
        yield site.look_up(reference, l=language)
    for reference in site.receive(Week(2026, 39), 51):
        list(site.store.stamp("07207", Week(2026, 39)))
        site.make_case(reference, answering())
    yield site.board.get(RESULTS + query)
    site.now += timedelta(weeks=2)
    yield site.look_up(references[-1], l=language)
    yield site.board.get("/tra-cuu" + query)
    site.finder = Broken()
    yield site.look_up("x", l=language)


def desk_answers(pages: DeskPages = DESK_PAGES) -> Iterator[TestResponse]:
    """Every page of the desk in every state that words differ by."""
    site = DeskSite(desk_pages=pages)
    yield site.desk.get("/xu-ly")
    yield site.desk.get(f"/xu-ly/{site.pass_of()}")
    yield site.desk.get("/xu-ly/x")
    yield site.desk.post("/xu-ly", data={"phuong": "x", "thu": "x"})
    yield site.post("ban")
    site.close(W46)
    yield site.post("ban")
    texts = ["Một", "Hai", "Ba", PETITION, *["Nhiều"] * 60]
    references = [site.receive(W47, text=text)[0] for text in texts]
    odd = [
        site.receive(W47, text="Lạ", place="da-go", service="")[0],
        site.receive(W47, text="Cũ", service="gone")[0],
    ]
    site.close(W47)
    for page in ("0", "1", "2"):
        yield site.post("ban", trang=page)
    for reference in (references[0], references[3], *odd):
        yield site.post("phieu", phieu=site.id_of(reference))
        yield site.take(reference)
    first = references[0]
    yield site.act(first, "assign", don_vi="Tổ", han="2026-11-25")
    for fields in (
        {"viec": "assign", "don_vi": "x" * 101, "han": "x"},
        {"viec": "assign", "don_vi": "", "han": "2026-01-01"},
        {"viec": "assign", "don_vi": "Tổ", "han": "2029-01-01"},
        {"viec": "answer", "tom_tat": "Gọi 0912 345 678", "tra_loi": "Nhiều"},
        {"viec": "assign", "don_vi": "Tổ khác", "han": "2026-11-25", "buoc": "0", "lan": f"{ONCE}-x"},
    ):
        yield site.post("lam", **{"phieu": site.id_of(first), "lan": ONCE, "buoc": "2", **fields})
    (told,) = site.receive(W47, text="Một câu đủ dài để chép lại nguyên văn")
    list(site.store.stamp("07207", W47))
    site.take(told)
    yield site.act(told, "answer", tom_tat="Việc", tra_loi="Một câu đủ dài để chép lại nguyên văn")
    yield site.act(first, "answer", seen=2, once=f"{ONCE}-2", tom_tat="Việc", tra_loi="Xong")
    yield site.act(first, "close", seen=3, once=f"{ONCE}-3")
    yield site.post("ban")
    yield site.act(first, "reopen", seen=4, once=f"{ONCE}-4")
    for reference in references[4:40]:
        site.take(reference)
    site.act(first, "assign", seen=5, once=f"{ONCE}-5", don_vi="Tổ", han="2026-11-25")
    site.now += timedelta(days=3)
    yield site.post("ban")
    for _ in range(30):
        case = site.store.case(site.id_of(first))
        for number, deed in enumerate((answering(), REOPENED)):
            step = replace(case.history[0], deed=deed, once=f"{ONCE}-{number}")
            if len(case.history) < 60:
                case = site.store.replace_case(case, replace(case, history=(*case.history, step)))
    yield site.post("phieu", phieu=site.id_of(first))
    yield site.post("phieu", phieu="x")
    merged = next(place for place in site.boxes.by_ward[BAC_GIANG].places if place.former_ward)
    site.receive(W47, ward=BAC_GIANG, place=merged.code)
    site.close(W47, ward=BAC_GIANG)
    yield site.post("ban", site.pass_of(ward=BAC_GIANG))
    site.cases = Broken()
    yield site.act(first, "assign", don_vi="Tổ", han="2026-11-30")


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
        assert unused(texts[language], "board.") == set()


def test_every_sentence_of_the_desk_is_used() -> None:
    texts = RecordingTexts(load_texts("vi"))
    assert all(answer.text for answer in desk_answers(DeskPages(texts, TEMPLATES, load_assets())))
    box = DeskSite().boxes.by_ward["07207"]
    mail = render_link(box, MEMBERS[0], "https://x/y", date(2026, 12, 8), texts=texts, templates=TEMPLATES)
    assert mail.text.count("https://x/y") == 1
    assert mail.html.count("https://x/y") == 1
    assert "08/12/2026" in mail.text
    assert unused(texts, "desk.") == set()


def unused(texts: RecordingTexts, prefix: str) -> set[str]:
    return {key for key in texts.keys if key.startswith(prefix)} - texts.used


def test_both_languages_of_the_board_have_the_same_sentences_with_the_same_holes() -> None:
    vi, en = (load_texts(language) for language in LANGUAGES)
    keys = {key for key in vi.keys if key.startswith("board.")}
    assert keys == {key for key in en.keys if key.startswith("board.")}
    for key in keys:
        assert holes(vi(key)) == holes(en(key)), key


def holes(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}
