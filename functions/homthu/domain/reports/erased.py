"""Erased: what a week's count owes to forms whose words and answers are gone.

An erased form counts on as a form. What it answered was told once, in figures about many, and is never
told again without it: that would be telling it. So where a count now lacks no more than the erased forms
can account for, what was counted before stands.
"""

from homthu.domain.reports.tally import Fact, Tally

#: What an erased form still brings, so that these must come out exactly as before.
_KEPT = {
    Fact.ALL,
    Fact.PLACE,
    Fact.ROUND,
    Fact.ROUND_PLACE,
    Fact.FLAG,
    Fact.FLAGGED,
    Fact.BATCH,
    Fact.AUTOMATIC,
    Fact.LATE,
    Fact.VERSION,
    Fact.PERSONS_PLACE,
}
#: What is decided about a week, and not counted of its forms.
_DECIDED = {Fact.RELEASED, Fact.CLOSED, Fact.JOINT_KEPT}
#: What hangs on the words of all: without one text, a whole group may no longer be one.
_ABOUT_GROUPS = {Fact.CLUSTER, Fact.REPEATED, Fact.JOINT_REPEATED}


def as_before(now: Tally, before: Tally, erased: int) -> Tally:
    """The count of now, with what so many erased forms may have taken away put back."""
    if not erased:
        return now
    counts = dict(now.counts)
    for fact, count in before.counts.items():
        if fact[0] in _KEPT | _DECIDED:
            continue
        if fact[0] in _ABOUT_GROUPS or 0 < count - now.counts.get(fact, 0) <= erased:
            counts[fact] = count
    return Tally(counts)
