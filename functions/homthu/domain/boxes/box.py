"""A box: everything that is configured for one ward."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from homthu.domain.boxes.deadlines import USUAL_DEADLINES, Deadlines
from homthu.domain.boxes.questionnaire import Questionnaire
from homthu.domain.boxes.retention import USUAL_RETENTION, Retention
from homthu.domain.boxes.round import RoundRule
from homthu.domain.boxes.telephone import dialled
from homthu.record import record

if TYPE_CHECKING:
    # What a form does not need is imported where it is used, so that it starts fast.
    from homthu.domain.boxes.directory import ListedWard
    from homthu.domain.boxes.target import Target
    from homthu.domain.submissions.signs import Signs


class BetweenRounds(StrEnum):
    """What a box does while no round is open."""

    ACCEPT = "accept"
    CLOSE = "close"


class PlaceKind(StrEnum):
    """What kind of place a poster hangs in."""

    ONE_STOP = "one_stop"
    CULTURE_HOUSE = "culture_house"
    OTHER = "other"


class LetterHead(StrEnum):
    """Whose official form the report takes: the Youth Union's, the Party's, the People's Committee's."""

    DOAN = "doan"
    DANG = "dang"
    UBND = "ubnd"


@record
class Ward:
    """A commune-level unit, keyed by its five-digit code because names repeat and change."""

    code: str
    kind: str
    name: str
    province: str
    authority: str
    former_names: tuple[str, ...]
    #: The name of a picture beside the box file, for what is printed; empty for none.
    emblem: str = ""

    @property
    def full_name(self) -> str:
        """As it stands in a sentence: «phường Bắc Giang»."""
        return f"{self.kind} {self.name}"


@record
class Place:
    """A spot where a poster hangs; its code stands in the QR."""

    code: str
    name: str
    kind: PlaceKind
    former_ward: str


@record
class Contact:
    """Where a citizen goes in person: for help, or with a complaint or denunciation."""

    reception: str
    reception_hours: str
    phone: str

    @property
    def dialled(self) -> str:
        """The telephone number as a `tel:` link holds it."""
        return dialled(self.phone)


@record
class Plan:
    """The ward's plan and the documents it rests on; quoted in the report's opening."""

    number: str
    dated: str
    issuer: str
    basis: tuple[str, ...]


@record
class ReportStyle:
    """How the report presents itself: its form, who writes it, to whom, who signs."""

    head: LetterHead
    superior: str
    issuer: str
    symbol: str
    place_name: str
    committee: str
    signer_authority: str
    signer_title: str
    copies_to: tuple[str, ...]


class Reads(StrEnum):
    """What a recipient reads: figures, what citizens wrote, what may be a complaint or a denunciation."""

    FIGURES = "figures"
    WORDS = "words"
    PETITIONS = "petitions"


#: What each recipient reads where the box file says it of none.
EVERYTHING = frozenset(Reads)


@record
class Recipient:
    """Someone who receives the report, and what they read of it; no kind of reading includes another."""

    name: str
    email: str
    reads: frozenset[Reads] = EVERYTHING


@record
class Unit:
    """A unit that cases are assigned to; its `email` gets a link that opens one assigned case alone."""

    name: str
    email: str


@record
class Clerk:
    """Someone who types the ward's figures into another system, and sees nothing but what is to be typed."""

    name: str
    email: str


#: How long an answer to a citizen may be, in code points after NFC.
MAX_ANSWER = 2_000


@record
class AnswerTemplate:
    """An answer that an office often gives: a name, and the words that a member starts from."""

    name: str
    text: str


@record
class Box:
    """Everything configured for one ward."""

    ward: Ward
    contact: Contact
    plan: Plan
    places: tuple[Place, ...]
    rounds: tuple[RoundRule, ...]
    between_rounds: BetweenRounds
    closing_hours: int
    questionnaire: Questionnaire
    report: ReportStyle
    recipients: tuple[Recipient, ...]
    operator: Recipient
    #: Where results are published elsewhere; empty where the box's own page of results is meant.
    results: str = ""
    deadlines: Deadlines = USUAL_DEADLINES
    retention: Retention = USUAL_RETENTION
    units: tuple[Unit, ...] = ()
    answers: tuple[AnswerTemplate, ...] = ()
    clerks: tuple[Clerk, ...] = ()
    #: The name of the target that its figures are typed into; empty for none.
    target: str = ""

    def unit(self, name: str) -> Unit | None:
        """The unit of this name, or None."""
        return next((unit for unit in self.units if unit.name == name), None)

    def place(self, code: str) -> Place | None:
        """The place with this code, or None."""
        return next((place for place in self.places if place.code == code), None)


@record
class Boxes:
    """Every box of a deployment, with every questionnaire version its pages may still carry.

    `by_ward` may read a box only when it is first asked for: code that needs only names uses `wards`. `signs`
    are the phrases that mark a text as a possible complaint or denunciation; `targets` are keyed by name.
    """

    by_ward: Mapping[str, Box]
    questionnaires: Mapping[str, Questionnaire]
    signs: Signs
    targets: Mapping[str, Target] = field(default_factory=dict)

    @cached_property
    def wards(self) -> tuple[ListedWard, ...]:
        """Every ward in short, in the order of `by_ward`."""
        return tuple(listed(box) for box in self.by_ward.values())

    def ward_of(self, place: str) -> str | None:
        """The code of the ward that has the place with this code; codes are unique in a deployment."""
        return self._wards_of_places.get(place)

    def at_place(self, code: str) -> tuple[Box, Place] | None:
        """The box and place behind a poster's code."""
        ward = self.ward_of(code)
        if ward is None:
            return None
        box = self.by_ward[ward]
        place = box.place(code)
        return (box, place) if place else None

    @cached_property
    def _wards_of_places(self) -> Mapping[str, str]:
        return {place.code: code for code, box in self.by_ward.items() for place in box.places}


def listed(box: Box) -> ListedWard:
    """The ward of a box in short."""
    from homthu.domain.boxes.directory import ListedWard

    ward = box.ward
    return ListedWard(
        code=ward.code, kind=ward.kind, name=ward.name, province=ward.province, places=len(box.places)
    )
