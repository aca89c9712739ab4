"""A page read back: its elements in order."""

from html.parser import HTMLParser

from homthu.render.page.inline import Page

VOID = {"meta", "link", "input", "img", "br", "wbr"}


class Document(HTMLParser):
    """Elements of a page in order, with their attributes and the text right inside them."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str], list[str]]] = []
        self._open: list[tuple[str, dict[str, str], list[str]]] = []
        self.feed(page.html.decode())
        self.close()
        assert not self._open, self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names), f"an attribute twice: {tag} {names}"
        element = (tag, {name: value or "" for name, value in attrs}, list[str]())
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"li", "p"} and self._open[-1][0] != tag:
            raise AssertionError(f"</{tag}> closes <{self._open[-1][0]}>")
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element[2].append(data)

    def all(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        return [a for t, a, _ in self.elements if t == tag and wanted.items() <= a.items()]

    def text(self, tag: str) -> str:
        return " ".join("".join(text) for t, _, text in self.elements if t == tag)

    def texts(self, tag: str) -> list[str]:
        return ["".join(text) for t, _, text in self.elements if t == tag]

    @property
    def hidden(self) -> dict[str, str]:
        return {a["name"]: a["value"] for a in self.all("input", type="hidden")}

    def options(self, name: str) -> list[str]:
        return [a["value"] for a in self.all("input", type="radio", name=name)]
