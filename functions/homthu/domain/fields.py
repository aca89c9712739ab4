"""Every name that travels between a page and us, in a form's fields or behind an address's question mark.

Templates reach these classes by their names, and a script spells a form's field as `@TEXT@`, which is
replaced when the script is put into its page; so no name is written down a second time.

A question's own name, and the id of its element, begin with `q-`. An id in a questionnaire holds no
hyphen and no name of ours begins so: whatever an office calls its questions, they meet nothing of ours
and nothing that a browser's form has (`length`, `submit`, `elements`).
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

_QUESTION = "q-"


class Field(StrEnum):
    """The fields of the citizen's form beside its questions."""

    PLACE = "place"
    QUESTIONNAIRE = "questionnaire"
    #: Made by the page's script, or by the review page for a browser without one.
    KEY = "key"
    STAMP = "tem"
    CHANNEL = "kenh"
    ASSISTED = "ho_tro"
    LANGUAGE = "l"
    SIZE = "c"
    MODE = "m"
    SERVICE = "linh_vuc"
    TEXT = "gop_y"
    #: What the text is: praise, something to put right, a proposal.
    TEXT_KIND = "loai"
    #: «1» if the author says that the text is about a person's wrongdoing and asks not to be quoted.
    DO_NOT_QUOTE = "khong_trich"
    #: The office's code, on the page for paper slips.
    PAPER_CODE = "lo"
    #: What only a robot fills in.
    HONEYPOT = "website"
    #: From the review page: its signed time, that it was seen, and that something is to be changed.
    SIGNED_TIME = "luc"
    SEEN = "da_xem"
    EDIT = "sua"


class Query(StrEnum):
    """What an address may ask for: the options of a page, `RECEIPT` the sealed reference, the directory's."""

    CHANNEL = "k"
    MODE = "m"
    LANGUAGE = "l"
    SIZE = "c"
    RECEIPT = "p"
    #: What is chosen of the directory: a ward by its code, a province by its key, what was typed; which page.
    WARD = "phuong"
    PROVINCE = "tinh"
    SEARCH = "tim"
    PAGE = "trang"


class StatusField(StrEnum):
    """The fields of the form that a submission is looked up with."""

    REFERENCE = "ma"
    LANGUAGE = "l"
    SIZE = "c"


class WithdrawalField(StrEnum):
    """The fields of the form that a submission is withdrawn with; `CONFIRMED` comes from the second look."""

    REFERENCE = "ma"
    LANGUAGE = "l"
    SIZE = "c"
    CONFIRMED = "chac_chan"


class VerdictField(StrEnum):
    """The fields of the form that an answer is judged with; `SEEN` comes from whom its page asked about
    personal data in their words."""

    PERMIT = "phieu"
    KIND = "danh_gia"
    WORDS = "gop_y"
    SEEN = "da_xem"
    LANGUAGE = "l"
    SIZE = "c"


class DeskField(StrEnum):
    """The fields of the desk's forms."""

    WARD = "phuong"
    EMAIL = "thu"
    PASS = "ma"  # noqa: S105 - the field's name
    WEEK = "tuan"
    PAGE = "trang"
    ITEM = "phieu"
    ACTION = "viec"
    ONCE = "lan"
    SEEN = "buoc"
    UNIT = "don_vi"
    #: What is typed where none of the units to choose from is meant.
    OTHER_UNIT = "don_vi_khac"
    DUE = "han"
    SUBJECT = "tom_tat"
    ANSWER = "tra_loi"
    REASON = "ly_do"
    CONFIRMED = "da_kiem"
    #: Which of four kinds an answer is, the day it promises something by, to whom it was passed on.
    KIND = "loai"
    PROMISED = "hen"
    PASSED_TO = "chuyen_den"
    DECISION = "quyet_dinh"
    MASKED = "ban_che"
    WHY = "vi_sao"
    THEME = "chu_de"
    #: What is looked for: words, where, about what, how it stands, who is to do it.
    SEARCH = "tim"
    PLACE = "noi"
    SERVICE = "linh_vuc"
    STATE = "tinh_trang"
    FOR_UNIT = "bo_phan"
    ABOUT = "ve_viec"
    #: Of several that are joined into one matter, the one that the others are dealt with in.
    LEAD = "viec_chinh"
    #: Of what the office often answers, the name of what is to be put into the answer.
    TEMPLATE = "mau"


#: What a template may name.
CLASSES: Mapping[str, type[StrEnum]] = {
    one.__name__: one for one in (Field, Query, StatusField, WithdrawalField, VerdictField, DeskField)
}
_OWN = frozenset(Field)
#: The most suggestions that can be marked on one page of the desk.
MOST_MARKS = 50
#: So many rows stand on one page of what is typed into another system.
MOST_ROWS = 40


def mark_fields() -> Iterable[str]:
    """The names of the desk's check boxes, one per suggestion on a page: a form may hold a name only once."""
    return (f"gop{number}" for number in range(MOST_MARKS))


def row_fields() -> Iterable[str]:
    """The names of the boxes at the rows of a page of what is typed again."""
    return (f"dong{number}" for number in range(MOST_ROWS))


def question_field(id: str) -> str:
    """The name of a question's field, and of its element in the page."""
    return _QUESTION + id


def renamed(fields: Mapping[str, str], ids: Iterable[str]) -> dict[str, str]:
    """The fields with every question under its current name.

    Up to November 2026 a question's field was its bare id. Forms with such names may be open in a browser, or
    wait on a phone for a connection, while a box is updated; they are accepted until the end of 2027, a year
    of rounds later. An id that is also one of our own names could never have been sent as an answer.
    """
    bare = {id: question_field(id) for id in ids if id in fields and id not in _OWN}
    if not bare:
        return dict(fields)
    kept = {name: value for name, value in fields.items() if name not in bare}
    return {**{name: fields[id] for id, name in bare.items()}, **kept}


def unknown(fields: Iterable[str], ids: Iterable[str]) -> frozenset[str]:
    """The fields that no form with these questions has."""
    return frozenset(fields) - _OWN - {question_field(id) for id in ids}
