"""What a citizen's page weighs, what it may run, and its sentences."""

import gzip
import re
import tomllib
from base64 import b64encode
from hashlib import sha256
from itertools import product
from pathlib import Path
from string import Formatter

import page_builders as build
import pytest
from every_page import every_page
from homthu.adapters.web_files import LANGUAGES, WEB, load_assets, load_templates, load_texts
from homthu.domain.boxes.box import Box
from homthu.domain.submissions.submission import Channel
from homthu.render.page.options import FormMode, PageOptions
from homthu.render.page.pages import Pages
from homthu.render.templates import make_environment
from homthu.render.texts import Texts
from read_page import Document

#: One flight of a new connection.
LIMIT = 14_336
ALL_OPTIONS = [
    PageOptions(language=language, large=large, channel=channel, mode=mode)
    for language, large, channel, mode in product(LANGUAGES, (False, True), Channel, FormMode)
]


@pytest.fixture(scope="module")
def pages() -> Pages:
    return build.make_pages()


class RecordingTexts(Texts):
    """Sentences that remember which of them were asked for."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(texts.language, {key: texts(key) for key in texts.keys})
        self.used: set[str] = set()

    def __call__(self, key: str, **values: object) -> str:
        self.used.add(key)
        return super().__call__(key, **values)


def test_the_policy_names_exactly_what_is_inlined(pages: Pages) -> None:
    for page in every_page(pages):
        inlined = {
            tag: re.findall(rf"<{tag}>(.*?)</{tag}>".encode(), page.html, re.DOTALL)
            for tag in ("style", "script")
        }
        hashes = {
            tag: ["'sha256-" + b64encode(sha256(source).digest()).decode() + "'" for source in sources]
            for tag, sources in inlined.items()
        }
        directives = dict(part.split(" ", 1) for part in page.csp.split("; "))
        assert directives["style-src"].split() == hashes["style"]
        assert directives.get("script-src", "").split() == hashes["script"]
        assert directives["default-src"] == directives["base-uri"] == "'none'"
        assert "unsafe" not in page.csp


def test_nothing_beside_the_page_itself_is_fetched(pages: Pages) -> None:
    for page in every_page(pages):
        for tag, attributes, _ in Document(page).elements:
            assert "style" not in attributes
            for name in ("src", "srcset", "poster", "background"):
                assert attributes.get(name, "data:").startswith("data:")
            if tag == "link":
                assert attributes["rel"] in ("canonical", "manifest") or attributes["href"].startswith(
                    "data:"
                )


def test_equal_input_gives_equal_bytes(pages: Pages) -> None:
    again = build.make_pages()
    assert [page.html for page in every_page(pages)] == [page.html for page in every_page(again)]


@pytest.mark.parametrize("options", ALL_OPTIONS, ids=lambda options: options.query or "plain")
def test_the_form_weighs_little(pages: Pages, options: PageOptions) -> None:
    page = pages.form(build.form_page(options))
    assert len(gzip.compress(page.html, 9, mtime=0)) <= LIMIT


def test_every_page_fits_the_first_flight_of_a_connection(pages: Pages) -> None:
    assert max(len(gzip.compress(page.html, 9, mtime=0)) for page in every_page(pages)) <= LIMIT


def test_every_sentence_is_used_and_none_is_missing() -> None:
    texts = {language: RecordingTexts(load_texts(language)) for language in LANGUAGES}
    pages = Pages(texts, make_environment(load_templates()), load_assets())
    assert all(page.html for page in every_page(pages))
    for language in LANGUAGES:
        written = {key for key in texts[language].keys if key.startswith("page.")}
        assert texts[language].used == written


def test_both_languages_have_the_same_sentences_with_the_same_holes() -> None:
    vi, en = (load_texts(language) for language in LANGUAGES)
    keys = {key for key in vi.keys if key.startswith("page.")}
    assert keys == {key for key in en.keys if key.startswith("page.")}
    for key in keys:
        extra = _holes(en(key)) - _holes(vi(key))
        assert not extra, key
    files = {path.name for path in (WEB / "text").glob("page.*.toml")}
    assert files == {f"page.{language}.toml" for language in LANGUAGES}
    assert all(list(tomllib.loads((WEB / "text" / name).read_text())) == ["page"] for name in files)


def _holes(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_every_shipped_box_makes_a_form(pages: Pages) -> None:
    def weigh(box: Box) -> int:
        page = build.form_page(box=box, place=box.places[0])
        return len(gzip.compress(pages.form(page).html, 9, mtime=0))

    assert max(map(weigh, build.ALL_BOXES)) <= LIMIT
    assert Path(WEB / "templates" / "page").is_dir()
