"""The steps of the set-up and what each asks for; their words are in web/text/setup/setup.vi.toml."""

from dataclasses import dataclass
from enum import StrEnum


class Input(StrEnum):
    """The kind of input that a value is typed into; `TARGET` chooses among the files of targets."""

    LINE = "line"
    LINES = "lines"
    NUMBER = "number"
    CHOICE = "choice"
    TARGET = "target"


class Preview(StrEnum):
    """The preview that a page shows beside its fields."""

    FORM = "phieu"
    SLIP = "phieu-giay"
    POSTER = "ap-phich"
    MAIL = "thu"
    LETTER = "cong-van"
    CALENDAR = "lich"
    ANSWERS = "tra-loi"


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One value of the box file, by its path, such as `ward.name`."""

    path: str
    input: Input = Input.LINE
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One page: `name` gives its address and words; it has single fields, rows of a list, and a preview."""

    name: str
    fields: tuple[Field, ...] = ()
    #: The key of a list of tables; each key of a row gets an input.
    rows: str = ""
    #: The fields below the rows.
    after: tuple[Field, ...] = ()
    previews: tuple[Preview, ...] = ()

    @property
    def address(self) -> str:
        """Its URL path."""
        return f"/{self.name}"


def _lines(*paths: str) -> tuple[Field, ...]:
    return tuple(Field(path=path) for path in paths)


def _numbers(*paths: str) -> tuple[Field, ...]:
    return tuple(Field(path=path, input=Input.NUMBER) for path in paths)


STEPS = (
    Step(
        name="phuong",
        fields=(
            Field(path="ward.code"),
            Field(path="ward.kind", input=Input.CHOICE, choices=("phường", "xã", "đặc khu")),
            *_lines("ward.name", "ward.province", "ward.authority"),
            Field(path="ward.former_names", input=Input.LINES),
        ),
        previews=(Preview.FORM, Preview.POSTER),
    ),
    Step(
        name="lien-he",
        fields=_lines("contact.phone", "contact.reception", "contact.reception_hours", "results"),
        previews=(Preview.FORM, Preview.POSTER),
    ),
    Step(name="diem", rows="places", previews=(Preview.POSTER, Preview.FORM)),
    Step(
        name="dot",
        rows="rounds",
        after=(
            Field(path="between_rounds", input=Input.CHOICE, choices=("accept", "close")),
            Field(path="closing_hours", input=Input.NUMBER),
        ),
        previews=(Preview.CALENDAR, Preview.FORM),
    ),
    Step(
        name="cong-van",
        fields=(
            Field(path="report.head", input=Input.CHOICE, choices=("doan", "dang", "ubnd")),
            *_lines(
                "report.superior",
                "report.issuer",
                "report.symbol",
                "report.place_name",
                "report.committee",
                "report.signer_authority",
                "report.signer_title",
            ),
            Field(path="report.copies_to", input=Input.LINES),
            *_lines("plan.number", "plan.dated", "plan.issuer"),
            Field(path="plan.basis", input=Input.LINES),
        ),
        previews=(Preview.LETTER,),
    ),
    Step(
        name="nguoi-nhan",
        rows="recipients",
        after=_lines("operator.name", "operator.email"),
        previews=(Preview.MAIL,),
    ),
    Step(
        name="nhap-lieu",
        fields=(Field(path="target", input=Input.TARGET),),
        rows="clerks",
    ),
    Step(
        name="thoi-han",
        rows="units",
        after=(
            *_numbers("deadlines.assign", "deadlines.answer"),
            Field(path="deadlines.holidays", input=Input.LINES),
            *_numbers(
                "retention.words",
                "retention.answers",
                "retention.quotations",
                "retention.cases",
                "retention.desk_log",
            ),
        ),
        previews=(Preview.LETTER,),
    ),
    Step(name="mau-tra-loi", rows="answers", previews=(Preview.ANSWERS,)),
)
BY_NAME = {step.name: step for step in STEPS}
#: The values of each row, in the order of its inputs.
ROW_KEYS = {
    "places": ("name", "kind", "former_ward", "code"),
    "rounds": ("name", "opens", "closes", "code"),
    "recipients": ("name", "email", "reads"),
    "units": ("name", "email"),
    "clerks": ("name", "email"),
    "answers": ("name", "text"),
}
PLACE_KINDS = ("one_stop", "culture_house", "other")
READS = ("figures", "words", "petitions")


def step_of(key: str) -> str:
    """The name of the page where the value at this path is typed: `places.2.code` gives `diem`."""
    head = key.partition(".")[0]
    for step in STEPS:
        if step.rows == head or any(field.path == key for field in (*step.fields, *step.after)):
            return step.name
    for step in STEPS:
        if any(field.path.partition(".")[0] == head for field in (*step.fields, *step.after)):
            return step.name
    return "cau-hoi" if head in ("questionnaire", "questions", "q") else "phuong"
