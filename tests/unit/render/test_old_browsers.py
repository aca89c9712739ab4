"""What phones still carry in Zalo's browser, Chrome 80 and iOS 14, can parse and do all that is shipped."""

import re
from pathlib import Path

import page_builders as build
import pytest
from every_page import every_page
from homthu.adapters.web_files import WEB, load_assets
from web_checkers import lint_scripts, lint_style

#: What caniuse has no table for, or doiuse no eye: both fail closed, into a page that cannot be read.
_UNSEEN = re.compile(r"[{;\s](inset|aspect-ratio|translate|rotate|scale)\s*:")

#: What is too new, and what the checker says of it.
NEW_SCRIPTS = {
    "var a = b => b;": "Parsing error",
    "var a = b?.c;": "Parsing error",
    "import('x');": "Parsing error",
    "crypto.randomUUID();": "randomUUID",
    "[1].at(0);": "at()",
    "'x'.replaceAll('x', 'y');": "replaceAll",
    "structuredClone({});": "structuredClone",
    "Promise.any([]);": "Promise.any",
}
NEW_STYLES = {
    "a { display: flex; gap: 1rem }": "flexbox-gap",
    "a:has(b) { color: red }": "css-has",
    "a { height: 100dvh }": "viewport-unit-variants",
    "@container (width > 1px) { a { color: red } }": "css-container-queries",
    "@layer x { a { color: red } }": "css-cascade-layers",
}


def shipped_scripts() -> list[str]:
    """Every script as a browser gets it: as it stands in each page, and the worker."""
    pages = [page.html.decode() for page in every_page(build.make_pages())]
    inlined = {script for page in pages for script in re.findall(r"<script>(.*?)</script>", page, re.DOTALL)}
    return [*sorted(inlined), load_assets()["sw.js"].decode()]


def test_the_oldest_browsers_can_parse_and_run_every_script(tmp_path: Path) -> None:
    scripts = shipped_scripts()
    assert len(scripts) > 5
    for number, source in enumerate(scripts):
        (tmp_path / f"{number}.js").write_text(source)
    assert lint_scripts(tmp_path) == []


def test_a_script_that_is_too_new_is_noticed(tmp_path: Path) -> None:
    for number, source in enumerate(NEW_SCRIPTS):
        (tmp_path / f"{number}.js").write_text(source)
    complaints = sorted(lint_scripts(tmp_path))
    assert len(complaints) == len(NEW_SCRIPTS)
    for number, (complaint, said) in enumerate(zip(complaints, NEW_SCRIPTS.values(), strict=True)):
        assert complaint.startswith(f"{number}.js:")
        assert said in complaint


@pytest.mark.parametrize("name", ["page.css", "board.css", "desk.css"])
def test_the_oldest_browsers_know_every_style_but_comforts(name: str) -> None:
    sheet = WEB / "assets" / name
    assert lint_style(sheet) == []
    assert _UNSEEN.findall(sheet.read_text()) == []


def test_a_style_that_is_too_new_is_noticed(tmp_path: Path) -> None:
    sheet = tmp_path / "new.css"
    sheet.write_text("\n".join(NEW_STYLES))
    complaints = lint_style(sheet)
    for line, said in enumerate(NEW_STYLES.values(), 1):
        here = [complaint for complaint in complaints if f"new.css:{line}:" in complaint]
        assert any(said in complaint for complaint in here), (said, complaints)
    assert _UNSEEN.findall("a { inset: 0 }") == ["inset"]
