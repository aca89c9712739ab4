"""Sorting: which texts are set apart, by their authors and their words, or by who read them at the desk."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Self

from homthu.domain.cases.case import Case
from homthu.domain.submissions.petition import is_set_apart
from homthu.domain.submissions.signs import Signs
from homthu.domain.submissions.submission import StoredSubmission, Submission


def stands_apart(submission: Submission, signs: Signs, case: Case | None) -> bool:
    """Whether a text is for those alone who receive petitions.

    What a person has in hand is what its case says, whatever the phrases are by now; but who asked that it
    be not quoted is not.
    """
    if not submission.text or submission.do_not_quote:
        return bool(submission.text)
    return case.is_petition if case else is_set_apart(submission, signs)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sorting:
    """The phrases, and the cases of a ward by their ids."""

    signs: Signs
    cases: Mapping[str, Case]

    @classmethod
    def of(cls, signs: Signs, cases: Iterable[Case]) -> Self:
        """What these phrases and cases make of texts."""
        return cls(signs=signs, cases={one.id: one for one in cases})

    def sorted(self, submissions: Iterable[StoredSubmission]) -> Iterator[StoredSubmission]:
        """The submissions, each with what becomes of its text."""
        for stored in submissions:
            is_apart = stands_apart(stored.submission, self.signs, self.cases.get(stored.id))
            yield replace(stored, is_set_apart=is_apart)
