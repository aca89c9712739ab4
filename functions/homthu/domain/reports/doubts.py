"""Doubts: which submissions may not be one person writing once, and the overall rating with or without them.

None is dropped. What bears the marks of a machine is counted as received and kept out of every
rating; what came in a burst, from another site or in copied words is in the ratings, and told.
"""

from collections import Counter
from dataclasses import dataclass

from homthu.domain.reports.figures import Satisfaction, satisfaction
from homthu.domain.reports.rated import rated
from homthu.domain.reports.tally import Fact, Tally
from homthu.domain.submissions.submission import Flag


@dataclass(frozen=True, kw_only=True, slots=True)
class Doubts:
    """The doubts of one tally. `sources` are the (version, question) that overall ratings come from."""

    tally: Tally
    sources: tuple[tuple[str, str], ...]

    @property
    def automatic(self) -> int:
        """Submissions with the marks of a machine; no rating counts them."""
        return self.tally.count(Fact.AUTOMATIC)

    @property
    def flagged(self) -> int:
        """Submissions flagged for anything else; they are in every rating."""
        return self.tally.count(Fact.FLAGGED) - self.automatic

    @property
    def bursts(self) -> int:
        """Those of them that came in a burst from one place."""
        return self.tally.count(Fact.FLAG, Flag.BURST)

    @property
    def clusters(self) -> int:
        """Groups of suggestions in nearly the same words."""
        return self.tally.count(Fact.CLUSTER)

    @property
    def repeated(self) -> int:
        """Submissions that repeat another's words: all but one of each group; they are in every rating."""
        return self.tally.count(Fact.REPEATED)

    @property
    def with_automatic(self) -> Satisfaction | None:
        """The overall rating with what a machine may have sent.

        None when those are so few that subtracting would give their ratings away.
        """
        automatic = self._overall(Fact.AUTOMATIC_ANSWER)
        if not automatic.is_cell_shown:
            return None
        return satisfaction(Counter(self._overall(Fact.ANSWER).by_rating) + Counter(automatic.by_rating))

    @property
    def without_flagged(self) -> Satisfaction:
        """The overall rating without the flagged ones."""
        return self._overall(Fact.UNFLAGGED_ANSWER)

    @property
    def without_repeated(self) -> Satisfaction | None:
        """The overall rating with one submission of each group of nearly equal ones.

        None when the others are so few that subtracting would give their ratings away.
        """
        repeated = self._overall(Fact.REPEATED_ANSWER)
        if not repeated.is_cell_shown:
            return None
        counts = Counter(self._overall(Fact.ANSWER).by_rating)
        counts.subtract(repeated.by_rating)
        return satisfaction(counts)

    def _overall(self, fact: Fact) -> Satisfaction:
        return rated(self.tally, fact, self.sources)
