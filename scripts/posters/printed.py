"""The codes of places that hang on walls, noted beside the box files when posters for citizens are made.

Whichever way a ward is printed, by `scripts/make-posters` or from the set-up page, and whichever way its file
is changed afterwards, no code that somebody can scan is dropped unnoticed.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from homthu.adapters.box_files import load_boxes
from homthu.adapters.box_files.recorded import record_versions
from homthu.adapters.whole_file import replace_whole
from homthu.domain.boxes.box import Box
from homthu.domain.week import local_date
from homthu.render.numbers import format_date

#: Lies with the box files, so that whoever deploys them has it too.
PRINTED = "printed.json"


def printed_codes(boxes: Path) -> dict[str, str]:
    """The codes that were printed for citizens, each with the day of its first print."""
    try:
        found = json.loads((boxes / PRINTED).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return {str(code): str(day) for code, day in found.items()} if isinstance(found, dict) else {}


def note_codes(boxes: Path, days: Mapping[str, str]) -> None:
    """Remember codes, each with its day; known codes keep theirs. May raise `OSError`."""
    _write(boxes, {**days, **printed_codes(boxes)})


def forget_code(boxes: Path, code: str) -> None:
    """The posters of this place were taken down. May raise `OSError`."""
    _write(boxes, {one: day for one, day in printed_codes(boxes).items() if one != code})


def note_print(boxes: Path, box: Box, base_url: str, now: datetime) -> bool:
    """Note what a print makes public: the places' codes, and the words of the questions. Whether it was one
    for citizens, whom only `https://` reaches. To be called before anything can be hung; may raise `OSError`.
    """
    if not base_url.startswith("https://"):
        return False
    note_codes(boxes, dict.fromkeys((place.code for place in box.places), format_date(local_date(now))))
    record_versions(boxes, load_boxes(boxes).questionnaires)
    return True


def let_go(boxes: Path, known: Iterable[Box]) -> dict[str, str]:
    """The printed codes that no box has any more, each with its day."""
    here = {place.code for box in known for place in box.places}
    return {code: day for code, day in printed_codes(boxes).items() if code not in here}


def _write(boxes: Path, days: Mapping[str, str]) -> None:
    replace_whole(boxes / PRINTED, json.dumps(days, indent=1).encode())
