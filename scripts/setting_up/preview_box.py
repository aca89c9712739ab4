"""A box to preview an incomplete draft: an ellipsis for what is missing, nothing for what is wrong."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from homthu.adapters.box_files.box import read_box
from homthu.adapters.box_files.problems import Notes
from homthu.domain.boxes.box import Box
from homthu.domain.boxes.questionnaire import Questionnaire

from setting_up.checking import read_draft
from setting_up.workplace import Table

_BLANK = "…"
#: Placeholders for values that are no texts, or have a format.
_STAND_INS: Mapping[str, Any] = {
    "code": "00000",
    "kind": "phường",
    "phone": "0000",
    "email": "dia-chi@example.org",
    "symbol": "BC/…",
    "closing_hours": 0,
    "former_names": [],
    "basis": [],
    "copies_to": [],
    "results": "",
    "emblem": "",
    "superior": "",
}
_PLACE = {"code": "diem-1", "name": _BLANK, "kind": "one_stop"}
_RECIPIENT = {"name": _BLANK, "email": "dia-chi@example.org", "reads": ["figures", "words", "petitions"]}
#: The lists of which a row that is wrong is left out, and what stands where none is left.
_ROWS = (("places", _PLACE), ("recipients", _RECIPIENT), ("rounds", None), ("answers", None))


def preview_box(table: Table, questionnaires: Mapping[str, Questionnaire]) -> Box:
    """The box as far as it can be read. Raise `LookupError` where there is no questionnaire at all."""
    shown = deepcopy(table)
    _, problems = read_draft(shown, questionnaires)
    wrong = [tuple(_parts(problem.key)) for problem in problems]
    for key in ("ward", "contact", "plan", "report", "operator"):
        if not isinstance(shown.get(key), dict):
            shown[key] = {}
    for path in wrong:
        _stand_in(shown, path)
    for rows, one in _ROWS:
        found = shown.get(rows)
        bad = {path[1] for path in wrong if path[0] == rows and len(path) > 1}
        kept = [row for at, row in enumerate(found) if at not in bad] if isinstance(found, list) else []
        shown[rows] = kept or ([dict(one)] if one else [])
    if not any("words" in row.get("reads", ()) for row in shown["recipients"]):
        shown["recipients"].append(dict(_RECIPIENT))
    if shown.get("questionnaire") not in questionnaires:
        shown["questionnaire"] = max(questionnaires)
    if not shown["rounds"]:
        shown["between_rounds"] = "accept"
    return read_box(shown, Notes(""), questionnaires)


def _parts(key: str) -> list[Any]:
    """`places[2].code`, counted as people count, as `places`, 1, `code`."""
    parts: list[Any] = []
    for part in key.split("."):
        name, *positions = part.replace("]", "").split("[")
        parts += [name, *(int(position) - 1 for position in positions)]
    return parts


def _stand_in(shown: Table, path: tuple[Any, ...]) -> None:
    if len(path) == 2 and isinstance(path[1], str) and isinstance(shown.get(path[0]), dict):
        shown[path[0]][path[1]] = _STAND_INS.get(path[1], _BLANK)
    elif len(path) == 3 and isinstance(path[2], int) and isinstance(shown.get(path[0]), dict):
        shown[path[0]][path[1]] = []
    elif len(path) == 1 and path[0] in ("closing_hours", "results"):
        shown[path[0]] = _STAND_INS[path[0]]
    elif path == ("between_rounds",):
        shown["between_rounds"] = "accept"
