"""The choice of what a mail quotes: one form of each matter, the matters of many forms first."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from homthu.domain.cases.case import Case
from homthu.domain.reports.attribution import Attribution
from homthu.domain.reports.same_text import names_its_place, text_key
from homthu.domain.reports.suggestion import (
    MAX_QUOTED,
    SelectedSuggestions,
    Source,
    Suggestion,
    is_praise,
    suggestion_of,
    suggestions_in,
)
from homthu.domain.submissions.submission import StoredSubmission, Submission
from homthu.domain.week import Week

#: So many forms are compared at most, so that memory stays bounded for a week of any size. They come in
#: the order of random ids, so a larger week is compared in a fair draw.
MAX_COMPARED = 20_000
#: The most forms of a matter that are named beside the one that is quoted.
MAX_NAMED = 5
#: The most texts of praise that are quoted.
MAX_PRAISED = 2

#: Flagged forms come last; ids are random, so their order favours nobody.
_Rank = tuple[bool, str]
#: What a matter is known by: a case at the desk, or what it says, with week and place where it does not say
#: where; or nothing but its only form.
_CASE, _TEXT, _ALONE = "case", "text", "alone"
_Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Form:
    """What is kept of every form that is compared."""

    id: str
    source: Source
    service: str
    is_flagged: bool


@dataclass(slots=True)
class _Matter:
    """The forms that say the same, and the words of one of them as long as it may still be chosen."""

    forms: list[_Form] = field(default_factory=list)
    quoted: StoredSubmission | None = None

    @property
    def sure(self) -> int:
        """How many forms without a flag say it: copies from a program lift nothing to the top."""
        return sum(not one.is_flagged for one in self.forms)

    @property
    def rank(self) -> tuple[object, ...]:
        """Most forms first."""
        return (-self.sure, min(one.id for one in self.forms))

    def add(self, stored: StoredSubmission, form: _Form) -> None:
        """Count one more form that says it."""
        self.forms.append(form)
        if self.quoted is None or _rank(stored) < _rank(self.quoted):
            self.quoted = stored


class SuggestionSelector:
    """Chooses what a mail quotes, one submission at a time; memory does not grow with their words.

    Matters of several forms come first, by their number. Of the others services take turns, and within a
    service its places do. What the machine may not join, a reader did at the desk: `case_of` knows the cases.
    """

    def __init__(
        self,
        limit: int = MAX_QUOTED,
        *,
        case_of: Callable[[StoredSubmission], Case | None] = lambda _: None,
        thanked: frozenset[str] = frozenset(),
    ) -> None:
        self._limit = limit
        self._case_of = case_of
        self._thanked = thanked
        self._matters: dict[_Key, _Matter] = {}
        self._praised: list[StoredSubmission] = []
        self._praise = 0
        self._readable = 0
        self._petitions = 0
        self._compared = 0
        #: Those whose words are kept.
        self._candidates: dict[_Key, _Matter] = {}

    def add(self, stored: StoredSubmission) -> None:
        """Take one more submission into account."""
        if not stored.submission.text:
            return
        if stored.is_set_apart:
            self._petitions += 1
        elif is_praise(stored, self._thanked):
            self._praise += 1
            # What says the same is one example: the last of a key stays, so the first by rank comes last.
            ranked = sorted([*self._praised, stored], key=_rank, reverse=True)
            examples = {text_key(one.submission.text): one for one in ranked}
            self._praised = sorted(examples.values(), key=_rank)[:MAX_PRAISED]
        else:
            self._readable += 1
            self._add(stored)

    def result(self, attribution: Attribution) -> SelectedSuggestions:
        """What to quote of the submissions added so far."""
        matters = self._with_places_told(attribution)
        # Masking takes most of the time, so it is left for those that are quoted.
        quoted = tuple(self._suggestion(one, attribution) for one in self._chosen(matters))
        names = {
            form.id: (_name_of(matter), len(matter.forms))
            for matter in matters
            if len(matter.forms) > 1
            for form in matter.forms
        }
        return SelectedSuggestions(
            quoted=quoted,
            more=self._readable - sum(one.forms for one in quoted),
            praise=self._praise,
            praised=tuple(suggestions_in(self._praised, attribution)),
            petitions=self._petitions,
            matters=names,
            thanked=self._thanked,
        )

    def _add(self, stored: StoredSubmission) -> None:
        self._compared += 1
        key = self._key(stored)
        matter = self._candidates[key] = self._matters.setdefault(key, _Matter())
        one = stored.submission
        source = Source(week=stored.week, number=stored.number, place=one.place)
        matter.add(stored, _Form(stored.id, source, one.service, bool(one.flags)))
        if len(self._candidates) >= 4 * self._limit:
            self._let_go()

    def _key(self, stored: StoredSubmission) -> _Key:
        case = self._case_of(stored)
        if case and (case.joined_to or case.gathered):
            return (_CASE, case.joined_to or case.id)
        key = text_key(stored.submission.text)
        if not key or self._compared > MAX_COMPARED:
            return (_ALONE, stored.id)
        if names_its_place(key):
            return (_TEXT, key)
        return (_TEXT, key, stored.week, stored.submission.place)

    def _let_go(self) -> None:
        """Drop the words of what will not be chosen."""
        chosen = {id(one) for one in self._chosen(self._candidates.values())}
        for key, matter in list(self._candidates.items()):
            if id(matter) in chosen:
                continue
            matter.quoted = None
            del self._candidates[key]
            if key[0] == _ALONE:
                del self._matters[key]

    def _with_places_told(self, attribution: Attribution) -> list[_Matter]:
        """The matters, after merging those that differ only by a place that may not be told."""
        found: dict[_Key, _Matter] = {}
        for key, matter in self._matters.items():
            of = key
            match key:
                case (_, text, Week() as week, str(place)):
                    of = (_TEXT, text, attribution.place(week, place))
            into = found.setdefault(of, _Matter())
            into.forms += matter.forms
            if matter.quoted and (into.quoted is None or _rank(matter.quoted) < _rank(into.quoted)):
                into.quoted = matter.quoted
        return list(found.values())

    def _chosen(self, matters: Iterable[_Matter]) -> list[_Matter]:
        known = [one for one in matters if one.quoted]
        several = sorted((one for one in known if one.sure > 1), key=lambda one: one.rank)
        others = {one.quoted.id: one for one in known if one.quoted and one.sure <= 1}
        single = [one.quoted for one in others.values() if one.quoted]
        place_turns = _turns(single, lambda one: (one.service, one.place), _rank)
        service_turns = _turns(
            single, lambda one: one.service, lambda stored: (place_turns[stored.id], _rank(stored))
        )
        single.sort(key=lambda stored: (service_turns[stored.id], _rank(stored)))
        return [*several, *(others[stored.id] for stored in single)][: self._limit]

    def _suggestion(self, matter: _Matter, attribution: Attribution) -> Suggestion:
        """The one that is quoted, with the others that say the same. Nothing is told of any of them that
        would not stand beside it alone."""
        assert matter.quoted
        told = suggestion_of(matter.quoted, attribution)
        assert told
        services = {attribution.service(one.source.week, one.service) for one in matter.forms}
        places = {attribution.place(one.source.week, one.source.place) for one in matter.forms}
        others = sorted(
            (one.source for one in matter.forms if one.id != told.id),
            key=lambda source: (source.week, source.number),
        )
        return replace(
            told,
            service=told.service if len(services) == 1 else "",
            forms=len(matter.forms),
            is_one_place=len(places) == 1,
            others=tuple(
                replace(one, place=attribution.place(one.week, one.place)) for one in others[:MAX_NAMED]
            ),
        )


def _name_of(matter: _Matter) -> str:
    """What the quoted form is called; if several lost their words, the first of them."""
    quoted = matter.quoted
    least = min(matter.forms, key=lambda one: (one.is_flagged, one.id))
    return Source(week=quoted.week, number=quoted.number).name if quoted else least.source.name


def _rank(stored: StoredSubmission) -> _Rank:
    return bool(stored.submission.flags), stored.id


def _turns(
    candidates: Iterable[StoredSubmission],
    group_of: Callable[[Submission], object],
    order: Callable[[StoredSubmission], tuple[object, ...]],
) -> dict[str, int]:
    """The position of each candidate within its group, by id."""
    sizes: Counter[object] = Counter()
    turns = {}
    for stored in sorted(candidates, key=order):
        group = group_of(stored.submission)
        turns[stored.id] = sizes[group]
        sizes[group] += 1
    return turns
