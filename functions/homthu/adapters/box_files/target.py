"""Reads how another system wants the ward's figures, and checks that every answer has a code there."""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from homthu.adapters.box_files.problems import Notes
from homthu.adapters.box_files.reader import Reader, note_repeats, note_schema
from homthu.adapters.box_files.toml_file import read_toml, toml_files
from homthu.domain.boxes.questionnaire import RATINGS, QuestionKind, Questionnaire
from homthu.domain.boxes.target import (
    CODE,
    OPTION,
    AnswersTakes,
    DateForm,
    FormsTakes,
    Target,
    TargetAbout,
    TargetField,
    TargetQuestion,
    TargetWords,
    answers_to,
)
from homthu.domain.text import spelling

TARGETS = "targets"
KEYS = (
    "schema",
    "title",
    "per",
    "codes",
    "about",
    "date",
    "words",
    "scale",
    "questions",
    "forms",
    "answers",
)
_WORD_KEYS = ("ward", "rest", "outside", "satisfied", "neutral", "dissatisfied", "alike")
_QUESTION_KEYS = ("id", "code", "options")
_FIELD_KEYS = ("label", "takes")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_MOST_QUESTIONS, _MOST_FIELDS, _MOST_CODE = 200, 30, 80


class _Per(StrEnum):
    """What a row may be: a total. «form» is recognised only to explain why it is refused."""

    TOTAL = "total"
    FORM = "form"


class _Codes(StrEnum):
    """Which codes name questions and options: those listed in the file, or our own labels."""

    LISTED = "listed"
    OURS = "ours"


Takes = TypeVar("Takes", FormsTakes, AnswersTakes)


def load_targets(folder: Path) -> tuple[dict[str, tuple[Target, Notes]], list[Notes]]:
    """Every target that can be parsed, by file name, and the notes on each file."""
    found: dict[str, tuple[Target, Notes]] = {}
    notes: list[Notes] = []
    for path in toml_files(folder):
        table, file_notes = read_toml(path, f"{TARGETS}/{path.name}")
        notes.append(file_notes)
        if not _NAME.fullmatch(path.stem):
            file_notes.add_at_line(0, "bad_version", value=path.stem)
        if table is not None:
            found[path.stem] = read_target(path.stem, table, file_notes), file_notes
    return found, notes


def read_target(name: str, table: object, notes: Notes) -> Target:
    """The target in a parsed table; wrong values are noted and left empty."""
    root = Reader(table, notes, KEYS)
    note_schema(root)
    if root.one_of("per", _Per) is _Per.FORM:
        root.note("per", "target_per_form")
    is_ours = root.has("codes") and root.one_of("codes", _Codes) is _Codes.OURS
    target = Target(
        name=name,
        title=root.text("title", most=120),
        date=root.one_of("date", DateForm),
        about=root.several_of("about", TargetAbout),
        words=_read_words(root.table("words", _WORD_KEYS)),
        scale={} if is_ours else _read_scale(root),
        questions=() if is_ours else _read_questions(root),
        forms=_read_fields(root, "forms", FormsTakes),
        answers=_read_fields(root, "answers", AnswersTakes),
        is_ours=is_ours,
    )
    _note_fields(root, target)
    return target


def _read_words(reader: Reader) -> TargetWords:
    words = {key: reader.text(key, most=120) for key in _WORD_KEYS}
    if words["alike"] and OPTION not in words["alike"]:
        reader.note("alike", "target_without", value=words["alike"], part=OPTION)
    return TargetWords(**words)


def _read_scale(root: Reader) -> dict[str, str]:
    reader = root.table("scale", RATINGS)
    scale = {rating: reader.text(rating, most=_MOST_CODE) for rating in RATINGS}
    _note_repeated_codes(reader, scale)
    return scale


def _read_questions(root: Reader) -> tuple[TargetQuestion, ...]:
    readers = root.tables("questions", _QUESTION_KEYS, least=1, most=_MOST_QUESTIONS)
    questions = tuple(
        TargetQuestion(
            id=reader.text("id", most=40),
            code=reader.text("code", most=_MOST_CODE),
            options=reader.named_texts("options", most=_MOST_CODE),
        )
        for reader in readers
    )
    note_repeats(readers, "id", [one.id for one in questions])
    note_repeats(readers, "code", [spelling(one.code) for one in questions])
    for reader, question in zip(readers, questions, strict=True):
        if question.options:
            _note_repeated_codes(reader.table("options", tuple(question.options)), question.options)
    return questions


def _note_repeated_codes(reader: Reader, codes: Mapping[str, str]) -> None:
    """Note codes given to two options: one field of the other system cannot hold both numbers."""
    first: dict[str, str] = {}
    for id, code in codes.items():
        if code and first.setdefault(spelling(code), id) != id:
            reader.note(id, "duplicate", value=code, line=reader.line(first[spelling(code)]))


def _read_fields(root: Reader, key: str, takes: type[Takes]) -> tuple[TargetField, ...]:
    readers = root.tables(key, _FIELD_KEYS, least=0, most=_MOST_FIELDS)
    fields = tuple(
        TargetField(label=reader.text("label", most=120), takes=reader.one_of("takes", takes))
        for reader in readers
    )
    note_repeats(readers, "label", [spelling(field.label) for field in fields])
    for reader, field in zip(readers, fields, strict=True):
        if field.takes is AnswersTakes.OPTIONS and field.label and CODE not in field.label:
            reader.note("label", "target_without", value=field.label, part=CODE)
    return fields


def _note_fields(root: Reader, target: Target) -> None:
    """Note a target without fields, or a kind of row without exactly one field for its numbers."""
    if not target.forms and not target.answers and not root.is_noted("answers"):
        root.note("answers", "target_no_fields")
    wanted: Sequence[tuple[str, tuple[TargetField, ...], FormsTakes | AnswersTakes]] = (
        ("forms", target.forms, FormsTakes.FORMS),
        ("answers", target.answers, AnswersTakes.OPTIONS),
    )
    for key, fields, takes in wanted:
        count = sum(field.takes is takes for field in fields)
        is_doubtful = any(root.notes.is_noted((key, at, "takes")) for at in range(len(fields)))
        if fields and count != 1 and not is_doubtful:
            root.note(key, "target_needs_one", takes=takes.value, count=count)


def note_uncovered(target: Target, notes: Notes, versions: Sequence[Questionnaire]) -> None:
    """Note what a target in use lacks for the versions of the questionnaire that forms may have.

    Every question and every option that is an answer needs a code; a code that belongs to none of them is
    noted too, because it is probably misspelt.
    """
    if target.is_ours or not target.answers:
        return
    _note_strangers(target, notes, versions)
    ids = [one.id for one in target.questions]
    told: set[tuple[str, str]] = set()
    for version in versions:
        for question, options in target.missing(version):
            if question.id not in ids:
                options = ("",)
            for option in options:
                # A rating's missing code is noted at the scale; and each missing code once.
                if (question.id, option) in told or (option and question.kind is QuestionKind.RATING):
                    continue
                told.add((question.id, option))
                data = {"id": question.id, "version": version.version}
                if option:
                    path = ("questions", ids.index(question.id), "options")
                    notes.add(path, "target_no_option", option=option, **data)
                else:
                    notes.add(("questions",), "target_no_question", **data)


def _note_strangers(target: Target, notes: Notes, versions: Sequence[Questionnaire]) -> None:
    known = dict.fromkeys(question.id for version in versions for question in version.questions)
    for at, one in enumerate(target.questions):
        answers = answers_to(one.id, versions)
        if one.id and one.id not in known:
            notes.add(
                ("questions", at, "id"), "target_unknown_question", value=one.id, known=", ".join(known)
            )
        elif one.options and not answers:
            notes.add(("questions", at, "options"), "target_options_of_rating", id=one.id)
        elif strange := [option for option in one.options if option not in answers]:
            for option in strange:
                data = {"value": option, "id": one.id, "known": ", ".join(answers)}
                notes.add(("questions", at, "options", option), "target_unknown_option", **data)
