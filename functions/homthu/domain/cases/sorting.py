"""Sorting: which texts are set apart, by their authors and their words, or by who read them at the desk."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from homthu.domain.cases.case import Case
from homthu.domain.submissions.petition import is_set_apart
from homthu.domain.submissions.signs import Signs
from homthu.domain.submissions.submission import StoredSubmission, Submission
from homthu.domain.week import Week


def stands_apart(submission: Submission, signs: Signs, case: Case | None) -> bool:
    """Whether a text is only for those who receive petitions.

    Once a person has taken it in hand, its case decides, whatever the phrases are by now; a text whose author
    asked not to be quoted stays set apart.
    """
    if not submission.text or submission.do_not_quote:
        return bool(submission.text)
    return case.is_petition if case else is_set_apart(submission, signs)


class Sorting:
    """The phrases, and the cases of a ward, which `cases_of` reads week by week as needed."""

    def __init__(self, *, signs: Signs, cases_of: Callable[[Week], Iterable[Case]]) -> None:
        self._signs = signs
        self._cases_of = cases_of
        self._weeks: dict[Week, dict[str, Case]] = {}

    def sorted(self, submissions: Iterable[StoredSubmission]) -> Iterator[StoredSubmission]:
        """The submissions, each with whether it is set apart."""
        for stored in submissions:
            is_apart = stands_apart(stored.submission, self._signs, self.case_of(stored))
            yield replace(stored, is_set_apart=is_apart)

    def case_of(self, stored: StoredSubmission) -> Case | None:
        """The case that was made of a submission, or None."""
        if stored.week not in self._weeks:
            self._weeks[stored.week] = {case.id: case for case in self._cases_of(stored.week)}
        return self._weeks[stored.week].get(stored.id)
