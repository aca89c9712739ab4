"""The frame that the board's and the desk's pages share with the citizen's: base, style, icon, policy."""

from collections.abc import Mapping
from functools import partial
from urllib.parse import urlsplit

from jinja2 import Environment

from homthu.domain.boxes.box import Box
from homthu.render.page.inline import Page, data_uri, policy, shrink_style
from homthu.render.page.options import PageOptions
from homthu.render.page.other_languages import other_languages
from homthu.render.texts import Texts


class Shell:
    """Fills a template over `page/base.html`. `script` names the asset that its pages run, if they run any.

    `own` names the table of sentences that the templates reach as `b`, beside the page's own `t`.
    """

    def __init__(
        self,
        own: str,
        texts: Mapping[str, Texts],
        templates: Environment,
        assets: Mapping[str, bytes],
        *,
        script: str = "",
    ) -> None:
        self._own = own
        self._texts = texts
        self._templates = templates
        # The board's serves both, the desk has one of its own besides.
        styles = dict.fromkeys(("page.css", "board.css", f"{own}.css"))
        self._style = shrink_style(b"".join(assets[name] for name in styles).decode())
        self._script = _shrunk(assets[script]) if script else ""
        self._icon = data_uri(assets["favicon.svg"])

    def texts(self, options: PageOptions) -> Texts:
        """The sentences in the language that a page is asked for in."""
        return self._texts[options.language]

    def fill(
        self, name: str, options: PageOptions, base_url: str, *, path: str = "", **values: object
    ) -> Page:
        """The finished page. `path` is the page's own address, of a page that has a lasting one."""
        texts = self.texts(options)
        html = self._templates.get_template(f"{self._own}/{name}.html").render(
            t=partial(_sentence, texts, "page"),
            b=partial(_sentence, texts, self._own, **self._kind(texts, values.get("box"))),
            options=options,
            other_languages=other_languages(self._texts, options, path),
            other_size=path and options.in_other_size().at(path),
            path=path,
            base_url=base_url.rstrip("/"),
            domain=urlsplit(base_url).netloc,
            style=self._style,
            script=self._script,
            # What a page with a script says about submissions waiting on the phone.
            waits=False,
            is_shared=False,
            icon=self._icon,
            **values,
        )
        return Page(html=html.encode(), csp=policy(self._style, self._script))

    def _kind(self, texts: Texts, box: object) -> dict[str, str]:
        """What the unit calls itself, within a sentence and at its beginning: most are no «phường»."""
        kind = box.ward.kind if isinstance(box, Box) else texts(f"{self._own}.any_kind")
        return {"kind": kind, "kind_title": kind[:1].upper() + kind[1:]}


def _shrunk(script: bytes) -> str:
    # Imported on use: most pages of these run none.
    from homthu.render.page.script import shrink_script

    return shrink_script(script.decode())


def _sentence(texts: Texts, table: str, key: str, **values: object) -> str:
    return texts(f"{table}.{key}", **values)
