"""Forms: how many came, and from where. Numbers of forms are told at once; they reveal nobody's answer."""

from collections.abc import Mapping
from dataclasses import dataclass

from homthu.domain.boxes.box import Box, Place
from homthu.domain.boxes.questionnaire import Questionnaire
from homthu.domain.boxes.round import OUTSIDE, Round
from homthu.domain.reports.arrivals import Arrival
from homthu.domain.reports.tally import Fact, Tally
from homthu.domain.submissions.submission import Flag
from homthu.domain.week import Week


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceForms:
    """What came from one place; `place` is None for a code that the box no longer has."""

    code: str
    place: Place | None
    received: int
    before: int | None
    in_round: int | None
    in_year: int


@dataclass(frozen=True, kw_only=True, slots=True)
class WeekForms:
    """One week among others: how many forms came, and how many with words."""

    week: Week
    received: int
    texts: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Forms:
    """The forms of a week, or of a period, by what is known of them beside their answers.

    `before` is the week before, of a round the round before, of a year the year before; None if it was
    not counted. `in_round` is the round up to now; None outside any, and in a period's own report, where it
    would say nothing else than `received`. `automatic` bear the marks of a machine,
    and no figure is about them; the other `flagged` ones are in every figure, and so are those that
    repeat another's words: all but one of each of the `clusters`. `unusual` are the places to which far
    more came than in the weeks before; a round or a year has none.
    """

    received: int
    before: int | None
    in_round: int | None
    in_year: int
    outside_round: int
    late: int
    texts: int
    petitions: int
    automatic: int
    flagged: int
    bursts: int
    clusters: int
    repeated: int
    by_place: tuple[PlaceForms, ...]
    weeks: tuple[WeekForms, ...]
    versions: tuple[str, ...]
    unknown_versions: tuple[str, ...]
    unusual: tuple[Arrival, ...] = ()

    @property
    def readable(self) -> int:
        """Texts to be read: all but the petitions."""
        return self.texts - self.petitions

    @property
    def silent_places(self) -> tuple[Place, ...]:
        """The places of the box from which nothing came."""
        return tuple(one.place for one in self.by_place if one.place and not one.received)


def count_forms(
    box: Box,
    questionnaires: Mapping[str, Questionnaire],
    tally: Tally,
    *,
    previous: Tally | None,
    round_: Round | None,
    round_tally: Tally,
    year_tally: Tally,
    weeks: Mapping[Week, Tally],
    unusual: tuple[Arrival, ...] = (),
) -> Forms:
    """The numbers of a tally, with those of the time before, and of the round and year so far."""
    versions = sorted(tally.split(Fact.VERSION), key=lambda one: (one != box.questionnaire.version, one))
    known = {*questionnaires, box.questionnaire.version}
    automatic = tally.count(Fact.AUTOMATIC)
    return Forms(
        received=tally.total,
        before=previous.total if previous else None,
        in_round=round_tally.count(Fact.ROUND, round_.id) if round_ else None,
        in_year=year_tally.total,
        outside_round=tally.count(Fact.ROUND, OUTSIDE),
        late=tally.count(Fact.LATE),
        texts=tally.count(Fact.TEXT),
        petitions=tally.count(Fact.PETITION),
        automatic=automatic,
        flagged=tally.count(Fact.FLAGGED) - automatic,
        bursts=tally.count(Fact.FLAG, Flag.BURST),
        clusters=tally.count(Fact.CLUSTER),
        repeated=tally.count(Fact.REPEATED),
        by_place=tuple(
            PlaceForms(
                code=code,
                place=box.place(code),
                received=tally.count(Fact.PLACE, code),
                before=previous.count(Fact.PLACE, code) if previous else None,
                in_round=round_tally.count(Fact.ROUND_PLACE, round_.id, code) if round_ else None,
                in_year=year_tally.count(Fact.PLACE, code),
            )
            for code in _codes(box, (tally, previous or Tally(), round_tally, year_tally))
        ),
        weeks=tuple(
            WeekForms(week=week, received=one.total, texts=one.count(Fact.TEXT))
            for week, one in sorted(weeks.items())
        ),
        versions=tuple(version for version in versions if version in known),
        unknown_versions=tuple(version for version in versions if version not in known),
        unusual=unusual,
    )


def _codes(box: Box, tallies: tuple[Tally, ...]) -> list[str]:
    """Every place of the box, then every code in the counts that the box no longer has."""
    own = [place.code for place in box.places]
    counted = {code for tally in tallies for code in tally.split(Fact.PLACE)}
    return [*own, *sorted(counted - set(own))]
