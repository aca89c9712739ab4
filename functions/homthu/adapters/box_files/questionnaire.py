"""Reads one version of the questionnaire; its file's name is the version."""

import re
from collections.abc import Sequence

from homthu.adapters.box_files.phrases import read_phrases
from homthu.adapters.box_files.problems import Notes
from homthu.adapters.box_files.reader import Reader, note_repeats, note_schema
from homthu.adapters.web_files import LANGUAGES
from homthu.domain.boxes.questionnaire import (
    NO_OPINION,
    RATINGS,
    Localised,
    Option,
    Question,
    QuestionKind,
    Questionnaire,
    TextKind,
    Theme,
)

#: The folder beside the box files.
QUESTIONNAIRES = "questionnaires"
KEYS = ("schema", "overall", "text", "scale", "services", "questions", "themes")
SCALE = (*RATINGS, NO_OPINION)
#: What a short label may hold: a column head of a table, a line of a mail on a phone.
MOST_SHORT = 28
_QUESTION_KEYS = ("id", "kind", "required", "text", "short", "options")
_OPTION_KEYS = ("id", *LANGUAGES)
_ID = re.compile(r"[a-z0-9_]{1,20}")
_MOST_QUESTIONS, _MOST_OPTIONS, _MOST_SERVICES, _MOST_THEMES = 40, 20, 30, 12


def read_questionnaire(version: str, table: object, notes: Notes) -> Questionnaire:
    """The questionnaire in a parsed file; what is wrong with it is noted, and left empty."""
    root = Reader(table, notes, KEYS)
    note_schema(root)
    text = root.table("text", ("label", "hint", "kinds", "do_not_quote"))
    scale_table = root.table("scale", SCALE)
    scale = tuple(Option(id=id, label=_localised(scale_table, id, most=40)) for id in SCALE)
    readers = root.tables("questions", _QUESTION_KEYS, least=1, most=_MOST_QUESTIONS)
    questions = tuple(_read_question(reader, scale) for reader in readers)
    note_repeats(readers, "id", [question.id for question in questions])
    return Questionnaire(
        version=version,
        questions=questions,
        services=_read_options(root, "services", least=0, most=_MOST_SERVICES),
        text_label=_localised(text, "label", most=160),
        text_hint=_localised(text, "hint", most=300),
        overall=_read_overall(root, questions),
        text_kinds=_read_text_kinds(text),
        do_not_quote_label=_localised(text, "do_not_quote", most=120) if text.has("do_not_quote") else {},
        themes=_read_themes(root),
    )


def _read_themes(root: Reader) -> tuple[Theme, ...]:
    """The themes, if the file has any."""
    readers = root.tables("themes", ("words", *_OPTION_KEYS), least=0, most=_MOST_THEMES)
    themes = tuple(
        Theme(id=_read_id(one), label=_languages(one, most=60), words=tuple(read_phrases(one, "words")))
        for one in readers
    )
    note_repeats(readers, "id", [theme.id for theme in themes])
    return themes


def _read_text_kinds(text: Reader) -> tuple[Option, ...]:
    """All of them, or none of a version that does not ask."""
    if not text.has("kinds"):
        return ()
    table = text.table("kinds", tuple(TextKind))
    return tuple(Option(id=kind.value, label=_localised(table, kind, most=40)) for kind in TextKind)


def _read_question(reader: Reader, scale: tuple[Option, ...]) -> Question:
    kind = reader.one_of("kind", QuestionKind)
    return Question(
        id=_read_id(reader),
        kind=kind,
        text=_localised(reader, "text", most=200),
        short=_localised(reader, "short", most=MOST_SHORT),
        required=reader.flag("required"),
        options=_read_answers(reader, kind, scale),
    )


def _read_answers(reader: Reader, kind: QuestionKind, scale: tuple[Option, ...]) -> tuple[Option, ...]:
    if kind is QuestionKind.CHOICE:
        return _read_options(reader, "options", least=2, most=_MOST_OPTIONS)
    if reader.has("options") and reader.is_noted("kind"):
        # Probably a choice: the options are read only for their own mistakes.
        _read_options(reader, "options", least=0, most=_MOST_OPTIONS)
    elif reader.has("options"):
        reader.note("options", "options_of_rating")
    return scale


def _read_options(parent: Reader, key: str, *, least: int, most: int) -> tuple[Option, ...]:
    readers = parent.tables(key, _OPTION_KEYS, least=least, most=most)
    options = tuple(Option(id=_read_id(reader), label=_languages(reader, most=80)) for reader in readers)
    note_repeats(readers, "id", [option.id for option in options])
    return options


def _read_id(reader: Reader) -> str:
    return reader.code("id", _ID, "bad_id")


def _localised(reader: Reader, key: str, *, most: int) -> Localised:
    return _languages(reader.table(key, LANGUAGES), most=most)


def _languages(reader: Reader, *, most: int) -> Localised:
    """Vietnamese always; another language where there is text in it."""
    texts = {
        language: reader.text(language, most=most, is_optional=language != "vi") for language in LANGUAGES
    }
    return {language: text for language, text in texts.items() if text or language == "vi"}


def _read_overall(root: Reader, questions: Sequence[Question]) -> str:
    overall = root.text("overall", most=40)
    ratings = [question.id for question in questions if question.kind is QuestionKind.RATING]
    # If some id is in doubt, that may be the one that is meant.
    if overall and overall not in ratings and all(question.id for question in questions):
        root.note("overall", "overall_not_rating", value=overall, ratings=", ".join(ratings) or "–")
    return overall
