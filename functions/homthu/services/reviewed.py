"""Reviewed: what readers decided about texts, as a report tells it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Self

from homthu.domain.cases.review import Decision, Review, ReviewKind
from homthu.domain.cases.sorting import Sorting
from homthu.domain.reports.review_counts import ReviewCounts
from homthu.domain.submissions.submission import StoredSubmission
from homthu.domain.week import Week
from homthu.ports import Reviews
from homthu.services.case_statistics import FindSubmission


@dataclass(frozen=True, kw_only=True, slots=True)
class Reviewed:
    """The decisions made in a report's time, by the ids of their texts, as they stood at its end.

    A text that is passed is therefore told in one report: repeating a decision changes nothing. `withheld`
    are the ids of texts that are not to be passed on, `thanked` of those that a reader thanked for, as they
    stand now; `themes` is what readers said by its end that texts are about.
    `newest` has all that were made since its beginning, as they stand now.
    """

    reviews: Mapping[str, Review]
    newest: Mapping[str, Review]
    withheld: frozenset[str]
    thanked: frozenset[str]
    themes: Mapping[str, str]

    @classmethod
    def between(cls, reviews: Reviews, ward: str, first: date, last: date) -> Self:
        """The decisions made from one day to another, both included. May raise `StoreUnavailable`."""
        found: dict[str, Review] = {}
        newest: dict[str, Review] = {}
        now: dict[ReviewKind, set[str]] = {kind: set() for kind in ReviewKind}
        themes = {}
        for review in reviews.reviews_since(ward, Week.of(first)):
            newest[review.id] = review
            then, before = review.as_of(last), review.as_of(first - timedelta(days=1))
            if then and not review.is_erased and not _says_the_same(before, then):
                found[review.id] = then
            if review.decision:
                now[review.decision.kind].add(review.id)
            if then and then.theme:
                themes[review.id] = then.theme
        return cls(
            reviews=found,
            newest=newest,
            withheld=frozenset(now[ReviewKind.WITHHOLD]),
            thanked=frozenset(now[ReviewKind.THANK]),
            themes=themes,
        )

    @property
    def counts(self) -> ReviewCounts:
        """The number of decisions of each kind."""
        decisions = [review.decision for review in self.reviews.values() if review.decision]
        reasons = Counter(one.reason for one in decisions if one.reason)
        return ReviewCounts(
            passed=sum(one.passes for one in decisions),
            thanked=sum(one.kind is ReviewKind.THANK for one in decisions),
            withheld=dict(sorted(reasons.items())),
        )

    def passed(self, find: FindSubmission, sorting: Sorting) -> Iterator[StoredSubmission]:
        """The texts that were passed, as they were, numbered, in the order of their ids.

        A text that was set apart since is left out.
        """
        ids = (id for id in sorted(self.reviews) if self.reviews[id].passes)
        found = (stored for id in ids if (stored := find(id)))
        for stored in sorting.sorted(found):
            review = self.reviews[stored.id]
            if not stored.is_set_apart:
                passed = passed_text(stored.submission.text, review.decision)
                submission = replace(stored.submission, text=passed)
                yield replace(stored, number=review.number, submission=submission)


def _says_the_same(before: Review | None, then: Review) -> bool:
    """Whether what was decided about passing the text on is no different from before."""
    if then.passes:
        return before is not None and before.passes
    return then.decision == (before.decision if before else None)


def passed_text(said: str, decision: Decision | None) -> str:
    """What those who do not read words may see of a text; empty if nothing."""
    if not said or decision is None or not decision.passes:
        return ""
    return decision.text or said
