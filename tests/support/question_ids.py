"""Questionnaires whose questions have any ids, read from a file as an office's are."""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from box_editing import SHIPPED
from citizen_side import Site
from homthu.adapters.box_files import load_boxes
from homthu.domain.boxes.box import Boxes

VERSION = "thu-v1"
_QUESTION = """
[[questions]]
id = "{id}"
kind = "rating"
required = true
text.vi = "Câu {number}"
short.vi = "Câu {number}"
"""


def boxes_asking(ids: Sequence[str]) -> Boxes:
    """The shipped boxes, one of them with these questions. Raise `BoxProblems` as check-box shows them."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(shutil.copytree(SHIPPED, Path(made) / "boxes"))
        shipped = (folder / "questionnaires" / "qcdc-v1.toml").read_text("utf-8")
        head = shipped.partition("\n[[questions]]")[0].replace('overall = "chung"', f'overall = "{ids[0]}"')
        asked = [_QUESTION.format(id=id, number=number) for number, id in enumerate(ids, 1)]
        (folder / "questionnaires" / f"{VERSION}.toml").write_text(head + "".join(asked), "utf-8")
        box = folder / "ngo-quyen.toml"
        box.write_text(box.read_text("utf-8").replace('"qcdc-v2"', f'"{VERSION}"'), "utf-8")
        return load_boxes(folder)


def site_asking(ids: Sequence[str]) -> Site:
    """The citizen's side of that box."""
    return Site(boxes=boxes_asking(ids))
