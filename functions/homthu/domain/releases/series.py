"""Series: what a figure is about, and the question that it answers."""

from dataclasses import dataclass
from enum import StrEnum

#: The fewest answers that a figure may be about. Below it nothing is told of what was answered.
MIN_GROUP = 10


class SeriesKind(StrEnum):
    """What a series is about. Series of one kind never share a submission; those of two kinds do.

    The order is that in which a week's series are told: a later one waits for the earlier ones.
    """

    WARD = "ward"
    PLACE = "place"
    SERVICE = "service"
    MODE = "mode"
    FLAGGED = "flagged"
    REPEATED = "repeated"


#: The member that stands for all of a kind that had waited in vain when their round ended.
REST = "*"


@dataclass(frozen=True, order=True, slots=True)
class Series:
    """The ward, the flagged or the repeated (`member` is empty), or one place, service or mode.

    An empty service is that of authors who named none.
    """

    kind: SeriesKind
    member: str = ""

    @property
    def is_rest(self) -> bool:
        """Whether it pools what was left over of its kind."""
        return self.member == REST


WARD = Series(SeriesKind.WARD)


@dataclass(frozen=True, order=True, slots=True)
class Asked:
    """A question of one version of the questionnaire, or the overall rating of all versions together."""

    version: str
    question: str


#: The overall rating: whatever each version's own question for it is. `*` is no version's name.
OVERALL = Asked("*", "overall")
#: Whether an answer of the ward settled the matter, as whoever wrote says.
VERDICT = Asked("*", "verdict")
