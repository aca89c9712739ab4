"""The tally of a week: counts of facts, which add up in any order."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from sys import intern
from typing import Self

from homthu.domain.boxes.questionnaire import Questionnaire
from homthu.domain.releases.counted import CountedAnswer, answers_of
from homthu.domain.releases.series import Series, SeriesKind
from homthu.domain.submissions.submission import AUTOMATIC, StoredSubmission, Submission


class Fact(StrEnum):
    """The first word of a counted fact; the words that follow it are described beside each."""

    ALL = "all"
    PLACE = "place"  # place
    ROUND = "round"  # round id
    ROUND_PLACE = "round_place"  # round id, place
    FLAG = "flag"  # flag
    FLAGGED = "flagged"
    BATCH = "batch"  # the mark of a batch of paper slips
    AUTOMATIC = "automatic"
    TEXT = "text"
    PETITION = "petition"
    LATE = "late"
    CLUSTER = "cluster"  # groups of submissions with nearly the same text
    REPEATED = "repeated"  # all but one of each group
    VERSION = "version"  # questionnaire
    PERSONS_PLACE = "persons_place"  # place, without what machines sent
    PERSONS_SERVICE = "persons_service"  # service, the same
    # The answers of a round: told to nobody except by what `RELEASED` says of them.
    JOINT_KEPT = "joint_kept"  # that a tally has the joint numbers at all
    JOINT = "joint"  # round, version, question, place, service, mode, mark of the flagged
    JOINT_REPEATED = "joint_repeated"  # the same, of those that repeat another's words
    SERIES_ANSWER = "series_answer"  # round, kind, member, version, question, option
    RELEASED = "released"  # round, kind, member, version, question, first week, option
    CLOSED = "closed"  # round: its last week


def _facts(stored: StoredSubmission) -> Iterator[tuple[str, ...]]:
    one = stored.submission
    yield (Fact.ALL,)
    yield (Fact.PLACE, one.place)
    yield (Fact.ROUND, one.round)
    yield (Fact.ROUND_PLACE, one.round, one.place)
    yield (Fact.VERSION, one.questionnaire)
    if one.batch:
        yield (Fact.BATCH, one.batch)
    if not one.is_automatic:
        yield (Fact.PERSONS_PLACE, one.place)
        if one.service:
            yield (Fact.PERSONS_SERVICE, one.service)
    if one.text:
        yield (Fact.TEXT,)
        if stored.is_set_apart:
            yield (Fact.PETITION,)
    if stored.is_late:
        yield (Fact.LATE,)
    yield from _flags(one)


def _flags(one: Submission) -> Iterator[tuple[str, ...]]:
    if one.flags:
        yield (Fact.FLAGGED,)
    if one.is_automatic:
        yield (Fact.AUTOMATIC,)
    for flag in one.flags:
        # A machine's other flags say nothing about people.
        if not one.is_automatic or flag in AUTOMATIC:
            yield (Fact.FLAG, flag)


def answer_facts(answer: CountedAnswer) -> Iterator[tuple[str, ...]]:
    """An answer's place in the joint numbers, and in each series that it belongs to."""
    yield (Fact.JOINT, *_joint(answer))
    for series in answer.cell.series(answer.asked):
        yield _in_series(answer, series)


def repeated_facts(answer: CountedAnswer) -> Iterator[tuple[str, ...]]:
    """What else is counted of an answer whose form repeats the words of another."""
    yield (Fact.JOINT_REPEATED, *_joint(answer))
    yield _in_series(answer, Series(SeriesKind.REPEATED))


def _joint(answer: CountedAnswer) -> tuple[str, ...]:
    cell, asked = answer.cell, answer.asked
    mark = "x" if cell.is_flagged else ""
    return answer.round, asked.version, asked.question, cell.place, cell.service, cell.mode, mark


def _in_series(answer: CountedAnswer, series: Series) -> tuple[str, ...]:
    asked = answer.asked
    return (
        *(Fact.SERIES_ANSWER, answer.round, series.kind, series.member),
        *(asked.version, asked.question, answer.option),
    )


@dataclass(frozen=True, slots=True)
class Tally:
    """How often each fact holds among some submissions."""

    counts: Mapping[tuple[str, ...], int] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        submissions: Iterable[StoredSubmission],
        questionnaires: Mapping[str, Questionnaire],
    ) -> Self:
        """Count the facts of each submission; memory does not grow with their number."""
        counts: Counter[tuple[str, ...]] = Counter()
        for submission in submissions:
            counts.update(_facts(submission))
            for answer in answers_of(submission, questionnaires):
                counts.update(answer_facts(answer))
        return cls(counts)

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(Counter(self.counts) + Counter(other.counts))

    def count(self, *fact: str) -> int:
        """How many submissions this fact holds for."""
        return self.counts.get(fact, 0)

    @property
    def total(self) -> int:
        """How many submissions were counted."""
        return self.count(Fact.ALL)

    def split(self, *prefix: str) -> dict[str, int]:
        """The counts of the facts made of this prefix and one more word, by that word."""
        return {
            fact[-1]: count
            for fact, count in self.counts.items()
            if len(fact) == len(prefix) + 1 and fact[:-1] == prefix
        }

    def to_json(self) -> dict[str, int]:
        """Flat and sorted, for storing and for digests."""
        return {"/".join(fact): count for fact, count in sorted(self.counts.items())}

    @classmethod
    def from_json(cls, data: Mapping[str, int]) -> Self:
        """Read back what `to_json` wrote."""
        # A year of tallies consists of few different words; interned, they take a fifth of the memory.
        return cls({tuple(map(intern, fact.split("/"))): count for fact, count in data.items()})
