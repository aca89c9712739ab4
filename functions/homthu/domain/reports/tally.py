"""The tally of a week: counts of facts, which add up in any order."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from sys import intern
from types import MappingProxyType
from typing import Self

from homthu.domain.boxes.questionnaire import Questionnaire
from homthu.domain.releases.counted import CountedAnswer, answers_of
from homthu.domain.releases.series import Series, SeriesKind
from homthu.domain.submissions.mode import CollectionMode as Mode
from homthu.domain.submissions.mode import mode_of
from homthu.domain.submissions.petition import looks_like_petition
from homthu.domain.submissions.submission import AUTOMATIC, StoredSubmission, Submission


class Fact(StrEnum):
    """The first word of a counted fact; what follows it is said beside each."""

    ALL = "all"
    PLACE = "place"  # place
    SERVICE = "service"  # service
    ROUND = "round"  # round id
    ROUND_PLACE = "round_place"  # round id, place
    MODE = "mode"  # Mode
    FLAG = "flag"  # flag
    FLAGGED = "flagged"
    BATCH = "batch"  # the mark of a batch of paper slips
    AUTOMATIC = "automatic"
    TEXT = "text"
    PETITION = "petition"
    LATE = "late"
    CLUSTER = "cluster"  # groups of submissions with nearly the same text
    REPEATED = "repeated"  # all but one of each group
    AUTOMATIC_ANSWER = "automatic_answer"  # questionnaire, question, option
    REPEATED_ANSWER = "repeated_answer"  # questionnaire, overall question, option
    ANSWER = "answer"  # questionnaire, question, option
    UNFLAGGED_ANSWER = "unflagged_answer"  # questionnaire, question, option
    PLACE_ANSWER = "place_answer"  # place, questionnaire, question, option
    SERVICE_ANSWER = "service_answer"  # service, questionnaire, question, option
    MODE_ANSWER = "mode_answer"  # mode, questionnaire, question, option
    VERSION = "version"  # questionnaire
    # The answers of a round: told to nobody, but for what `RELEASED` says of them.
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
    yield (Fact.MODE, mode_of(one.channel, assisted=one.assisted))
    yield (Fact.VERSION, one.questionnaire)
    if one.service:
        yield (Fact.SERVICE, one.service)
    if one.batch:
        yield (Fact.BATCH, one.batch)
    if one.text:
        yield (Fact.TEXT,)
        if looks_like_petition(one.text):
            yield (Fact.PETITION,)
    if stored.is_late:
        yield (Fact.LATE,)
    yield from _flags(one)
    yield from _answers(one, mode_of(one.channel, assisted=one.assisted))


def _flags(one: Submission) -> Iterator[tuple[str, ...]]:
    if one.flags:
        yield (Fact.FLAGGED,)
    if one.is_automatic:
        yield (Fact.AUTOMATIC,)
    for flag in one.flags:
        # A machine's other flags say nothing about people.
        if not one.is_automatic or flag in AUTOMATIC:
            yield (Fact.FLAG, flag)


def _answers(one: Submission, mode: Mode) -> Iterator[tuple[str, ...]]:
    for question, option in one.answers.items():
        answer = (one.questionnaire, question, option)
        if one.is_automatic:
            yield (Fact.AUTOMATIC_ANSWER, *answer)
            continue
        yield (Fact.ANSWER, *answer)
        if not one.flags:
            yield (Fact.UNFLAGGED_ANSWER, *answer)
        yield (Fact.PLACE_ANSWER, one.place, *answer)
        yield (Fact.MODE_ANSWER, mode, *answer)
        if one.service:
            yield (Fact.SERVICE_ANSWER, one.service, *answer)


def answer_facts(answer: CountedAnswer) -> Iterator[tuple[str, ...]]:
    """An answer's place in the joint numbers, and in each series that it belongs to."""
    yield (Fact.JOINT, *_joint(answer))
    for series in answer.cell.series(answer.asked):
        yield _in_series(answer, series)


def repeated_facts(answer: CountedAnswer) -> Iterator[tuple[str, ...]]:
    """What is counted besides of an answer that came with words repeating another's."""
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
        questionnaires: Mapping[str, Questionnaire] = MappingProxyType({}),
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
        """The counts of the facts that are this prefix and one more word, by that word."""
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
        # A year of tallies repeats few words; kept once each, they take a fifth of the memory.
        return cls({tuple(map(intern, fact.split("/"))): count for fact, count in data.items()})
