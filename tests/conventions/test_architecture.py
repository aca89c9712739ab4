"""The house's rules, held by reading the source: who imports whom, and what only one module may do."""

import ast
from collections.abc import Iterator
from dataclasses import is_dataclass
from functools import cache
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from deploying.compiling import TARGET, compiled_files
from homthu.adapters.compiled import template_name
from homthu.adapters.web_files import load_assets, load_templates, load_texts
from homthu.domain.cases.desk import Desk
from homthu.domain.releases.history import History
from homthu.domain.releases.releases import Releases
from homthu.domain.reports.ledger import FrozenReport
from homthu.domain.reports.published import Published
from homthu.domain.reports.tally import Tally
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.render.templates import recipe

ROOT = Path(__file__).parents[2]
HOMTHU = ROOT / "functions" / "homthu"
POSTERS = sorted((ROOT / "scripts" / "posters").glob("*.py"))
SCRIPTS = [
    path for path in sorted((ROOT / "scripts").rglob("*")) if path.is_file() and path.suffix in ("", ".py")
]

#: What each room may import from the others, beside itself.
MAY_IMPORT = {
    "record": set(),
    "domain": {"record"},
    "render": {"domain", "record"},
    "ports": {"domain", "record"},
    "services": {"domain", "ports", "render", "log"},
    "adapters": {"domain", "ports", "render", "deadline"},
    "http": {"domain", "ports", "render", "services", "config", "log", "deadline", "record"},
    "config": {"domain", "record"},
    "log": set(),
    "python_holes": set(),
    "lazy": set(),
    "deadline": set(),
    "bootstrap": {"domain", "ports", "render", "services", "adapters", "config", "lazy"},
}
#: Each of these libraries is imported by one module and no other.
ONE_MODULE_ONLY = (
    "google.cloud",
    "grpc",
    "boto3",
    "sqlite3",
    "smtplib",
    "xlsxwriter",
    "docx",
    "cryptography",
    "brotli",
    "requests",
)
#: What the pure rooms may not know: files, time of day, the environment, chance, the network.
IMPURE = {"os", "time", "random", "secrets", "socket", "logging", "pathlib", "subprocess", "tempfile"}
MAX_LINES = 350
#: What npm installs below tests/web is nobody's of ours.
OWN_TESTS = [path for path in (ROOT / "tests").rglob("*.py") if "node_modules" not in path.parts]


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def modules(folder: Path = HOMTHU) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(folder.rglob("*.py")):
        yield path, parsed(path)


@cache
def imported(tree: ast.Module) -> tuple[str, ...]:
    return tuple(_imported(tree))


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room_of(path: Path) -> str:
    first = path.relative_to(HOMTHU).parts[0]
    return first.removesuffix(".py")


def test_imports_point_one_way() -> None:
    wrong = [
        f"{path.relative_to(HOMTHU)} imports {name}"
        for path, tree in modules()
        if room_of(path) != "__init__"
        for name in imported(tree)
        if name.startswith("homthu.")
        for room in (name.split(".")[1],)
        if room not in MAY_IMPORT[room_of(path)] | {room_of(path)}
    ]
    assert wrong == []


@pytest.mark.parametrize("library", ONE_MODULE_ONLY)
def test_each_sdk_is_imported_by_one_module(library: str) -> None:
    users = [
        str(path.relative_to(HOMTHU))
        for path, tree in modules()
        if any(name == library or name.startswith(library + ".") for name in imported(tree))
    ]
    assert len(users) == 1, users


@pytest.mark.parametrize("library", ["segno", "typst", "pypdfium2", "zxingcpp", "urllib.request"])
def test_each_library_of_the_press_is_imported_by_one_of_its_modules(library: str) -> None:
    users = [
        path.name
        for path in POSTERS
        if any(name == library or name.startswith(library + ".") for name in imported(parsed(path)))
    ]
    assert len(users) == 1, users


#: What only scripts have: the press, and what sets a ward up.
NO_FUNCTION_HAS = (
    ("segno", "typst", "pypdfium2", "zxingcpp", "PIL", "posters"),
    ("tomlkit", "waitress", "vietnamadminunits", "setting_up"),
)


@pytest.mark.parametrize("those", NO_FUNCTION_HAS, ids=["press", "set-up"])
def test_no_function_knows_what_only_scripts_have(those: tuple[str, ...]) -> None:
    wrong = [
        f"{path.relative_to(HOMTHU)} imports {name}"
        for path, tree in modules()
        for name in imported(tree)
        if name.split(".")[0] in those
    ]
    assert wrong == []


def test_no_function_loads_the_words_or_the_style_of_the_set_up() -> None:
    assert not any(key.startswith("setup.") for key in load_texts("vi").keys)
    assert not any("setup" in name for name in load_assets())
    names = dict(compiled_files(ROOT))
    setup = load_templates()["setup/step.html"]
    assert f"{TARGET}/{template_name(recipe('setup/step.html', setup))}" not in names


@pytest.mark.parametrize(
    ("library", "users"), [("tomlkit", ["toml_text.py"]), ("waitress", ["server.py", "waitress_server.py"])]
)
def test_each_library_of_the_set_up_is_imported_where_it_belongs(library: str, users: list[str]) -> None:
    found = {
        path.name for path in SCRIPTS if any(name.split(".")[0] == library for name in imported(parsed(path)))
    }
    assert sorted(found) == users


def test_domain_and_render_do_no_input_or_output() -> None:
    wrong = [
        f"{path.relative_to(HOMTHU)} imports {name}"
        for room in ("domain", "render")
        for path, tree in modules(HOMTHU / room)
        for name in imported(tree)
        if name.split(".")[0] in IMPURE
    ]
    wrong += [
        f"{path.relative_to(HOMTHU)} opens a file"
        for room in ("domain", "render")
        for path, tree in modules(HOMTHU / room)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "open"
    ]
    assert wrong == []


def test_every_sheet_gets_its_name_where_names_are_made_unique() -> None:
    """A name that was merely cut has stopped a ward's reports for good."""
    users = [
        path.name
        for path in [*HOMTHU.rglob("*.py"), *(ROOT / "scripts").rglob("*.py")]
        if "add_worksheet(" in path.read_text("utf-8")
    ]
    assert users == ["xlsx.py"]


#: Counts of answers that were not told: whoever words anything must not be able to reach them.
UNTOLD = (
    "homthu.domain.reports.tally",
    "homthu.domain.reports.ledger",
    "homthu.domain.releases.new_answers",
    "homthu.domain.releases.counted",
    "homthu.domain.releases.disclosure",
    "homthu.domain.releases.cut",
    "homthu.domain.releases.history",
)


def test_who_tells_figures_takes_them_from_releases_and_knows_no_count_that_was_not_told() -> None:
    wrong = [
        f"{path.relative_to(HOMTHU)} imports {name}"
        for path, tree in modules(HOMTHU / "render")
        for name in imported(tree)
        if name.startswith(UNTOLD)
    ]
    wrong += [
        f"{path.relative_to(HOMTHU)} reads .tally"
        for path, tree in modules(HOMTHU / "render")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "tally"
    ]
    assert wrong == []


@pytest.mark.parametrize("given", [WeeklyReport, Published, Desk])
def test_nothing_that_is_given_to_be_worded_holds_a_tally(given: type) -> None:
    seen: set[object] = set()
    found = [given]
    while found:
        one = found.pop()
        if one in seen:
            continue
        seen.add(one)
        found += get_args(one)
        if is_dataclass(one):
            found += get_type_hints(one).values()
    assert {WeeklyReport, Releases} & seen or given is Desk
    assert not {Tally, History, FrozenReport} & seen


def test_only_the_clock_adapter_asks_what_time_it_is() -> None:
    clock = HOMTHU / "adapters" / "clock.py"
    sources = [*HOMTHU.rglob("*.py"), *SCRIPTS]
    wrong = [
        path.name
        for path in sources
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute) and node.attr in ("now", "utcnow", "today")
        if isinstance(node.value, ast.Name) and node.value.id in ("datetime", "date")
    ]
    assert set(wrong) == {clock.name}


def test_nothing_is_built_at_import() -> None:
    """A client, thread or connection made at import would be carried across the server's fork."""
    builders = {"Thread", "Client", "Session", "client", "connect", "insecure_channel", "secure_channel"}
    wrong = [
        f"{path.relative_to(HOMTHU)}:{node.lineno}"
        for path, tree in modules()
        for statement in tree.body
        if isinstance(statement, ast.Assign | ast.AnnAssign | ast.Expr)
        for node in ast.walk(statement)
        if isinstance(node, ast.Call)
        and (getattr(node.func, "id", None) in builders or getattr(node.func, "attr", None) in builders)
    ]
    assert wrong == []


def test_templates_never_switch_escaping_off_but_for_our_own_style_and_script() -> None:
    users = sorted(
        path.name
        for path in (ROOT / "web" / "templates").rglob("*")
        if path.is_file() and "|safe" in path.read_text("utf-8").replace(" ", "")
    )
    assert len(users) <= 1, users


def test_no_module_is_too_long_to_read() -> None:
    limits = {
        **dict.fromkeys([*(ROOT / "functions").rglob("*.py"), *SCRIPTS], MAX_LINES),
        **dict.fromkeys((ROOT / "web").rglob("*.js"), MAX_LINES),
        **dict.fromkeys(OWN_TESTS, MAX_LINES),
    }
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in limits}
    assert [f"{path.relative_to(ROOT)}: {n}" for path, n in lengths.items() if n > limits[path]] == []


def test_an_executable_only_opens_the_environment_and_names_its_module() -> None:
    """So that the type checker, which reads `*.py`, sees every line that does something."""
    executables = [path for path in SCRIPTS if path.suffix == ""]
    assert len(executables) > 20
    for path in executables:
        *imports, call = parsed(path).body[1:]
        assert ast.unparse(call).startswith("environment.command(__file__"), path
        path_line = [one for one in imports if not isinstance(one, ast.Import | ast.ImportFrom)]
        assert len(path_line) == 1, path


def test_the_top_level_holds_only_what_it_should() -> None:
    allowed = {"functions", "infra", "web", "scripts", "tests", "requirements.txt", "README.md"}
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert found <= allowed
