"""The links that lead to the same page in the other languages."""

from collections.abc import Mapping

from homthu.record import record
from homthu.render.page.options import PageOptions
from homthu.render.texts import Texts


@record
class LanguageLink:
    """One language by its code, named in itself."""

    code: str
    name: str
    address: str


def other_languages(texts: Mapping[str, Texts], options: PageOptions, path: str) -> list[LanguageLink]:
    """Every language but the page's own; none for a page without a lasting address."""
    return [
        LanguageLink(code=code, name=own("page.language"), address=options.in_language(code).at(path))
        for code, own in texts.items()
        if path and code != options.language
    ]
