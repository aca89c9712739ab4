"""What a frozen mail quotes, each quotation committed to by itself.

A report's digest covers the mail without the words of citizens, and in their place a commitment to each:
SHA-256 over a salt of its own, the submission's id and the words. So words can be erased without the
chain breaking, nothing else of the mail can change, and without the salt, which goes with the words,
nobody can try what they were.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from hashlib import sha256

#: A label and a content, in the mail's order.
LabelledPiece = tuple[str, bytes]
#: The suffix of the name under which the quotations of a content are kept.
QUOTATIONS = ".quotations"


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody's words stand: in which piece, and at which byte of what it holds but for quotations.

    `length` is that of what stands there now, in bytes; `notice` is what does once the words are erased.
    `erased_for` is the submission for whose sake they are, where that is another: words of a case may repeat
    those of a form that is dealt with in it.
    """

    label: str
    at: int
    length: int
    id: str
    commitment: str
    salt: str
    notice: str = ""
    erased_for: str = ""

    @classmethod
    def of(cls, label: str, at: int, id: str, words: bytes, salt: str) -> "Place":
        """The place of these words."""
        return cls(label, at, len(words), id, _commitment(salt, id, words), salt)

    def holds(self, words: bytes) -> bool:
        """Whether these are the words, or the notice in their place."""
        if self.notice:
            return words == self.notice.encode()
        return _commitment(self.salt, self.id, words) == self.commitment

    def erased(self, notice: str, sake: str = "") -> "Place":
        """Without the words and their salt."""
        other = sake if sake != self.id else ""
        return replace(self, length=len(notice.encode()), salt="", notice=notice, erased_for=other)

    def facts(self) -> list[object]:
        """The fields to be stored: empty ones are left out, as in earlier versions."""
        facts = list(astuple(self))
        return facts if self.erased_for else facts[:-1]


def _commitment(salt: str, id: str, words: bytes) -> str:
    return sha256(f"{salt}\0{id}\0".encode() + words).hexdigest()


@dataclass(frozen=True, slots=True)
class Quotations:
    """Every quotation in one mail, in order."""

    places: tuple[Place, ...] = ()

    def digest(self, pieces: Iterable[LabelledPiece]) -> str:
        """SHA-256 of the mail and the commitments; empty if a quotation is not the one committed to."""
        whole = sha256()
        by_label = self._by_label()
        for label, content in pieces:
            rest, places = [], by_label.pop(label, ())
            for before, place, words in _walked(content, places):
                if not place.holds(words):
                    return ""
                rest.append(before)
            rest.append(content[sum(map(len, rest)) + sum(place.length for place in places) :])
            facts = [label, [[place.at, place.id, place.commitment] for place in places]]
            whole.update(sha256(json.dumps(facts).encode()).digest())
            whole.update(sha256(b"".join(rest)).digest())
        return "" if by_label else whole.hexdigest()

    def of(self, ids: Collection[str]) -> frozenset[Place]:
        """Where words of these submissions stand."""
        return frozenset(place for place in self.places if place.id in ids and not place.notice)

    def where(
        self, id: str, pieces: Iterable[LabelledPiece], is_said: Callable[[bytes], bool]
    ) -> frozenset[Place]:
        """Where these words of a submission stand."""
        by_label = self._by_label()
        return frozenset(
            place
            for label, content in pieces
            for _, place, words in _walked(content, by_label.get(label, ()))
            if place.id == id and not place.notice and is_said(words)
        )

    def erase(
        self, gone: Collection[Place], notice: str, sake: str = ""
    ) -> tuple["Quotations", Callable[[str, bytes], bytes]]:
        """The quotations without what stands in these places, and what does the same to a piece; `sake` is
        the submission for whose sake it goes, if these are not its own."""
        by_label = self._by_label()

        def change(label: str, content: bytes) -> bytes:
            places, new, done = by_label.get(label, ()), [], 0
            for before, place, words in _walked(content, places):
                new += [before, notice.encode() if place in gone else words]
                done += len(before) + len(words)
            return b"".join([*new, content[done:]])

        after = (place.erased(notice, sake) if place in gone else place for place in self.places)
        return Quotations(tuple(after)), change

    @property
    def standing(self) -> frozenset[str]:
        """The ids of the submissions whose words are still there."""
        return frozenset(place.id for place in self.places if not place.notice)

    @property
    def erased(self) -> frozenset[str]:
        """The ids of the submissions for whose sake words were erased."""
        return frozenset(place.erased_for or place.id for place in self.places if place.notice)

    def to_bytes(self) -> bytes:
        """The record to be stored."""
        return json.dumps([place.facts() for place in self.places], ensure_ascii=False).encode()

    @classmethod
    def from_bytes(cls, stored: bytes) -> "Quotations":
        """Read a stored record. Raise `ValueError` or `TypeError` if it is none."""
        return cls(tuple(Place(*place) for place in json.loads(stored)))

    def _by_label(self) -> dict[str, Sequence[Place]]:
        by_label: dict[str, list[Place]] = {}
        for place in self.places:
            by_label.setdefault(place.label, []).append(place)
        return {label: tuple(places) for label, places in by_label.items()}


def _walked(content: bytes, places: Iterable[Place]) -> Iterator[tuple[bytes, Place, bytes]]:
    """For each place: what stands between it and the one before, the place itself, and its words."""
    here, rest = 0, 0
    for place in places:
        start = here + place.at - rest
        yield content[here:start], place, content[start : start + place.length]
        here, rest = start + place.length, place.at


def quotations_name(content: str) -> str:
    """Where the quotations of a content are kept."""
    return f"{content}{QUOTATIONS}"
