"""Changes to a questionnaire's tables: rewording, reordering, removing, adding; a recorded one is copied."""

import re
from collections.abc import Collection, Mapping
from copy import deepcopy
from typing import Any

from homthu.domain.text import clean, clean_line

from setting_up.new_ward import plain
from setting_up.workplace import Table

_QUESTION = re.compile(r"q\.([0-9]{1,2})\.([a-z_]+)(?:\.([0-9]{1,2}))?")
_VERSION = re.compile(r"(.*?)-v([0-9]{1,3})")
_MOST_NAME = 24


def next_version(wanted: str, taken: Collection[str]) -> str:
    """A free name for a copy, after the ward's file: `bac-giang-v1`, `bac-giang-v2` …"""
    found = _VERSION.fullmatch(wanted)
    stem = (found[1] if found else wanted)[:_MOST_NAME].strip("-") or "bo-cau-hoi"
    return next(f"{stem}-v{n}" for n in range(1, 1000) if f"{stem}-v{n}" not in taken)


def take_questions(form: Mapping[str, str], table: Table) -> Table:
    """The tables with the values of the form. Ids are kept: answers are stored under them."""
    taken = deepcopy(table)
    _say(taken, "text", "label", form, "text_label")
    _say(taken, "text", "hint", form, "text_hint")
    questions = [one for one in taken.get("questions", ()) if isinstance(one, dict)]
    typed: dict[int, dict[tuple[str, str], str]] = {}
    for name, value in form.items():
        if found := _QUESTION.fullmatch(name):
            typed.setdefault(int(found[1]), {})[found[2], found[3] or ""] = value
    kept = []
    for number, question in enumerate(questions):
        fields = typed.get(number, {})
        if fields:
            _reword(question, fields)
        if not fields.get(("remove", "")):
            kept.append((_place_of(number, form), question))
    taken["questions"] = [question for _, question in sorted(kept, key=lambda pair: pair[0])]
    if wording := clean_line(form.get("new_text", "")):
        taken["questions"].append(_new(wording, {str(one.get("id")) for one in taken["questions"]}))
    if overall := form.get("overall"):
        taken["overall"] = overall
    return taken


def _say(table: Table, head: str, key: str, form: Mapping[str, str], name: str) -> None:
    for language in ("vi", "en"):
        if f"{name}.{language}" in form:
            words = table.setdefault(head, {}).setdefault(key, {})
            _word(words, language, form[f"{name}.{language}"])


def _word(words: dict[str, Any], language: str, text: str) -> None:
    if text := clean_line(text):
        words[language] = text
    elif language == "vi":
        words[language] = ""
    else:
        words.pop(language, None)


def _place_of(number: int, form: Mapping[str, str]) -> float:
    """The sort key of a question: one place up or down if its button was pressed."""
    return number + {f"len.{number}": -1.5, f"xuong.{number}": 1.5}.get(form.get("lam", ""), 0)


def _reword(question: dict[str, Any], fields: Mapping[tuple[str, str], str]) -> None:
    for key in ("text", "short"):
        for language in ("vi", "en"):
            if (f"{key}_{language}", "") in fields:
                _word(question.setdefault(key, {}), language, fields[f"{key}_{language}", ""])
    if ("text_vi", "") in fields:
        question.pop("required", None)
        if fields.get(("required", "")):
            question["required"] = True
    if question.get("kind") == "choice" and isinstance(question.get("options"), list):
        _reword_options(question, fields)


def _reword_options(question: dict[str, Any], fields: Mapping[tuple[str, str], str]) -> None:
    options = [option for option in question["options"] if isinstance(option, dict)]
    for at, option in enumerate(options):
        for language in ("vi", "en"):
            if (f"option_{language}", str(at)) in fields:
                _word(option, language, fields[f"option_{language}", str(at)])
    kept = [option for at, option in enumerate(options) if not fields.get(("drop", str(at)))]
    taken = {str(option.get("id")) for option in kept}
    for line in clean(fields.get(("more", ""), "")).split("\n"):
        if line:
            kept.append({"id": _id(line, taken), "vi": line})
            taken.add(kept[-1]["id"])
    question["options"] = kept


def _new(wording: str, taken: Collection[str]) -> dict[str, Any]:
    return {
        "id": _id(wording, taken),
        "kind": "rating",
        "text": {"vi": wording},
        "short": {"vi": wording[:28].strip()},
    }


def _id(words: str, taken: Collection[str]) -> str:
    """A free id made from words, such as `thai_do_tiep_don`, of at most 20 lower-case letters."""
    stem = re.sub(r"[^a-z0-9]+", "_", plain(words))[:17].strip("_") or "cau"
    if stem not in taken:
        return stem
    return next(f"{stem}_{n}" for n in range(2, 100) if f"{stem}_{n}" not in taken)
