"""What people wrote, as a report may quote it, and the choice of what a mail quotes.

Personal data is masked; what is set apart as a possible complaint or denunciation is counted, never
quoted (Luật Tố cáo 2018, articles 22 to 25).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from homthu.domain.reports.attribution import Attribution
from homthu.domain.submissions.personal_data import mask_personal_data
from homthu.domain.submissions.submission import StoredSubmission, Submission
from homthu.domain.text import clean
from homthu.domain.week import Week, short_name

#: A mail quotes so many suggestions at most; the attached workbook holds the others.
MAX_QUOTED = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggestion:
    """One suggestion, fit to be quoted: no day, no rating, personal data masked.

    `place` and `service` are empty where too few came from there to name it. `week` and `number` give
    the suggestion its name; the number is its place in the week's order, which is random. `id` is shown to
    nobody: it marks whose words these are until the mail is frozen.
    """

    id: str
    week: Week
    number: int
    place: str
    service: str
    text: str

    @property
    def name(self) -> str:
        """What the mail, the letter, the workbook and the desk call it: `48-07`."""
        return short_name(self.week, self.number)


@dataclass(frozen=True, kw_only=True, slots=True)
class SelectedSuggestions:
    """The suggestions a mail quotes, and how many it does not."""

    quoted: tuple[Suggestion, ...] = ()
    more: int = 0
    petitions: int = 0

    @property
    def readable(self) -> int:
        """How many suggestions there are to read, in the mail or in the workbook."""
        return len(self.quoted) + self.more


def suggestion_of(stored: StoredSubmission, attribution: Attribution) -> Suggestion | None:
    """The suggestion of a submission; None if it has no text or is set apart."""
    one = stored.submission
    # Cleaned at the door already; once more costs little and covers what an import may bring.
    text = clean(one.text)
    if not text or stored.is_set_apart:
        return None
    return Suggestion(
        id=stored.id,
        week=stored.week,
        number=stored.number,
        place=attribution.place(stored.week, one.place),
        service=attribution.service(stored.week, one.service),
        text=mask_personal_data(text),
    )


def suggestions_in(submissions: Iterable[StoredSubmission], attribution: Attribution) -> Iterator[Suggestion]:
    """Every suggestion that may be quoted, in the order of the submissions, streamed."""
    for stored in submissions:
        if suggestion := suggestion_of(stored, attribution):
            yield suggestion


#: Flagged ones come after the others; the id is random, so its order favours nobody.
_Rank = tuple[bool, str]


class SuggestionSelector:
    """Chooses what a mail quotes, one submission at a time; memory does not grow with their number.

    Services take turns, and within a service its places do. Adding a submission never brings back
    one that had fallen out, so the choice does not depend on the order of arrival.
    """

    def __init__(self, limit: int = MAX_QUOTED) -> None:
        self._limit = limit
        self._candidates: list[StoredSubmission] = []
        self._readable = 0
        self._petitions = 0

    def add(self, stored: StoredSubmission) -> None:
        """Take one more submission into account."""
        if not stored.submission.text:
            return
        if stored.is_set_apart:
            self._petitions += 1
            return
        self._readable += 1
        self._candidates.append(stored)
        if len(self._candidates) >= 4 * self._limit:
            self._candidates = self._chosen()

    def result(self, attribution: Attribution) -> SelectedSuggestions:
        """What to quote of the submissions added so far."""
        # Masking takes most of the time, so it is left for those that are quoted.
        quoted = tuple(suggestions_in(self._chosen(), attribution))
        return SelectedSuggestions(
            quoted=quoted, more=self._readable - len(quoted), petitions=self._petitions
        )

    def _chosen(self) -> list[StoredSubmission]:
        place_turns = _turns(self._candidates, lambda one: (one.service, one.place), _rank)
        service_turns = _turns(
            self._candidates, lambda one: one.service, lambda stored: (place_turns[stored.id], _rank(stored))
        )
        chosen = sorted(self._candidates, key=lambda stored: (service_turns[stored.id], _rank(stored)))
        return chosen[: self._limit]


def _rank(stored: StoredSubmission) -> _Rank:
    return bool(stored.submission.flags), stored.id


def _turns(
    candidates: Iterable[StoredSubmission],
    group_of: Callable[[Submission], object],
    order: Callable[[StoredSubmission], tuple[object, ...]],
) -> dict[str, int]:
    """By id, the position of each candidate within its group."""
    sizes: Counter[object] = Counter()
    turns = {}
    for stored in sorted(candidates, key=order):
        group = group_of(stored.submission)
        turns[stored.id] = sizes[group]
        sizes[group] += 1
    return turns
