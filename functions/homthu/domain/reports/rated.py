"""The rating that some of a tally's facts add up to."""

from collections.abc import Iterable

from homthu.domain.boxes.questionnaire import NO_OPINION, RATINGS
from homthu.domain.reports.figures import Satisfaction, satisfaction
from homthu.domain.reports.tally import Fact, Tally


def rated(tally: Tally, fact: Fact, sources: Iterable[tuple[str, ...]]) -> Satisfaction:
    """What was answered, over all sources: each is what follows the fact's first word, but for the option."""
    known = tuple(sources)
    return satisfaction(
        {
            option: sum(tally.count(fact, *source, option) for source in known)
            for option in (*RATINGS, NO_OPINION)
        }
    )
