"""Erased: what a week's count still owes to forms whose words and answers are gone.

An erased form still counts as a form. Its answers were told once, in figures about many, and those figures
are never told again without it, for the difference would be its answers. So where a new count lacks no more
than the erased forms can account for, the earlier count stands.
"""

from homthu.domain.reports.tally import Fact, Tally

#: Facts that an erased form still has, so that these counts must come out exactly as before.
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
#: Facts that are decided about a week, not counted from its forms.
_DECIDED = {Fact.RELEASED, Fact.CLOSED, Fact.JOINT_KEPT}
#: Facts that depend on everybody's words: without one text, a whole group may fall apart.
_ABOUT_GROUPS = {Fact.CLUSTER, Fact.REPEATED, Fact.JOINT_REPEATED}


def as_before(now: Tally, before: Tally, erased: int) -> Tally:
    """The current count, with what up to this many erased forms took away put back."""
    if not erased:
        return now
    counts = dict(now.counts)
    for fact, count in before.counts.items():
        if fact[0] in _KEPT | _DECIDED:
            continue
        if fact[0] in _ABOUT_GROUPS or 0 < count - now.counts.get(fact, 0) <= erased:
            counts[fact] = count
    return Tally(counts)
