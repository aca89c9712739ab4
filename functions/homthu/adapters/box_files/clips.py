"""Reads which questions are recorded, from `audio/VERSION/` beside the box files, and checks the files."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from homthu.adapters.box_files.problems import Notes
from homthu.adapters.web_files import LANGUAGES
from homthu.domain.boxes.clip import KINDS, clip_stem, clips_of
from homthu.domain.boxes.questionnaire import Questionnaire

AUDIO = "audio"
#: A citizen's telephone loads it over a slow line: half a minute of speech is far less.
_MOST_BYTES = 1_000_000
#: How each kind of file begins, and after how many bytes.
_BEGINNINGS = {".mp3": ((0, b"ID3"), (0, b"\xff\xfb"), (0, b"\xff\xf3"), (0, b"\xff\xf2")),
               ".m4a": ((4, b"ftyp"),), ".wav": ((0, b"RIFF"),)}  # fmt: skip


def with_clips(
    folder: Path, questionnaires: Mapping[str, Questionnaire]
) -> tuple[dict[str, Questionnaire], list[Notes]]:
    """The questionnaires with their recordings; a recording that fits none of the current words is noted."""
    found, notes = dict(questionnaires), list[Notes]()
    if not (folder / AUDIO).is_dir():
        return found, notes
    for path in sorted((folder / AUDIO).iterdir()):
        if path.name.startswith(".") or not path.is_dir():
            continue
        questionnaire = questionnaires.get(path.name)
        if questionnaire is None:
            notes.append(_note(f"{AUDIO}/{path.name}", "clip_version", value=path.name))
            continue
        files = [file for file in sorted(path.iterdir()) if not file.name.startswith(".")]
        notes += [note for file in files for note in _faults(file, questionnaire)]
        clips = clips_of(questionnaire, [file.name for file in files], LANGUAGES)
        found[path.name] = replace(questionnaire, clips=clips)
    return found, notes


def _faults(file: Path, questionnaire: Questionnaire) -> list[Notes]:
    name = f"{AUDIO}/{questionnaire.version}/{file.name}"
    id = file.stem.rsplit("-", 1)[0]
    question = questionnaire.question(id)
    if file.suffix not in KINDS:
        return [_note(name, "clip_kind", known=", ".join(KINDS))]
    if question is None:
        return [_note(name, "clip_question", value=id, version=questionnaire.version)]
    if file.stem not in {clip_stem(question, language) for language in LANGUAGES}:
        return [_note(name, "clip_stale", id=id, right=clip_stem(question, "vi") + file.suffix)]
    if (size := file.stat().st_size) > _MOST_BYTES:
        return [_note(name, "clip_large", size=size // 1000, most=_MOST_BYTES // 1000)]
    with file.open("rb") as opened:
        head = opened.read(16)
    if not any(head.startswith(sign, at) for at, sign in _BEGINNINGS[file.suffix]):
        return [_note(name, "clip_content", kind=file.suffix)]
    return []


def _note(file: str, code: str, **data: str | int) -> Notes:
    notes = Notes(file)
    notes.add_at_line(0, code, **data)
    return notes
