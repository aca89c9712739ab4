"""Compares a questionnaire with the record of its version, and notes what was changed."""

from collections.abc import Sequence

from homthu.adapters.box_files.key_path import KeyPath
from homthu.adapters.box_files.problems import Notes
from homthu.adapters.box_files.recorded import Labels, Recorded
from homthu.domain.boxes.questionnaire import Option, QuestionKind, Questionnaire


def note_changes(questionnaire: Questionnaire, recorded: Recorded, notes: Notes) -> None:
    """Note every question, option or service that differs from its record."""
    check = _Check(questionnaire.version, notes)
    questions = [(question.id, question.text["vi"]) for question in questionnaire.questions]
    texts = {id: question.text for id, question in recorded.questions.items()}
    check.compare(("questions",), questions, texts, ("text", "vi"))
    for position, question in enumerate(questionnaire.questions):
        path: KeyPath = ("questions", position)
        if not (then := recorded.questions.get(question.id)) or notes.is_noted((*path, "kind")):
            continue
        if question.kind.value != then.kind:
            check.note((*path, "kind"), "recorded_retyped", id=question.id, before=then.kind)
        elif question.kind is QuestionKind.CHOICE:
            check.compare((*path, "options"), _pairs(question.options), then.options, ("vi",))
    check.compare(("services",), _pairs(questionnaire.services), recorded.services, ("vi",))
    scale = questionnaire.ratings[0].options if questionnaire.ratings else ()
    check.compare_words(("scale",), scale, recorded.scale)
    check.compare_words(("text", "kinds"), questionnaire.text_kinds, recorded.text_kinds)
    if questionnaire.text_kinds and not recorded.text_kinds:
        check.note(("text", "kinds"), "recorded_added", id="kinds")
    elif recorded.text_kinds and not questionnaire.text_kinds:
        check.note(("text",), "recorded_removed", id="kinds")


def _pairs(options: Sequence[Option]) -> list[tuple[str, str]]:
    return [(option.id, option.label["vi"]) for option in options]


class _Check:
    def __init__(self, version: str, notes: Notes) -> None:
        self._version = version
        self._notes = notes

    def note(self, path: KeyPath, code: str, **data: str | int) -> None:
        self._notes.add(path, code, version=self._version, **data)

    def compare_words(self, path: KeyPath, now: Sequence[Option], then: Labels) -> None:
        """Compare the words of ids that are the same in every version."""
        for option in now:
            before, label = then.get(option.id), option.label["vi"]
            if label and before is not None and label != before:
                self.note((*path, option.id, "vi"), "recorded_reworded", id=option.id, before=before)

    def compare(
        self,
        path: KeyPath,
        now: Sequence[tuple[str, str]],
        then: Labels,
        label_key: KeyPath,
    ) -> None:
        """Compare the words of each id, then the ids; empty ones have been noted elsewhere."""
        for position, (id, label) in enumerate(now):
            is_doubtful = self._notes.is_noted((*path, position, "id"))
            if id in then and label and label != then[id] and not is_doubtful:
                where = (*path, position, *label_key)
                self.note(where, "recorded_reworded", id=id, before=then[id])
        ids = [id for id, _ in now]
        if all(ids) and len(set(ids)) == len(ids) and not self._notes.is_noted(path):
            self._compare_ids(path, now, then)

    def _compare_ids(self, path: KeyPath, now: Sequence[tuple[str, str]], then: Labels) -> None:
        ids = {id for id, _ in now}
        gone = {id: label for id, label in then.items() if id not in ids}
        for position, (id, label) in enumerate(now):
            if id in then:
                continue
            before = next((old for old, words in gone.items() if words == label), None)
            if before is None:
                self.note((*path, position, "id"), "recorded_added", id=id)
            else:
                del gone[before]
                self.note((*path, position, "id"), "recorded_renamed", id=id, before=before)
        for id in gone:
            self.note(path, "recorded_removed", id=id)
