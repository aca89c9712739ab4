"""Compiles what the functions would otherwise parse and compile at each start.

TOML becomes JSON, templates become Python modules, which the buildpack compiles like all others, and the
scripts of pages are minified.
"""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

from homthu.adapters.compiled import FOLDER, script_name, table_name, template_name
from homthu.adapters.web_files import load_assets, load_templates
from homthu.render.page.pages import SCRIPTS, script_source
from homthu.render.page.script import shrink_script
from homthu.render.templates import compile_template, recipe

#: Where the functions look, below the root of the archive.
TARGET = f"functions/{FOLDER.name}"
#: The templates of functions; the press has its own, which are not Jinja's.
_ROOMS = ("page/", "board/", "desk/", "mail/", "rekey/", "report/")


def compiled_files(root: Path) -> Iterator[tuple[str, bytes]]:
    """Each compiled file by its name in the archive; the same bytes for the same sources."""
    for path in root.glob("web/text/*.toml"):
        source = path.read_text("utf-8-sig")
        if (table := _as_json(source)) is not None:
            yield f"{TARGET}/{table_name(source)}", table.encode()
    for name, source in load_templates(root / "web").items():
        if name.startswith(_ROOMS):
            yield f"{TARGET}/{template_name(recipe(name, source))}", compile_template(name, source).encode()
    assets = load_assets(root / "web")
    for source in sorted({script_source(name, assets) for name in SCRIPTS}):
        yield f"{TARGET}/{script_name(source)}", shrink_script(source).encode()


def _as_json(source: str) -> str | None:
    """A TOML text as JSON, or None where that would not be the same; what is faulty stays to be told."""
    try:
        tables = tomllib.loads(source)
        text = json.dumps(tables, ensure_ascii=False)
    except (tomllib.TOMLDecodeError, TypeError):
        return None
    return text if json.loads(text) == tables else None
