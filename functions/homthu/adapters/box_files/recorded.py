"""What was once asked stays as it was asked: the record of published questionnaire versions.

A stored answer is a question's id and an option's id. If their words changed under the same version, old
answers would say what nobody answered. `recorded.json` keeps the words of every published version; to change
them takes a new version.
"""

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from homthu.adapters.box_files.problems import Notes
from homthu.adapters.whole_file import replace_whole
from homthu.domain.boxes.questionnaire import Option, QuestionKind, Questionnaire

FILE_NAME = "recorded.json"
Labels = Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordedQuestion:
    """One question: its kind, its Vietnamese wording and, of a choice, its options' labels by id."""

    kind: str
    text: str
    options: Labels


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
    """One published version."""

    questions: Mapping[str, RecordedQuestion]
    scale: Labels
    services: Labels
    text_kinds: Labels


class _Malformed(Exception):
    """The record is not as `record_versions` writes it."""


def wording(questionnaire: Questionnaire) -> Recorded:
    """What must not change once this version is published."""
    ratings = questionnaire.ratings
    return Recorded(
        questions={
            question.id: RecordedQuestion(
                kind=question.kind.value,
                text=question.text["vi"],
                options=_labels(question.options) if question.kind is QuestionKind.CHOICE else {},
            )
            for question in questionnaire.questions
        },
        scale=_labels(ratings[0].options) if ratings else {},
        services=_labels(questionnaire.services),
        text_kinds=_labels(questionnaire.text_kinds),
    )


def _labels(options: tuple[Option, ...]) -> dict[str, str]:
    return {option.id: option.label["vi"] for option in options}


def read_recorded(path: Path, file: str) -> tuple[dict[str, Recorded], Notes]:
    """The record by version; a missing file records nothing."""
    notes = Notes(file)
    try:
        table = json.loads(path.read_bytes())
        return {version: _parse(entry) for version, entry in _mapping(table).items()}, notes
    except FileNotFoundError:
        pass
    except OSError as error:
        notes.add_at_line(0, "unreadable", reason=error.strerror or type(error).__name__)
    except json.JSONDecodeError as error:
        notes.add_at_line(error.lineno, "bad_record")
    except (ValueError, RecursionError, _Malformed):
        notes.add_at_line(1, "bad_record")
    return {}, notes


def _parse(entry: object) -> Recorded:
    parts = _mapping(entry)
    return Recorded(
        questions={
            id: RecordedQuestion(
                kind=_text(_mapping(question).get("kind")),
                text=_text(_mapping(question).get("text")),
                options=_texts(_mapping(question).get("options")),
            )
            for id, question in _mapping(parts.get("questions")).items()
        },
        scale=_texts(parts.get("scale")),
        services=_texts(parts.get("services")),
        # Versions recorded before texts had kinds have none.
        text_kinds=_texts(parts.get("text_kinds", {})),
    )


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise _Malformed
    return value


def _texts(value: object) -> Labels:
    return {id: _text(text) for id, text in _mapping(value).items()}


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _Malformed
    return unicodedata.normalize("NFC", value)


def unrecorded(folder: Path, questionnaires: Mapping[str, Questionnaire]) -> tuple[str, ...]:
    """The versions that the record in this folder of box files does not hold yet."""
    recorded, _ = read_recorded(folder / "questionnaires" / FILE_NAME, FILE_NAME)
    return tuple(version for version in questionnaires if version not in recorded)


def record_versions(folder: Path, questionnaires: Mapping[str, Questionnaire]) -> tuple[str, ...]:
    """Add the versions that are not recorded yet, and say which; what is recorded stays untouched.

    To be called with what `load_boxes` returned, so that the record is known to be sound.
    """
    path = folder / "questionnaires" / FILE_NAME
    new = unrecorded(folder, questionnaires)
    if new:
        recorded, _ = read_recorded(path, FILE_NAME)
        entries = recorded | {version: wording(questionnaires[version]) for version in new}
        table = {version: asdict(entry) for version, entry in sorted(entries.items())}
        replace_whole(path, (json.dumps(table, ensure_ascii=False, indent=2) + "\n").encode())
    return new
