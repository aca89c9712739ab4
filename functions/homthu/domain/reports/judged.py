"""Verdicts as the reports count them: a question of its own, told like every other by releases."""

from collections import Counter
from collections.abc import Iterable

from homthu.domain.cases.verdict import Verdict
from homthu.domain.releases.counted import Cell, CountedAnswer
from homthu.domain.releases.series import VERDICT
from homthu.domain.reports.tally import Tally, answer_facts
from homthu.domain.week import Week

#: Stands where a round stands of other answers: verdicts go on over rounds, and begin anew with every year.
JUDGED = "danh-gia"


def judged_tally(verdicts: Iterable[Verdict]) -> Tally:
    """What the verdicts of a week add to its tally."""
    counts: Counter[tuple[str, ...]] = Counter()
    for verdict in verdicts:
        answer = CountedAnswer(round=JUDGED, asked=VERDICT, cell=Cell(), option=verdict.kind)
        counts.update(answer_facts(answer))
    return Tally(counts)


def ends_with(week: Week) -> bool:
    """Whether the verdicts that wait after this week wait no longer: the year is over."""
    return week.shift(1).year != week.year
