"""What the archive holds compiled: sentences as JSON, templates as Python, scripts shrunk.

Doing that anew takes a starting function longer than all else that it does.
Whatever was compiled lies under the digest of what it was compiled from, so that a file which was edited
since finds nothing here and is read the long way: nothing of this can be out of date. A checkout has
none of it; `scripts/deploying/compiling.py` makes it when the archive is packed. Boxes have an index of
their own (`box_files/index.py`).
"""

import hashlib
import json
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "compiled"


def table_name(toml: str) -> str:
    """The name of the file that holds this TOML text as JSON."""
    return f"{_digest(toml)}.json"


def template_name(recipe: str) -> str:
    """The name of the module that holds the template of this recipe."""
    return f"t_{_digest(recipe)}.py"


def script_name(source: str) -> str:
    """The name of the file that holds this script as it is delivered."""
    return f"{_digest(source)}.js"


def parse_toml(toml: str, folder: Path = FOLDER) -> dict[str, Any]:
    """The tables of a TOML text; raise what tomllib raises."""
    try:
        tables: dict[str, Any] = json.loads((folder / table_name(toml)).read_bytes())
    except FileNotFoundError:
        return _parsed(toml)
    return tables


@cache
def _parsed(toml: str) -> dict[str, Any]:
    """A text of a checkout, parsed once a process; nobody writes into what they get."""
    # Imported on use: no start should wait for a parser that it does not need.
    import tomllib

    return tomllib.loads(toml)


def find_template(recipe: str, folder: Path = FOLDER) -> dict[str, Any] | None:
    """The namespace of a compiled template, a new one at each call, or None if there is none."""
    path = folder / template_name(recipe)
    spec = spec_from_file_location(path.stem, path) if path.exists() else None
    if spec is None or spec.loader is None:
        return None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return vars(module)


def find_script(source: str, folder: Path = FOLDER) -> str | None:
    """This script as it is delivered, or None if there is none."""
    try:
        return (folder / script_name(source)).read_text("utf-8")
    except FileNotFoundError:
        return None


def _digest(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()[:32]
