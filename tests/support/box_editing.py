"""Copies of the shipped box files, spoilt on purpose."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from homthu.adapters.box_files import BoxProblems, load_boxes
from homthu.adapters.web_files import LANGUAGES, load_texts
from homthu.domain.boxes.problem import Problem
from homthu.render.problems import describe

SHIPPED = Path(__file__).parents[2] / "functions" / "boxes"
#: Whom `one_reader` leaves.
ONE_READER = "thuong-truc.ngo-quyen@example.org"


#: The sentences of every language.
TEXTS = {language: load_texts(language) for language in LANGUAGES}


def copy_boxes(folder: Path) -> Path:
    """A copy of the shipped folder to spoil."""
    return Path(shutil.copytree(SHIPPED, folder / "boxes"))


def problems_of(folder: Path) -> list[Problem]:
    """Everything that is wrong with a folder; nothing if it loads.

    Whatever a test provokes is worded in every language on the way: no sentence lacks its data.
    """
    try:
        load_boxes(folder)
    except BoxProblems as error:
        for problem in error.problems:
            assert all(describe(problem, texts).isprintable() for texts in TEXTS.values())
        return list(error.problems)
    return []


def edit(path: Path, old: str, new: str) -> int:
    """Replace the first occurrence; returns the line of the first character that changed."""
    text = path.read_text("utf-8")
    at = text.index(old)
    text = text[:at] + new + text[at + len(old) :]
    path.write_text(text, "utf-8")
    while old and new and old[0] == new[0]:
        old, new, at = old[1:], new[1:], at + 1
    return text.count("\n", 0, at) + 1


def line_of(path: Path, text: str) -> int:
    """The line on which this text begins first."""
    source = path.read_text("utf-8")
    return source.count("\n", 0, source.index(text)) + 1


def cut(path: Path, header: str) -> None:
    """Remove every table with this header."""
    tables = re.split(r"^(?=\[)", path.read_text("utf-8"), flags=re.MULTILINE)
    path.write_text("".join(table for table in tables if not table.startswith(header)), "utf-8")


def one_reader(path: Path) -> None:
    """Leave one recipient, who reads everything: a report is one mail then."""
    cut(path, "[[recipients]]")
    reader = f'name = "Thường trực"\nemail = "{ONE_READER}"\nreads = ["figures", "words", "petitions"]'
    path.write_text(path.read_text("utf-8") + f"\n[[recipients]]\n{reader}\n", "utf-8")


@dataclass(frozen=True)
class Slip:
    """An edit to a sound file, and the one problem it must give.

    The problem stands where the edit begins, or where `anchor` is found afterwards.
    """

    old: str
    new: str
    code: str
    key: str
    anchor: str = ""


def outcome(path: Path, slip: Slip, folder: Path) -> tuple[list[tuple[str, int, str, str]], int]:
    """The problems after a slip as (file, line, key, code), and the line where one is expected."""
    line = edit(path, slip.old, slip.new)
    if slip.anchor:
        line = line_of(path, slip.anchor)
    return [(p.file, p.line, p.key, p.code) for p in problems_of(folder)], line
