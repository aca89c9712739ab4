"""The input of a report's templates: finished strings and the lengths of bars, nothing to compute."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A statement under a label."""

    label: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupRow:
    """What is told of a place, a service or a mode; `note` says what waits. Forms are counted by place."""

    name: str
    overall: str
    note: str = ""
    received: str = ""
    before: str = ""
    counts: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """Lengths in whole percent, together 100."""

    satisfied: int
    neutral: int
    dissatisfied: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RatingRow:
    """A rating question: its figure, its bar where there is one, and what it says in full."""

    name: str
    figure: str
    bar: Bar | None
    sentences: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class OptionRow:
    """An option of a choice question; the count is empty where it is not told exactly."""

    label: str
    count: str
    share: str
    bar: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """A choice question."""

    name: str
    rows: tuple[OptionRow, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class QuestionBlock:
    """What one version of the questionnaire asked; the title is empty when there is only one.

    `why_not` replaces everything else when nothing is told of any question.
    """

    title: str
    why_not: str
    ratings: tuple[RatingRow, ...]
    choices: tuple[Choice, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Quote:
    """A suggestion line by line, how many forms say it if several do, what these are called, and where they
    were left if that may be said."""

    count: str
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
    """Everything a mail says; for those who do not read figures, only numbers of forms."""

    subject: str
    preheader: str
    owner: str
    title: str
    has_figures: bool
    headline: tuple[Line, ...]
    places: tuple[GroupRow, ...]
    places_before: str
    places_hint: str
    more_places: str
    blocks: tuple[QuestionBlock, ...]
    comparisons: tuple[str, ...]
    services: tuple[GroupRow, ...]
    modes: tuple[GroupRow, ...]
    data_quality: str
    quotes_intro: tuple[str, ...]
    quotes: tuple[QuoteGroup, ...]
    case_statistics: str
    cases: tuple[MatterRow, ...]
    more_cases: str
    desk_url: str
    notes: tuple[str, ...]
    closing: tuple[str, ...]
