"""The template engine, set so that nothing is written unescaped and no hole goes unseen."""

from collections.abc import Mapping

from jinja2 import DictLoader, Environment, StrictUndefined, select_autoescape


def make_environment(sources: Mapping[str, str]) -> Environment:
    """An environment over templates by name. `.html` is escaped; a missing name is an error."""
    return Environment(
        loader=DictLoader(sources),
        autoescape=select_autoescape(("html",), default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
