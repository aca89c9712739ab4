"""Verdicts as the reports count them: a question of its own, told like every other by releases."""

from collections import Counter
from collections.abc import Iterable

from homthu.domain.cases.verdict import Verdict
from homthu.domain.releases.counted import Cell, CountedAnswer
from homthu.domain.releases.series import VERDICT
from homthu.domain.reports.tally import Fact, Tally, answer_facts
from homthu.domain.week import Week

#: Takes the place of the round: verdicts continue across rounds, and start again every year.
JUDGED = "danh-gia"
#: The facts in which a round stands second, and of them those that are counted and not decided.
_COUNTED = {Fact.JOINT, Fact.SERIES_ANSWER}
_OF_A_ROUND = {*_COUNTED, Fact.JOINT_REPEATED, Fact.RELEASED, Fact.CLOSED}


def judged_tally(verdicts: Iterable[Verdict]) -> Tally:
    """What the verdicts of a week add to its tally."""
    counts: Counter[tuple[str, ...]] = Counter()
    for verdict in verdicts:
        answer = CountedAnswer(round=JUDGED, asked=VERDICT, cell=Cell(), option=verdict.kind)
        counts.update(answer_facts(answer))
    return Tally(counts)


def without_verdicts(tally: Tally) -> Tally:
    """What a week's tally says of its forms."""
    return Tally({fact: count for fact, count in tally.counts.items() if not _is_judged(fact)})


def only_verdicts(tally: Tally) -> Tally:
    """What a week's tally counts of verdicts, without what was told of them."""
    counts = tally.counts.items()
    return Tally({fact: count for fact, count in counts if _is_judged(fact) and fact[0] in _COUNTED})


def _is_judged(fact: tuple[str, ...]) -> bool:
    return fact[0] in _OF_A_ROUND and fact[1] == JUDGED


def ends_with(week: Week) -> bool:
    """Whether waiting verdicts wait no longer after this week, because the year is over."""
    return week.shift(1).year != week.year
