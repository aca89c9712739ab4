"""The README is held to what there is."""

import re
from pathlib import Path

from homthu.bootstrap.start import NEEDS
from main import TARGETS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
FOLDERS = ("functions", "web", "scripts/posters", "infra", "tests")
PAGES = [
    ROOT / "README.md",
    *(ROOT / folder / "README.md" for folder in FOLDERS),
    ROOT / "infra" / "OPERATE.md",
]
MOST_LINES = 150
CONFIG = (ROOT / "functions" / "homthu" / "config.py").read_text("utf-8")


def test_the_readme_is_one_page_and_leads_to_every_other() -> None:
    assert len(README.splitlines()) <= MOST_LINES
    missing = [
        str(page.relative_to(ROOT)) for page in PAGES[1:] if f"({page.relative_to(ROOT)})" not in README
    ]
    assert missing == []


def test_every_setting_is_in_the_table_and_every_row_is_a_setting() -> None:
    read = set(re.findall(r'"(HOMTHU_[A-Z_]+)"', CONFIG))
    rows = set(re.findall(r"^\| `(HOMTHU_[A-Z_]+)`", README, re.MULTILINE))
    assert rows == read


def test_each_setting_names_the_functions_that_cannot_start_without_it() -> None:
    for variable, needed in re.findall(r"^\| `(HOMTHU_[A-Z_]+)` \|.*\| ([^|]+) \|$", README, re.MULTILINE):
        functions = {name for name in TARGETS if variable in NEEDS[name]}
        named = set(re.findall(r"`(\w+)`", needed)) or (set(TARGETS) if needed == "all" else set())
        assert named == functions, variable


def source_of(script: Path) -> str:
    """What a command's module says, of `commands` or `dev`."""
    name = f"{script.name.replace('-', '_')}.py"
    (module,) = (path for folder in ("commands", "dev") if (path := script.parent / folder / name).exists())
    # What its own commands take is read where each stands.
    rest = script.parent.glob("own_server/*.py") if script.name == "hom-thu" else ()
    return "".join(path.read_text("utf-8") for path in (module, *rest))


def test_every_command_is_in_the_table_and_every_row_is_a_command() -> None:
    commands = {path.name for path in (ROOT / "scripts").iterdir() if path.is_file() and not path.suffix}
    rows = set(re.findall(r"^\| `scripts/([\w-]+)`", README, re.MULTILINE))
    assert rows == commands


def test_every_option_in_the_table_of_commands_exists() -> None:
    for name, row in re.findall(r"^\| `scripts/([\w-]+)` \|(.*)\|$", README, re.MULTILINE):
        source = source_of(ROOT / "scripts" / name)
        for option in re.findall(r"--[a-z-]+", row):
            in_shared = option == "--data" and "add_data_option" in source
            assert f'"{option}"' in source or in_shared, f"{name} {option}"


def test_every_file_that_is_linked_exists() -> None:
    # The office's guide is read beside the README, and its links are as they stand there.
    folders = {page: page.parent for page in PAGES} | {ROOT / "functions" / "boxes" / "HUONG-DAN.md": ROOT}
    for page, folder in folders.items():
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
            assert (folder / target).exists(), f"{page}: {target}"


def test_every_option_of_a_command_on_any_page_exists() -> None:
    for page in PAGES:
        text = page.read_text("utf-8").replace("\\\n", " ")
        for name, rest in re.findall(r"scripts/([a-z-]+)((?: [^\s`|#]+)*)", text):
            script = ROOT / "scripts" / name
            if not script.is_file():
                continue
            source = source_of(script)
            for option in re.findall(r"(?<=\s)--[a-z][a-z-]+", rest.partition(" -- ")[0]):
                is_shared = option == "--data" and "add_data_option" in source
                assert f'"{option}"' in source or is_shared, f"{page.name}: scripts/{name} {option}"


def test_every_script_can_be_run_and_explains_itself() -> None:
    for path in (ROOT / "scripts").iterdir():
        if path.is_file() and not path.suffix:
            assert path.stat().st_mode & 0o111, path.name
            assert "argparse.ArgumentParser(description=__doc__" in source_of(path), path.name
