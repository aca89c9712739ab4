"""Counted answers: what a submission adds to the joint numbers and to the series that wait.

The joint numbers tell how many answered a question from one place, about one service, in one mode.
They are kept in the tally and told to nobody: with them one sees what could be worked out from what
is told. A question is counted only as finely as anything is told of it: the overall rating by every
kind of series, another rating by place, a choice for the ward as a whole.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from homthu.domain.boxes.questionnaire import QuestionKind, Questionnaire
from homthu.domain.releases.series import OVERALL, WARD, Asked, Series, SeriesKind
from homthu.domain.submissions.submission import Channel, StoredSubmission, Submission


class CollectionMode(StrEnum):
    """Who filled in the form: the citizen, a helper at their dictation, or a clerk from a paper slip."""

    SELF = "self"
    ASSISTED = "assisted"
    PAPER = "paper"


def mode_of(channel: Channel, *, assisted: bool) -> CollectionMode:
    """The mode of a submission; paper wins over assisted."""
    if channel is Channel.PAPER:
        return CollectionMode.PAPER
    return CollectionMode.ASSISTED if assisted else CollectionMode.SELF


@dataclass(frozen=True, slots=True)
class Cell:
    """Answers that no figure tells apart: of one place, service and mode, flagged or not."""

    place: str = ""
    service: str = ""
    mode: str = ""
    is_flagged: bool = False
    is_repeated: bool = False

    def series(self, asked: Asked) -> tuple[Series, ...]:
        """Every series that these answers belong to."""
        found = [WARD]
        if self.place:
            found.append(Series(SeriesKind.PLACE, self.place))
        if asked == OVERALL:
            found += [Series(SeriesKind.SERVICE, self.service), Series(SeriesKind.MODE, self.mode)]
            if self.is_flagged:
                found.append(Series(SeriesKind.FLAGGED))
            if self.is_repeated:
                found.append(Series(SeriesKind.REPEATED))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class CountedAnswer:
    """One answer of one submission, in the round that it was given in."""

    round: str
    asked: Asked
    cell: Cell
    option: str


def answers_of(
    stored: StoredSubmission, questionnaires: Mapping[str, Questionnaire]
) -> Iterator[CountedAnswer]:
    """The answers of a submission.

    There are none of a machine's, and none to a version that nothing describes; and «không có ý kiến»
    or «không áp dụng» is no answer.
    """
    one = stored.submission
    version = questionnaires.get(one.questionnaire)
    if version is None or one.is_automatic:
        return
    for question in version.questions:
        option = one.answers.get(question.id)
        if option is None or option not in question.answers:
            continue
        is_overall = question.id == version.overall
        yield CountedAnswer(
            round=one.round,
            asked=OVERALL if is_overall else Asked(version.version, question.id),
            cell=_cell(one, is_overall=is_overall, by_place=question.kind is QuestionKind.RATING),
            option=option,
        )


def _cell(one: Submission, *, is_overall: bool, by_place: bool) -> Cell:
    if is_overall:
        mode = mode_of(one.channel, assisted=one.assisted)
        return Cell(place=one.place, service=one.service, mode=mode, is_flagged=bool(one.flags))
    return Cell(place=one.place) if by_place else Cell()
