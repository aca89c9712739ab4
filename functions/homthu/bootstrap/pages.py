"""The renderers of pages, built from the files in `web/`; what few functions use is imported on use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from homthu.adapters.compiled import find_script, find_template
from homthu.adapters.web_files import LANGUAGES, load_assets, load_templates, load_texts
from homthu.render.page.pages import Pages
from homthu.render.templates import make_environment

if TYPE_CHECKING:
    from jinja2 import Environment

    from homthu.render.board.pages import BoardPages
    from homthu.render.desk.pages import DeskPages
    from homthu.render.rekey.pages import RekeyPages


def make_board_pages() -> BoardPages:
    """The pages with public results, and with the answer to a reference."""
    from homthu.render.board.pages import BoardPages

    texts = {language: load_texts(language) for language in LANGUAGES}
    return BoardPages(texts, page_templates(), load_assets())


def make_desk_pages() -> DeskPages:
    """The pages of the committee's desk."""
    from homthu.render.desk.pages import DeskPages

    return DeskPages(load_texts("vi"), page_templates(), load_assets())


def make_rekey_pages() -> RekeyPages:
    """The pages with what is typed into another system."""
    from homthu.render.rekey.pages import RekeyPages

    return RekeyPages(load_texts("vi"), page_templates(), load_assets())


def make_pages() -> Pages:
    """The pages for citizens."""
    texts = {language: load_texts(language, "page") for language in LANGUAGES}
    return Pages(texts, page_templates(), load_assets(), find_script)


def page_templates() -> Environment:
    """The templates of pages and mails."""
    return make_environment(load_templates(), find_template)
