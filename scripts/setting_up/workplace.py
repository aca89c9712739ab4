"""The folders used while a ward is set up: its box files in the data folder, and a draft beside them.

The draft is kept at every change, so that a closed lid or a pulled plug loses nothing that was typed.
"""

import json
import shutil
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from homthu.adapters.box_files.problems import Notes
from homthu.adapters.box_files.questionnaire import QUESTIONNAIRES, read_questionnaire
from homthu.adapters.box_files.recorded import FILE_NAME, read_recorded
from homthu.adapters.box_files.signs import SIGNS
from homthu.adapters.box_files.target import TARGETS
from homthu.adapters.box_files.toml_file import read_toml, toml_files
from homthu.adapters.whole_file import make_folder, replace_whole
from homthu.domain.boxes.problem import Problem
from homthu.domain.boxes.questionnaire import Questionnaire

#: The example wards that come with the program.
EXAMPLES = ("bac-giang.toml", "ngo-quyen.toml")
_DRAFT = "setting-up.json"

Table = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A version of the questions that is being edited, and the one that it was copied from."""

    version: str
    source: str
    table: Table


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What is being edited: the tables of the file with this name; `is_new` until it is first saved.

    `kept` are the pages that have been visited: what is missing on any other is no fault yet.
    """

    file: str
    table: Table
    is_new: bool = True
    kept: tuple[str, ...] = ()
    asked: Asked | None = None
    #: The imported text that this draft continues, for its comments.
    base: str = ""


@dataclass(frozen=True, kw_only=True)
class Workplace:
    """The folders. `shipped` are the examples that come with the program, `data` is this machine's box."""

    data: Path
    shipped: Path
    boxes: Path = field(init=False)
    draft_file: Path = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "boxes", self.data / "boxes")
        object.__setattr__(self, "draft_file", self.data / _DRAFT)

    # The draft.

    def draft(self) -> Draft | None:
        """The draft, or None if there is none; one that a full disk cut off counts as none."""
        try:
            found = json.loads((self.draft_file).read_text("utf-8"))
            return Draft(
                file=str(found["file"]),
                table=dict(found["table"]),
                is_new=bool(found["is_new"]),
                kept=tuple(map(str, found.get("kept", ()))),
                asked=Asked(**found["asked"]) if found.get("asked") else None,
                base=str(found.get("base", "")),
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def keep_draft(self, draft: Draft) -> None:
        """Store the draft. May raise `OSError`."""
        make_folder(self.data)
        text = json.dumps(asdict(draft), ensure_ascii=False, indent=1, default=str)
        replace_whole(self.draft_file, text.encode())

    def drop_draft(self) -> None:
        """Delete the draft. May raise `OSError`."""
        (self.draft_file).unlink(missing_ok=True)

    # The box files.

    def files(self) -> list[str]:
        """The names of the saved ward files."""
        return [path.name for path in toml_files(self.boxes)] if self.boxes.is_dir() else []

    def elsewhere(self) -> list[str]:
        """Files that an office keeps among the program's examples, as guides said until November 2026."""
        own = {*EXAMPLES, *self.files()}
        return [path.name for path in toml_files(self.shipped) if path.name not in own]

    def read(self, file: str) -> tuple[Table | None, Sequence[Problem]]:
        """The tables of a saved file; or None, and the faults that make it unreadable."""
        path = self.boxes / file
        table, notes = read_toml(path if path.exists() else self.shipped / file, file)
        return (dict(table), ()) if isinstance(table, Mapping) else (None, notes.problems)

    def text(self, draft: Draft) -> str:
        """The text of the file; without one, what the draft started from, or the commented example."""
        path = self.boxes / draft.file
        if draft.base and not path.exists():
            return draft.base
        found = path if path.exists() else self.shipped / EXAMPLES[1]
        # An old editor may not have written UTF-8; losing some characters is no reason to fail.
        return found.read_text("utf-8-sig", "replace").replace("\r\n", "\n")

    def furnish(self, folder: Path | None = None) -> None:
        """Copy in what every folder of box files needs and lacks: shipped questions, signs and targets."""
        folder = folder or self.boxes
        for inner in (QUESTIONNAIRES, SIGNS, TARGETS):
            make_folder(folder / inner)
            for path in sorted((self.shipped / inner).iterdir()):
                target = folder / inner / path.name
                if path.name != FILE_NAME and not target.exists():
                    replace_whole(target, path.read_bytes())
        self._furnish_record(folder)

    def _furnish_record(self, folder: Path) -> None:
        target, shipped = folder / QUESTIONNAIRES / FILE_NAME, self.shipped / QUESTIONNAIRES / FILE_NAME
        if shipped.exists() and not target.exists():
            replace_whole(target, shipped.read_bytes())

    def copy_boxes(self, folder: Path) -> Path:
        """A copy of the box files to try something with, with everything such a folder needs."""
        target = folder / "boxes"
        if self.boxes.is_dir():
            shutil.copytree(self.boxes, target)
        self.furnish(target)
        return target

    # The questions.

    def questionnaires(self) -> dict[str, Questionnaire]:
        """Every valid version that can be chosen: this machine's own, and the shipped ones."""
        found: dict[str, Questionnaire] = {}
        for folder in (self.shipped / QUESTIONNAIRES, self.boxes / QUESTIONNAIRES):
            for path in toml_files(folder) if folder.is_dir() else ():
                table, notes = read_toml(path, path.name)
                asked = read_questionnaire(path.stem, table, notes)
                if not notes.problems:
                    found[path.stem] = asked
        return dict(sorted(found.items()))

    def questionnaires_with(self, draft: Draft) -> dict[str, Questionnaire]:
        """Those, and the version that is being edited, valid or not."""
        found = self.questionnaires()
        if draft.asked:
            found[draft.asked.version], _ = questionnaire_of(draft.asked.version, draft.asked.table)
        return found

    def questionnaire_text(self, version: str) -> str:
        """The text of a version's file. May raise `OSError`."""
        own = self.boxes / QUESTIONNAIRES / f"{version}.toml"
        path = own if own.exists() else self.shipped / QUESTIONNAIRES / f"{version}.toml"
        return path.read_text("utf-8-sig").replace("\r\n", "\n")

    def is_recorded(self, version: str) -> bool:
        """Whether forms may hold answers to this version, so that it must not change."""
        for folder in (self.shipped, self.boxes):
            recorded, notes = read_recorded(folder / QUESTIONNAIRES / FILE_NAME, FILE_NAME)
            if version in recorded or notes.problems:
                return True
        return False

    def targets(self) -> dict[str, str]:
        """The targets that figures can be typed into, by name, with the title in the file of each."""
        found = {}
        for folder in (self.shipped / TARGETS, self.boxes / TARGETS):
            for path in toml_files(folder) if folder.is_dir() else ():
                table, _ = read_toml(path, f"{TARGETS}/{path.name}")
                title = table.get("title") if isinstance(table, dict) else ""
                found[path.stem] = title if isinstance(title, str) else ""
        return dict(sorted(found.items()))


def example_table(shipped: Path) -> Table:
    """The tables of the example that a new file starts from."""
    return tomllib.loads((shipped / "ngo-quyen.toml").read_text("utf-8"))


def questionnaire_of(version: str, table: object) -> tuple[Questionnaire, list[Problem]]:
    """The questionnaire in these tables, and its faults."""
    notes = Notes(f"{version}.toml")
    return read_questionnaire(version, table, notes), notes.problems
