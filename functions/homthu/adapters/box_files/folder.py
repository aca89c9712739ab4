"""Loads the boxes of a deployment: from their files, or from the index that an archive has in their place."""

from pathlib import Path

from homthu.adapters.box_files.index import COMPILED, open_index
from homthu.adapters.box_files.problems import BoxProblems, Notes
from homthu.adapters.box_files.toml_file import toml_files
from homthu.domain.boxes.box import Boxes


def load_boxes(folder: Path) -> Boxes:
    """The boxes in `folder/*.toml` with the questionnaires beside them, or those of the folder's index.

    Raise `BoxProblems`.
    """
    about = Notes(str(folder))
    if not folder.is_dir():
        about.add_at_line(0, "no_folder")
        raise BoxProblems(about.problems)
    if indexed := open_index(folder):
        if beside := toml_files(folder):
            about = Notes(beside[0].name)
            about.add_at_line(0, "beside_index", folder=COMPILED)
            raise BoxProblems(about.problems)
        return indexed
    # Imported on use: a start from an archive checks nothing.
    from homthu.adapters.box_files.files import read_files

    return read_files(folder)
