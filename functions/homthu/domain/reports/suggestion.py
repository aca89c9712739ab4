"""What people wrote, as a report may quote it.

Personal data is masked; what is set apart as a possible complaint or denunciation is counted, never
quoted (Luật Tố cáo 2018, articles 22 to 25).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from homthu.domain.boxes.questionnaire import TextKind
from homthu.domain.reports.attribution import Attribution
from homthu.domain.submissions.personal_data import mask_personal_data
from homthu.domain.submissions.submission import StoredSubmission
from homthu.domain.text import clean
from homthu.domain.week import Week, short_name

#: The most matters that a mail quotes; the attached workbook holds the others.
MAX_QUOTED = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """A form that says something, and where it came from if that may be told."""

    week: Week
    number: int
    place: str = ""

    @property
    def name(self) -> str:
        """What the mail, the letter, the workbook and the desk call it: `48-07`."""
        return short_name(self.week, self.number)


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggestion:
    """One suggestion, fit to be quoted: no day, no rating, personal data masked.

    `place` and `service` are empty where too few came from there to name it. `week` and `number` give
    the suggestion its name; the number is its place in the week's order, which is random. `id` is shown to
    nobody: it marks whose words these are until the mail is frozen. Where several say the same, `forms` is
    how many, `others` are the first of them beside this one, `is_one_place` says whether all came from
    this one's place as far as it is told, and `matter` is the name of the one that is quoted for all.
    """

    id: str
    week: Week
    number: int
    place: str
    service: str
    text: str
    forms: int = 1
    others: tuple[Source, ...] = ()
    is_one_place: bool = True
    matter: str = ""
    is_praise: bool = False

    @property
    def name(self) -> str:
        """What the mail, the letter, the workbook and the desk call it: `48-07`."""
        return short_name(self.week, self.number)


@dataclass(frozen=True, kw_only=True, slots=True)
class SelectedSuggestions:
    """What a mail quotes: one suggestion for each matter, and two of the praise.

    `more` forms are not quoted, and `left_out` of all to be read and praise are in no file of the mail:
    they are at the desk. `praise` and `petitions` are told by their numbers. `matters` says of every
    form of a matter of several what the matter is called and how many they are; `thanked` are the forms
    that a reader thanked for.
    """

    quoted: tuple[Suggestion, ...] = ()
    more: int = 0
    left_out: int = 0
    praise: int = 0
    praised: tuple[Suggestion, ...] = ()
    petitions: int = 0
    matters: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    thanked: frozenset[str] = frozenset()

    @property
    def forms_quoted(self) -> int:
        """How many forms say what is quoted."""
        return sum(one.forms for one in self.quoted)

    @property
    def readable(self) -> int:
        """How many suggestions there are to read, in the mail, in the workbook or at the desk."""
        return self.forms_quoted + self.more

    @property
    def in_workbook(self) -> int:
        """How many the attached workbook holds, praise too."""
        return self.readable + self.praise - self.left_out


def is_praise(stored: StoredSubmission, thanked: frozenset[str]) -> bool:
    """Whether its author says so, or a reader thanked for it."""
    return stored.submission.text_kind is TextKind.PRAISE or stored.id in thanked


def suggestion_of(stored: StoredSubmission, attribution: Attribution) -> Suggestion | None:
    """The suggestion of a submission; None if it has no text or is set apart."""
    one = stored.submission
    # Cleaned on arrival already; doing it again costs little and covers imported data.
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


def suggestions_in(
    submissions: Iterable[StoredSubmission],
    attribution: Attribution,
    selected: SelectedSuggestions = SelectedSuggestions(),
) -> Iterator[Suggestion]:
    """Every suggestion that may be quoted, streamed in the order of the submissions, each with the matter
    that it belongs to.
    """
    for stored in submissions:
        if suggestion := suggestion_of(stored, attribution):
            matter, forms = selected.matters.get(stored.id, ("", 1))
            praised = is_praise(stored, selected.thanked)
            yield replace(suggestion, matter=matter, forms=forms, is_praise=praised)
