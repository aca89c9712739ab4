"""The template engine, set so that nothing is written unescaped and no missing value goes unnoticed."""

from collections.abc import Callable, Mapping, MutableMapping
from functools import cache
from types import CodeType
from typing import Any

import jinja2
from jinja2 import BaseLoader, Environment, StrictUndefined, Template, TemplateNotFound, select_autoescape
from markupsafe import Markup

from homthu.domain.boxes.questionnaire import InVietnamese
from homthu.domain.fields import CLASSES

_VIETNAMESE = Markup(' lang="vi"')
#: Gives the namespace of the compiled template with this recipe, or None where there is none.
FindCompiled = Callable[[str], MutableMapping[str, Any] | None]


def make_environment(sources: Mapping[str, str], find_compiled: FindCompiled = lambda _: None) -> Environment:
    """An environment over templates by name. `.html` is escaped; a missing name is an error.

    Templates use the classes of `domain/fields.py` for the names of what is sent.
    """
    made = Environment(
        loader=_Loader(sources, find_compiled),
        autoescape=select_autoescape(("html",), default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.globals.update(CLASSES)
    made.filters.update(said=_said, lang=_lang)
    return made


def _lang(text: str) -> Markup:
    """The lang attribute of an element whose words are in another language than the page; else nothing."""
    return _VIETNAMESE if isinstance(text, InVietnamese) else Markup()


def _said(text: str) -> str | Markup:
    """The words, in an element of their own where they are in another language than the page."""
    return Markup("<span{}>{}</span>").format(_lang(text), text) if isinstance(text, InVietnamese) else text


def recipe(name: str, source: str) -> str:
    """All that a compiled template is made from, beside the settings above."""
    return f"Jinja {jinja2.__version__}: {name}\n{source}"


def compile_template(name: str, source: str) -> str:
    """The template as the source of a Python module."""
    return make_environment({}).compile(source, name, raw=True, defer_init=True)


@cache
def _code(name: str, source: str) -> CodeType:
    """The template compiled here, which every environment of a process shares: they are all alike."""
    return make_environment({}).compile(source, name)


class _Loader(BaseLoader):
    """Templates by name, each compiled when first asked for, unless a compiled one is found."""

    def __init__(self, sources: Mapping[str, str], find_compiled: FindCompiled) -> None:
        self._sources = sources
        self._find_compiled = find_compiled

    def get_source(self, environment: Environment, template: str) -> tuple[str, None, None]:
        try:
            return self._sources[template], None, None
        except KeyError:
            raise TemplateNotFound(template) from None

    def load(
        self, environment: Environment, name: str, globals: MutableMapping[str, Any] | None = None
    ) -> Template:
        source, _, _ = self.get_source(environment, name)
        compiled = self._find_compiled(recipe(name, source))
        if compiled is None:
            return environment.template_class.from_code(environment, _code(name, source), globals or {})
        return environment.template_class.from_module_dict(environment, compiled, globals or {})
