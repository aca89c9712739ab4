"""A language is a file: what it says is said in it, and what it does not say is said in Vietnamese."""

import shutil
import tomllib
from pathlib import Path

import page_builders as build
import pytest
from homthu.adapters.web_files import LANGUAGES, WEB, languages, load_assets, load_templates, load_texts
from homthu.http.options import options_from_query
from homthu.render.page.options import PageOptions
from homthu.render.page.pages import Pages
from homthu.render.templates import make_environment

KHMER = '[page]\nlanguage = "ភាសាខ្មែរ"\nlocale = "km_KH"\n[page.form]\nrate = "វាយតម្លៃ"\n'


def keys(audience: str, language: str) -> set[str]:
    """The sentences that a file itself has."""

    def flat(table: dict[str, object], before: str) -> set[str]:
        found = set()
        for key, value in table.items():
            found |= flat(value, f"{before}{key}.") if isinstance(value, dict) else {before + key}
        return found

    return flat(tomllib.loads((WEB / "text" / f"{audience}.{language}.toml").read_text("utf-8")), "")


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """Our sentences, and a beginning of Khmer ones."""
    shutil.copytree(WEB / "text", tmp_path / "text")
    (tmp_path / "text" / "page.km.toml").write_text(KHMER, "utf-8")
    return tmp_path


@pytest.mark.parametrize("audience", ["page", "board", "problems", "settings"])
@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_what_falls_back_to_vietnamese_is_counted(language: str, audience: str) -> None:
    missing = keys(audience, "vi") - keys(audience, language)
    print(f"{audience}.{language}: {len(missing)} of {len(keys(audience, 'vi'))} sentences are Vietnamese")
    assert keys(audience, language) <= keys(audience, "vi")
    # English is whole. Of another language a part is better than none.
    assert language != "en" or not missing


def test_a_file_more_is_a_language_more_and_each_is_named_in_itself(web: Path) -> None:
    assert languages(web) == ("vi", "en", "km")
    texts = {language: load_texts(language, web=web) for language in languages(web)}
    pages = Pages(texts, make_environment(load_templates()), load_assets())
    options = options_from_query({"l": "km", "c": "to"}, pages.languages)
    assert options == PageOptions(language="km", large=True)
    form = pages.form(build.form_page(options)).html.decode()
    assert '<html lang="km"' in form
    assert "វាយតម្លៃ" in form
    assert "Chỉ viết góp ý" in form
    assert 'lang="vi" hreflang="vi">Tiếng Việt</a>' in form
    other = pages.form(build.form_page()).html.decode()
    assert f'<a href="/g/{build.PLACE.code}?l=km" lang="km" hreflang="km">ភាសាខ្មែរ</a>' in other
    assert f'<a href="/g/{build.PLACE.code}?l=en" lang="en" hreflang="en">English</a>' in other


def test_a_language_without_a_file_is_not_known() -> None:
    assert options_from_query({"l": "km"}, LANGUAGES) == PageOptions()
