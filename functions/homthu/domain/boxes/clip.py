"""Recordings of questions: each is named after the very words it speaks, so that a stale one shows.

`thai_do-3f9a1c2b7d10.m4a` speaks the question `thai_do`; the digits are a digest of its words and options in
one language. Once these change, no earlier recording has the name that is looked for.
"""

import hashlib
from collections.abc import Iterable, Mapping

from homthu.domain.boxes.questionnaire import Localised, Question, Questionnaire, say

#: The kinds of file that browsers play, as telephones record them.
KINDS: Mapping[str, str] = {".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".wav": "audio/wav"}


def spoken_words(question: Question, language: str) -> str:
    """What is to be read aloud, a line each: the question, then what can be chosen."""
    options = (say(option.label, language) for option in question.options)
    return "\n".join((say(question.text, language), *options))


def clip_stem(question: Question, language: str) -> str:
    """The name, without its ending, of the recording of these words."""
    return f"{question.id}-{hashlib.sha256(spoken_words(question, language).encode()).hexdigest()[:12]}"


def clips_of(
    questionnaire: Questionnaire, files: Iterable[str], languages: Iterable[str]
) -> dict[str, Localised]:
    """The file for each question and language that has one; of several kinds, the first by name."""
    by_stem: dict[str, str] = {}
    for file in sorted(files):
        by_stem.setdefault(file.rsplit(".", 1)[0], file)
    spoken = tuple(languages)
    found: dict[str, Localised] = {}
    for question in questionnaire.questions:
        stems = {language: clip_stem(question, language) for language in spoken}
        own = {language: by_stem[stem] for language, stem in stems.items() if stem in by_stem}
        if own:
            found[question.id] = own
    return found
