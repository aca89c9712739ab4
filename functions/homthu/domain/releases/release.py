"""A release: what was told once, for ever, of one series over one run of weeks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Self

from homthu.domain.boxes.questionnaire import RATINGS
from homthu.domain.releases.series import Asked, Series, SeriesKind
from homthu.domain.week import Week

#: Stands before an option in what is stored of a release that is told in words.
_IN_WORDS = "~"
#: The ratings that say the same to whoever reads «hài lòng».
SATISFIED, NEUTRAL, DISSATISFIED = "satisfied", "neutral", "dissatisfied"
_SAME = {"5": SATISFIED, "4": SATISFIED, "3": NEUTRAL, "2": DISSATISFIED, "1": DISSATISFIED}


@dataclass(frozen=True, kw_only=True, slots=True)
class Release:
    """What a run told: how many answered, and either how often each option was chosen or, where all or
    all but one answered alike, only what they said (`alike`: an option, or a word for several ratings).

    `first` and `last` are the first and the last week of the run.
    """

    round: str
    series: Series
    asked: Asked
    first: Week
    last: Week
    answers: int
    by_option: Mapping[str, int] = field(default_factory=dict)
    alike: str = ""

    @classmethod
    def of(
        cls, *, round: str, series: Series, asked: Asked, first: Week, last: Week, counts: Mapping[str, int]
    ) -> Self:
        """The release of these counts, in words if all or all but one answered alike."""
        answers, alike = sum(counts.values()), alike_in(counts)
        return cls(
            round=round,
            series=series,
            asked=asked,
            first=first,
            last=last,
            answers=answers,
            by_option={} if alike else {option: n for option, n in counts.items() if n},
            alike=alike,
        )

    def facts(self) -> Iterator[tuple[tuple[str, ...], int]]:
        """What is kept of it in the tally of the report that told it: no more than it told."""
        start = (
            *(self.round, self.series.kind, self.series.member),
            *(self.asked.version, self.asked.question, str(self.first)),
        )
        if self.alike:
            yield (*start, _IN_WORDS + self.alike), self.answers
        for option, count in self.by_option.items():
            yield (*start, option), count


def releases_in(facts: Mapping[tuple[str, ...], int], last: Week) -> tuple[Release, ...]:
    """Read back the releases that a report of this week told."""
    found: dict[tuple[str, ...], dict[str, int]] = {}
    for fact, count in facts.items():
        found.setdefault(fact[:-1], {})[fact[-1]] = count
    releases = []
    for (round_, kind, member, version, question, first), counts in sorted(found.items()):
        alike = next((option[1:] for option in counts if option.startswith(_IN_WORDS)), "")
        releases.append(
            Release(
                round=round_,
                series=Series(SeriesKind(kind), member),
                asked=Asked(version, question),
                first=Week.parse(first),
                last=last,
                answers=sum(counts.values()),
                by_option={} if alike else counts,
                alike=alike,
            )
        )
    return tuple(releases)


def alike_in(counts: Mapping[str, int]) -> str:
    """What all, or all but one, said; empty if they did not agree that far."""
    answers = sum(counts.values())
    same: dict[str, int] = {}
    for option, count in counts.items():
        word = _SAME[option] if counts.keys() <= set(RATINGS) else option
        same[word] = same.get(word, 0) + count
    return next((word for word, count in sorted(same.items()) if count >= answers - 1), "")
