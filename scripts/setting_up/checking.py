"""What is wrong with a draft, at the field where it was typed, in check-box's own words."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from homthu.adapters.box_files import BoxProblems, load_boxes
from homthu.adapters.box_files.box import read_box
from homthu.adapters.box_files.problems import Notes
from homthu.adapters.box_files.questionnaire import QUESTIONNAIRES
from homthu.adapters.whole_file import replace_whole
from homthu.domain.boxes.box import Box
from homthu.domain.boxes.problem import Problem
from homthu.domain.boxes.questionnaire import Questionnaire
from homthu.render.problems import describe
from homthu.render.texts import Texts
from posters.printed import printed_codes

from setting_up.steps import step_of
from setting_up.toml_text import write_toml
from setting_up.workplace import Asked, Draft, Table, Workplace, questionnaire_of

_POSITION = re.compile(r"\[([0-9]+)\]")
_IN_A_LIST = re.compile(r"\.[0-9]+$")


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One sentence at a field: `places.2.code`; empty for the file as a whole."""

    field: str
    sentence: str

    @property
    def step(self) -> str:
        """The page that the field stands on."""
        return step_of(self.field)


def faults_of(draft: Draft, place: Workplace, texts: Texts) -> list[Fault]:
    """Everything that is wrong with the draft by itself."""
    _, problems = read_draft(draft.table, place.questionnaires_with(draft), place.targets())
    return [
        *(_fault(problem, texts) for problem in problems),
        *taken_down(draft, place, texts),
        *question_faults(draft, texts),
    ]


def question_faults(draft: Draft, texts: Texts) -> list[Fault]:
    """What is wrong with the questions that are being written."""
    if draft.asked is None:
        return []
    _, problems = questionnaire_of(draft.asked.version, draft.asked.table)
    return [_question_fault(problem, texts) for problem in problems]


def _question_fault(problem: Problem, texts: Texts) -> Fault:
    """Named by the question's number, as the page counts them."""
    fault = _fault(problem, texts)
    field = fault.field.split(".")
    if field[0] == "questions" and len(field) > 1:
        where = texts("setup.questions.number", number=int(field[1]) + 1)
        return Fault(field=f"q.{field[1]}", sentence=f"{where}: {fault.sentence}")
    return Fault(field="q", sentence=fault.sentence)


def read_draft(
    table: Table, questionnaires: Mapping[str, Questionnaire], targets: Collection[str] | None = None
) -> tuple[Box, Sequence[Problem]]:
    """The box of a draft, with wrong values left empty, and its problems; `targets` are the existing ones."""
    notes = Notes("")
    return read_box(table, notes, questionnaires, targets), notes.problems


def faults_together(draft: Draft, place: Workplace, texts: Texts) -> list[Fault]:
    """What is wrong with the draft among the other files: exactly what check-box would say of them."""
    with TemporaryDirectory(prefix="hom-thu-") as folder:
        boxes = place.copy_boxes(Path(folder))
        text = write_toml(draft.table, place.text(draft))
        replace_whole(boxes / draft.file, text.encode())
        if draft.asked:
            replace_whole(boxes / questions_path(draft.asked), questions_text(draft.asked, place).encode())
        try:
            load_boxes(boxes)
        except BoxProblems as found:
            return [
                _fault(problem, texts)
                if problem.file == draft.file
                else Fault(field="", sentence=describe(problem, texts))
                for problem in found.problems
            ]
    return []


def questions_path(asked: Asked) -> str:
    """The path of a version below the folder of box files."""
    return f"{QUESTIONNAIRES}/{asked.version}.toml"


def questions_text(asked: Asked, place: Workplace) -> str:
    """The file of a version that is being written, with the explanations of the one it was copied from."""
    text = place.questionnaire_text(asked.source).replace(asked.source, asked.version, 1)
    return write_toml(asked.table, text)


def taken_down(draft: Draft, place: Workplace, texts: Texts) -> Iterable[Fault]:
    """Codes of the saved file that hang on walls, and that the draft would drop."""
    before, _ = place.read(draft.file) if draft.file in place.files() else (None, ())
    printed, now = printed_codes(place.boxes), _codes(draft.table)
    for code in _codes(before or {}):
        if code in printed and code not in now:
            yield Fault(field="places", sentence=texts("setup.refused.printed", code=code, day=printed[code]))


def _codes(table: Mapping[str, Any]) -> list[str]:
    rows = table.get("places")
    return (
        [str(row.get("code")) for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
    )


def field_of(key: str) -> str:
    """The field of a problem's key: `places[2].code`, counted as people count, is `places.1.code`."""
    field = _POSITION.sub(lambda found: f".{int(found[1]) - 1}", key)
    # An item of a list of lines is typed in the one field of the list.
    is_list = field.startswith(("plan.", "report.", "ward.", "deadlines.")) or ".reads." in field
    return _IN_A_LIST.sub("", field) if is_list else field


def _fault(problem: Problem, texts: Texts) -> Fault:
    field = field_of(problem.key)
    own = f"setup.problem.{problem.code}"
    if own in texts:
        values = {name: str(value)[:120] for name, value in problem.data.items()}
        return Fault(field=field, sentence=texts(own, **values))
    bare = Problem(file="", line=0, key="", code=problem.code, data=problem.data)
    return Fault(field=field, sentence=describe(bare, texts))
