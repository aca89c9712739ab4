"""The answers that one frozen report counts for the first time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from homthu.domain.releases.counted import Cell
from homthu.domain.releases.series import Asked, Series, SeriesKind
from homthu.domain.reports.tally import Fact, Tally

#: A round, or none, and a question asked in it.
RoundQuestion = tuple[str, Asked]


@dataclass(frozen=True, kw_only=True, slots=True)
class NewAnswers:
    """New answers by round and question: how many in each cell, and how often each series chose what."""

    cells: Mapping[RoundQuestion, Mapping[Cell, int]]
    options: Mapping[RoundQuestion, Mapping[Series, Mapping[str, int]]]


NOTHING = NewAnswers(cells={}, options={})


def new_answers(tally: Tally, before: Tally | None) -> NewAnswers:
    """What a week's tally brings; a correction, beside what the week's report `before` it counted.

    A week counted before the joint numbers were kept brings nothing, for ever: it was told by other
    rules. Nor does a correction that takes anything away: what was told cannot be taken back.
    """
    if not tally.count(Fact.JOINT_KEPT) or (before and not before.count(Fact.JOINT_KEPT)):
        return NOTHING
    if before:
        facts = {fact for fact in (*tally.counts, *before.counts) if _is_told_anew(fact)}
        added = {fact: tally.count(*fact) - before.count(*fact) for fact in facts}
        if min(added.values(), default=0) < 0:
            return NOTHING
        tally = Tally({fact: count for fact, count in added.items() if count})
    return NewAnswers(cells=_cells(tally), options=_options(tally))


def _is_told_anew(fact: tuple[str, ...]) -> bool:
    """Whether a correction may bring it: who repeats whom is a matter of the whole week, told already."""
    return fact[0] == Fact.JOINT or (fact[0] == Fact.SERIES_ANSWER and fact[2] != SeriesKind.REPEATED)


def _cells(tally: Tally) -> Mapping[RoundQuestion, Mapping[Cell, int]]:
    found: dict[RoundQuestion, dict[Cell, int]] = {}
    for (round_, version, question, *rest), answers in _facts(tally, Fact.JOINT):
        place, service, mode, mark = rest
        cell = Cell(place=place, service=service, mode=mode, is_flagged=bool(mark))
        repeated = tally.count(Fact.JOINT_REPEATED, round_, version, question, *rest)
        cells = found.setdefault((round_, Asked(version, question)), {})
        if answers > repeated:
            cells[cell] = answers - repeated
        if repeated:
            cells[Cell(place, service, mode, bool(mark), is_repeated=True)] = min(repeated, answers)
    return found


def _options(tally: Tally) -> Mapping[RoundQuestion, Mapping[Series, Mapping[str, int]]]:
    found: dict[RoundQuestion, dict[Series, dict[str, int]]] = {}
    for (round_, kind, member, version, question, option), count in _facts(tally, Fact.SERIES_ANSWER):
        series = found.setdefault((round_, Asked(version, question)), {})
        series.setdefault(Series(SeriesKind(kind), member), {})[option] = count
    return found


def _facts(tally: Tally, kind: Fact) -> Iterator[tuple[tuple[str, ...], int]]:
    return ((fact[1:], count) for fact, count in tally.counts.items() if fact[0] == kind)
