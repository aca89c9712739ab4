"""Reads every box file of a folder, and refuses them with everything that is wrong at once."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from homthu.adapters.box_files.box import read_box
from homthu.adapters.box_files.clips import AUDIO, with_clips
from homthu.adapters.box_files.key_path import KeyPath
from homthu.adapters.box_files.problems import BoxProblems, Notes
from homthu.adapters.box_files.questionnaire import QUESTIONNAIRES, read_questionnaire
from homthu.adapters.box_files.recorded import FILE_NAME, read_recorded
from homthu.adapters.box_files.signs import SIGNS, load_signs
from homthu.adapters.box_files.target import TARGETS, load_targets, note_uncovered
from homthu.adapters.box_files.toml_file import read_toml, toml_files
from homthu.adapters.box_files.unchanged import note_changes
from homthu.domain.boxes.box import Box, Boxes
from homthu.domain.boxes.questionnaire import Questionnaire

#: A version is a hidden field of the form and a part of a tally's key.
_VERSION = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
#: A copy that was put aside, or that an editor makes by itself.
_PUT_ASIDE = re.compile(r"(?:~|\.(?:bak|old|orig|tmp|swp|swo))$", re.IGNORECASE)
#: Any mention of TOML in a name, a text file, and the usual misspellings of the ending.
_MEANT = re.compile(r"toml|\.(?:txt|tml|tom|tmol|ini|conf|docx?|odt|rtf)\s*$", re.IGNORECASE)


def read_files(folder: Path) -> Boxes:
    """The boxes in `folder/*.toml`, each read and checked. Raise `BoxProblems`."""
    questionnaires, notes = _load_questionnaires(folder)
    questionnaires, clip_notes = with_clips(folder, questionnaires)
    signs, sign_notes = load_signs(folder / SIGNS)
    targets, target_notes = load_targets(folder / TARGETS)
    names = [path.stem for path in toml_files(folder / TARGETS)]
    boxes: list[tuple[Box, Notes]] = []
    for path in toml_files(folder):
        table, file_notes = read_toml(path, path.name)
        boxes.append((read_box(table, file_notes, questionnaires, names), file_notes))
    _note_taken([(notes, [(("ward", "code"), box.ward.code)]) for box, notes in boxes])
    _note_taken([(notes, _place_codes(box)) for box, notes in boxes])
    for name in {box.target for box, _ in boxes} & targets.keys():
        note_uncovered(*targets[name], tuple(questionnaires.values()))
    notes += [file_notes for _, file_notes in boxes]
    notes += _strangers(folder, "", frozenset({QUESTIONNAIRES, SIGNS, AUDIO, TARGETS}))
    for inner in (QUESTIONNAIRES, SIGNS, TARGETS):
        notes += _strangers(folder / inner, f"{inner}/")
    if boxes and not sign_notes:
        # Without any phrase every denunciation would be quoted.
        sign_notes.append(Notes(f"{SIGNS}/"))
        sign_notes[0].add_at_line(0, "no_signs")
    notes += sign_notes
    notes += clip_notes
    notes += target_notes
    if not boxes:
        notes.append(Notes(str(folder)))
        notes[-1].add_at_line(0, "no_box_files")
    if problems := [problem for each in notes for problem in sorted(each.problems, key=lambda p: p.line)]:
        raise BoxProblems(problems)
    return Boxes(
        by_ward={box.ward.code: box for box, _ in boxes},
        questionnaires=questionnaires,
        signs=signs,
        targets={name: target for name, (target, _) in targets.items()},
    )


def _load_questionnaires(folder: Path) -> tuple[dict[str, Questionnaire], list[Notes]]:
    recorded, record_notes = read_recorded(
        folder / QUESTIONNAIRES / FILE_NAME, f"{QUESTIONNAIRES}/{FILE_NAME}"
    )
    questionnaires: dict[str, Questionnaire] = {}
    notes = [record_notes]
    for path in toml_files(folder / QUESTIONNAIRES):
        version = path.stem
        table, file_notes = read_toml(path, f"{QUESTIONNAIRES}/{path.name}")
        questionnaires[version] = read_questionnaire(version, table, file_notes)
        notes.append(file_notes)
        if not _VERSION.fullmatch(version):
            file_notes.add_at_line(0, "bad_version", value=version)
        if table is not None and version in recorded:
            note_changes(questionnaires[version], recorded[version], file_notes)
    for version in recorded.keys() - questionnaires.keys():
        record_notes.add_at_line(0, "recorded_missing", version=version)
    return questionnaires, notes


def _strangers(folder: Path, prefix: str, read: frozenset[str] = frozenset()) -> list[Notes]:
    """A note for every file that seems meant to be read, but is not."""
    notes = [Notes(f"{prefix}{name}") for name in _look_alikes(folder, read)] if folder.is_dir() else []
    for note in notes:
        note.add_at_line(0, "not_read", name=note.file)
    return notes


def _look_alikes(folder: Path, read: frozenset[str]) -> Iterator[str]:
    """The sorted names of what was meant to be read and is not: `phuong-minh.toml.txt`, `PHUONG-MINH.TOML`.

    The programs of an office hide endings and add their own; the ward of such a file would silently be
    absent. What an editor keeps beside the real file, and what was plainly put aside, is left alone.
    `read` names the folders that are read.
    """
    for path in sorted(folder.iterdir()):
        name = path.name
        if name.startswith((".", "~$")) or _PUT_ASIDE.search(name):
            continue
        if path.is_dir():
            if name not in read and any(_MEANT.search(inner.name) for inner in path.iterdir()):
                yield f"{name}/"
        elif not name.endswith(".toml") and _MEANT.search(name):
            yield name


def _place_codes(box: Box) -> list[tuple[KeyPath, str]]:
    return [(("places", position, "code"), place.code) for position, place in enumerate(box.places)]


def _note_taken(files: Sequence[tuple[Notes, Sequence[tuple[KeyPath, str]]]]) -> None:
    """Note every value that an earlier file has already; repeats within one file are noted elsewhere."""
    first: dict[str, tuple[Notes, KeyPath]] = {}
    for notes, values in files:
        for path, value in values:
            owner, where = first.setdefault(value, (notes, path))
            if value and owner is not notes:
                notes.add(path, "taken", value=value, file=owner.file, line=owner.line(where))
