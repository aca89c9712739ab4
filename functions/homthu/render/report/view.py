"""What a report's templates are given: finished strings and the lengths of bars, nothing to work out."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A statement under a label."""

    label: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupRow:
    """The submissions of a place, a service or a mode. The last two are empty where unused."""

    name: str
    received: str
    overall: str
    before: str = ""
    in_round: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """Lengths in whole percent, together 100."""

    satisfied: int
    neutral: int
    dissatisfied: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RatingRow:
    """A rating question: its figure, its bar unless too few answered, and what it says in full."""

    name: str
    figure: str
    bar: Bar | None
    sentences: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class OptionRow:
    """An option of a choice question; share and bar are missing where none is given."""

    label: str
    count: str
    share: str
    bar: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """A choice question."""

    name: str
    rows: tuple[OptionRow, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What one version of the questionnaire asked; the title is empty when there is only one."""

    title: str
    ratings: tuple[RatingRow, ...]
    choices: tuple[Choice, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Quote:
    """A suggestion line by line, and where and when it was left."""

    lines: tuple[str, ...]
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class QuoteGroup:
    """The suggestions about one service."""

    title: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class MatterRow:
    """A case: what it is about and where it came from, where it stands, and who has to do it by when."""

    about: str
    source: str
    state: str
    task: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportView:
    """Everything a mail says."""

    subject: str
    preheader: str
    owner: str
    title: str
    headline: tuple[Line, ...]
    places: tuple[GroupRow, ...]
    more_places: str
    asked: tuple[Asked, ...]
    services: tuple[GroupRow, ...]
    modes: tuple[GroupRow, ...]
    unflagged: str
    quotes_intro: tuple[str, ...]
    quotes: tuple[QuoteGroup, ...]
    handling: str
    matters: tuple[MatterRow, ...]
    more_matters: str
    desk_url: str
    notes: tuple[str, ...]
    closing: tuple[str, ...]
