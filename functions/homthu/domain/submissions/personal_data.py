"""Finding and masking what names a person: numbers, addresses, names.

The citizen is asked before a text with a telephone or identity number or an e-mail address is stored, and
never refused; reports show all kinds masked. What a dossier is called, days and sums are never masked.
Telephone shapes: Vietnamese mobile prefixes 03, 05, 07, 08, 09 and landlines 02, with +84 or 84
for the leading zero. Identity numbers: 12 digits (căn cước) or 9 (the older card).
"""

import re
from enum import StrEnum
from functools import cache

from homthu.domain.submissions.person_names import CAPITAL, find_names


class PersonalData(StrEnum):
    """The kinds of personal data."""

    PHONE = "phone"
    IDENTITY = "identity"
    EMAIL = "email"
    ACCOUNT = "account"
    PLATE = "plate"
    TAX = "tax"
    INSURANCE = "insurance"
    HOUSE = "house"
    NAME = "name"


#: What the citizen is asked about, and all that was masked up to November 2026.
ASKED = frozenset({PersonalData.PHONE, PersonalData.IDENTITY, PersonalData.EMAIL})
#: What may stand between two digits of one number. A comma only without a space, which would separate a list.
_GAP = r"(?:,|[\s./_()\-\u2010-\u2015\u00b7]{0,3})"


def _dates() -> str:
    """Days, and with a slash `9/2026` and `123/2024`, which is also how documents are numbered.

    More of the same sign and digits around it, and it is no date: telephone numbers are written in pairs.
    """
    shapes = []
    for sign in ("/", r"\.", "-"):
        day = rf"(?:0?[1-9]|[12]\d|3[01]){sign}(?:0?[1-9]|1[0-2]){sign}"
        long, short = rf"{day}(?:19|20)\d\d", rf"{day}\d\d"
        starts, ends = rf"(?<!\d)(?<!\d{sign})", rf"(?!{sign}?\d)"
        shapes += [
            rf"{starts}{long}(?:{sign}{long})?{ends}",
            # 09.12.34 may be the beginning of a telephone number, unless another date follows.
            rf"{starts}(?<!\d\s){short}{ends}(?:(?!{_GAP}\d)|(?={_GAP}{short}{ends}))",
        ]
    shapes.append(r"(?<!\d)(?<!\d/)(?:0?[1-9]|[1-9]\d{1,3})/(?:19|20)\d\d(?!/?\d)")
    return "|".join(shapes)


def _dossiers() -> str:
    """A dossier at the one-stop office: its office's code, the day it was taken, and its number that day.

    «000.00.12.H02-261120-0001», or by the codes of Decision 20/2020/QĐ-TTg «H02.12.03-261120-0001»: the
    office's code has one part with a letter, so no number of a person's looks like it.
    """
    office = r"(?<![\w.])(?:\d{1,3}\.){0,4}[A-Z]\d{2}(?:\.\d{1,3}){0,4}"
    sign, day = r"\s?[-\u2010-\u2015]\s?", r"\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    return rf"{office}{sign}{day}{sign}\d{{3,6}}(?![\d])"


def _sums() -> str:
    """Amounts and ranges of amounts. From 100 to 999 million đồng they have the nine digits of an older
    identity card.
    """
    amount = r"[1-9](?:\d{0,2}(?:[.,\s]\d{3}){1,4}|\d{0,14})"
    # Not «đ/c», «đồng chí» and the like, which may follow somebody's number.
    words = "chí|chi|ý|y|nghiệp|nghiep|bào|bao|hương|huong|đội|doi|thời|thoi|đăng|dang"
    currency = rf"(?:vn[đd]|₫|[đd]ồng(?!\s+(?:{words})\b)|dong(?!\s+(?:{words})\b)|[đd](?!/c))(?!\w)"
    priced = rf"(?<![\d+]){amount}(?:\s?[-\u2013]\s?{amount})?\s{{0,2}}{currency}"
    # A thousand million and more, and ranges, are recognised only by their groups of three digits.
    large = []
    for sign in (r"\.", ","):
        one, more = r"[1-9]\d{0,2}", rf"(?:{sign}\d{{3}})"
        large.append(rf"(?<!\d){one}(?:{more}{{3,5}}|{more}{{1,5}}\s?[-\u2013]\s?{one}{more}{{1,5}})(?!\d)")
    return "|".join((priced, *large))


def _accounts() -> str:
    """A bank account or card: the digits after the word for it."""
    word = (
        r"(?:stk|số\s?tk|so\s?tk|tk|(?:số\s)?tài\skhoản(?:\ssố)?|(?:so\s)?tai\skhoan(?:\sso)?"
        r"|account(?:\snumber)?)"
    )
    return rf"(?<!\w){word}[\s:.]{{0,3}}(?P<data>\d(?:[\s.\-]?\d){{5,18}})(?!\d)"


def _tax_numbers() -> str:
    """Ten digits, and three more for a branch, after the word for it (Thông tư 86/2024/TT-BTC)."""
    word = r"(?:mst|mã\ssố\sthuế|ma\sso\sthue|mã\ssố\sdoanh\snghiệp|mã\ssố\sthuế\scá\snhân|tax\scode)"
    return rf"(?<!\w){word}[\s:.]{{0,3}}(?:số\s|là\s)?(?P<data>\d(?:[\s.]?\d){{9}}(?:\s?-\s?\d{{3}})?)(?!\d)"


def _insurance_numbers() -> str:
    """Two letters and thirteen digits of a health insurance card, or ten digits after the word for it."""
    card = r"(?<!\w)(?P<data>[a-z]{2}\s?\d\s?\d{2}\s?\d{10})(?!\d)"
    word = r"(?:bhxh|bhyt|bảo\shiểm(?:\sy\stế|\sxã\shội)?|bao\shiem(?:\sy\ste|\sxa\shoi)?)"
    return (
        rf"{card}|(?<!\w){word}(?:\s(?:số|so|là|của\stôi))?[\s:.]{{1,3}}(?P<more>\d(?:[\s.]?\d){{9}})(?!\d)"
    )


def _plates() -> str:
    """«98A-123.45», «98B1 456.78», «29C-12345»: two digits of the province, a series, four or five digits."""
    return r"(?<![\w.\-/])\d{2}\s?-?\s?[a-zđ]{1,2}\d?[\s.\-]{1,3}\d{3}\.?\d{1,2}(?![\w/])(?!\.\d)"


def _houses() -> str:
    """The number of a house, without the street: «số nhà 108», «số 15» before it, «12/5» before its name."""
    number = r"\d{1,4}[a-z]?(?:\s?/\s?\d{1,4}[a-z]?){0,4}(?!\w|\.\d|\s?\d)"
    street = r"(?:ngõ|ngách|hẻm|kiệt|đường|phố|đ\.|p\.)"
    no_house = "".join(rf"(?<!{word}\s)" for word in ("quầy", "phòng", "tuyến", "xe", "buýt"))
    weekday = "(?:Thứ|Chủ|Sáng|Chiều|Tối|Ngày)"
    name = rf"(?-i:(?!{weekday}){CAPITAL}\w+\s{CAPITAL})"
    return "|".join(
        (
            rf"(?<!\w)(?:số\snhà|so\snha|nhà\ssố|nha\sso)\s{number}(?:,\s{number})*",
            rf"(?<!\w){no_house}số\s{number}(?=,?\s{street}\s)",
            rf"(?<!\w)(?<=từ\s)số\s{number}(?=\sđến\scuối)",
            rf"(?<!\w)(?:địa\schỉ|nhà(?:\stôi)?\sở|trú\stại|ngụ\stại)[\s:]{{1,2}}(?P<data>{number})(?=,?\s{name})",
            rf"(?<![\w/.,])(?<!ngày\s)\d{{1,4}}[a-z]?(?:/\d{{1,4}}[a-z]?){{1,4}}(?=,?\s{name})",
        )
    )


#: An address as people write it past a filter: «lan(a)gmail.com», «lan a còng gmail chấm com», «lan(a)gmail».
_EMAIL_IN_WORDS = (
    r"(?<!\w)[\w.+%-]{2,64}\s?(?:[(\[]\s?(?:a|at|@|a còng|a cong)\s?[)\]]|\sa\s?còng|\sa\s?cong)\s?"
    r"(?:[\w-]{2,63}(?:(?:\.|\s?\(?(?:chấm|cham|dot)\)?\s?)[\w-]{2,20}){1,3}"
    r"|(?:gmail|yahoo|hotmail|outlook|icloud|email)(?!\w))"
)


# Compiled (10 ms) for the first text that may hold something, not at every start.
@cache
def _looks() -> tuple[tuple[PersonalData | None, re.Pattern[str]], ...]:
    """In the order of the search. What is found, and what is harmless, is hidden from the later ones."""
    phone = (
        r"(?<!\d)(?:\((?=\+?\d{2,5}\)))?"
        rf"(?<!\d)(?:(?:\+|00)?84{_GAP}(?:0{_GAP})?|0{_GAP})"
        rf"(?:[35789](?:{_GAP}\d){{8}}|2(?:{_GAP}\d){{8,9}})(?!\d)"
    )
    # With separators, twelve digits must begin with the 0 of every căn cước; otherwise three years in a row
    # would match.
    identity = rf"(?<!\d)(?:0(?:{_GAP}\d){{11}}|\d{{12}}|\d(?:{_GAP}\d){{8}})(?!\d)"
    return (
        (PersonalData.EMAIL, re.compile(r"[\w.+%-]{1,64}\s?@\s?[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")),
        (None, re.compile(_dossiers(), re.IGNORECASE)),
        (None, re.compile(_dates())),
        (PersonalData.PHONE, re.compile(phone)),
        (None, re.compile(_sums(), re.IGNORECASE)),
        (PersonalData.IDENTITY, re.compile(identity)),
    )


@cache
def _more_looks() -> tuple[tuple[PersonalData, re.Pattern[str]], ...]:
    """The kinds that are masked but not asked about, in the order of the search."""
    shapes = {
        PersonalData.INSURANCE: _insurance_numbers(),
        PersonalData.TAX: _tax_numbers(),
        PersonalData.ACCOUNT: _accounts(),
        PersonalData.PLATE: _plates(),
        PersonalData.HOUSE: _houses(),
        PersonalData.EMAIL: _EMAIL_IN_WORDS,
    }
    return tuple((kind, re.compile(shape, re.IGNORECASE)) for kind, shape in shapes.items())


#: What the kinds that are asked about need: an at sign, or nine digits close together. Few texts have either.
_HINT = re.compile(r"@|\d(?:\D{0,3}\d){8}")
MASK = "[…]"


def find_personal_data(text: str) -> tuple[PersonalData, ...]:
    """The kinds of personal data that the citizen is asked about and that the text seems to hold."""
    return tuple(dict.fromkeys(kind for kind, _, _ in _find_asked(text)))


def mask_personal_data(text: str) -> str:
    """The text with each number, address and name of any kind replaced by `[…]`."""
    return _masked(text, [(start, end) for _, start, end in find_all(text)])


def mask_asked_data(text: str) -> str:
    """The text as it was masked up to November 2026, to find it in mails from then."""
    return _masked(text, [(start, end) for _, start, end in _find_asked(text)])


def _masked(text: str, places: list[tuple[int, int]]) -> str:
    for start, end in sorted(places, reverse=True):
        text = text[:start] + MASK + text[end:]
    return text


def find_all(text: str) -> list[tuple[PersonalData, int, int]]:
    """What is masked, and where it starts and ends; nothing twice."""
    found: list[tuple[PersonalData, int, int]] = []
    left = _harmless().sub(_out_of_sight, text)
    for kind, pattern in _more_looks():
        for match in pattern.finditer(left):
            group = next((name for name, value in match.groupdict().items() if value), 0)
            found.append((kind, *match.span(group)))
        left = _without(left, found)
    found += _find_asked(_without(text, found))
    found += ((PersonalData.NAME, *place) for place in find_names(_without(left, found)))
    return found


def _without(text: str, found: list[tuple[PersonalData, int, int]]) -> str:
    """The text with these spans blanked, at its old length, so that positions stay and
    no number spans them.
    """
    for _, start, end in found:
        text = text[:start] + "x" * (end - start) + text[end:]
    return text


def _out_of_sight(match: re.Match[str]) -> str:
    return "x" * len(match[0])


@cache
def _harmless() -> re.Pattern[str]:
    """What no kind may take for its own."""
    return re.compile(f"{_dossiers()}|{_dates()}", re.IGNORECASE)


def _find_asked(text: str) -> list[tuple[PersonalData, int, int]]:
    """Each number or address that is asked about, and where it starts and ends."""
    found: list[tuple[PersonalData, int, int]] = []
    if not _HINT.search(text):
        return found
    for kind, pattern in _looks():
        if kind:
            found += [(kind, *match.span()) for match in pattern.finditer(text)]
        text = pattern.sub(_out_of_sight, text)
    return found
