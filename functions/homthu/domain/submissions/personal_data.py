"""Finding and masking what names a person: telephone numbers, identity numbers, e-mail addresses.

The citizen is asked before such a text is stored, and never refused; reports show it masked.
Telephone shapes: Vietnamese mobile prefixes 03, 05, 07, 08, 09 and landlines 02, with +84 or 84
for the leading zero. Identity numbers: 12 digits (căn cước) or 9 (the older card).
"""

import re
from enum import StrEnum
from functools import cache


class PersonalData(StrEnum):
    """What sort of personal data was seen."""

    PHONE = "phone"
    IDENTITY = "identity"
    EMAIL = "email"


#: What may stand between two digits of one number. A comma only by itself: with a space it parts a list.
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
    """Amounts and ranges of them. Those of 100 to 999 million đồng have the nine digits of an older card."""
    amount = r"[1-9](?:\d{0,2}(?:[.,\s]\d{3}){1,4}|\d{0,14})"
    # Not «đ/c», «đồng chí» and the like, which may well follow somebody's number.
    words = "chí|chi|ý|y|nghiệp|nghiep|bào|bao|hương|huong|đội|doi|thời|thoi|đăng|dang"
    currency = rf"(?:vn[đd]|₫|[đd]ồng(?!\s+(?:{words})\b)|dong(?!\s+(?:{words})\b)|[đd](?!/c))(?!\w)"
    priced = rf"(?<![\d+]){amount}(?:\s?[-\u2013]\s?{amount})?\s{{0,2}}{currency}"
    # A thousand million and more, and a range, are known by their groups of three alone.
    large = []
    for sign in (r"\.", ","):
        one, more = r"[1-9]\d{0,2}", rf"(?:{sign}\d{{3}})"
        large.append(rf"(?<!\d){one}(?:{more}{{3,5}}|{more}{{1,5}}\s?[-\u2013]\s?{one}{more}{{1,5}})(?!\d)")
    return "|".join((priced, *large))


# Compiled, in 10 ms, for the first text that may hold something, and not at every start.
@cache
def _looks() -> tuple[tuple[PersonalData | None, re.Pattern[str]], ...]:
    """In the order of looking. What is seen, and what has no kind, is out of sight of the ones below it."""
    phone = (
        r"(?<!\d)(?:\((?=\+?\d{2,5}\)))?"
        rf"(?<!\d)(?:(?:\+|00)?84{_GAP}(?:0{_GAP})?|0{_GAP})"
        rf"(?:[35789](?:{_GAP}\d){{8}}|2(?:{_GAP}\d){{8,9}})(?!\d)"
    )
    # Written apart, twelve digits begin with the 0 of every căn cước; else three years in a row would do.
    identity = rf"(?<!\d)(?:0(?:{_GAP}\d){{11}}|\d{{12}}|\d(?:{_GAP}\d){{8}})(?!\d)"
    return (
        (PersonalData.EMAIL, re.compile(r"[\w.+%-]{1,64}\s?@\s?[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")),
        (None, re.compile(_dossiers(), re.IGNORECASE)),
        (None, re.compile(_dates())),
        (PersonalData.PHONE, re.compile(phone)),
        (None, re.compile(_sums(), re.IGNORECASE)),
        (PersonalData.IDENTITY, re.compile(identity)),
    )


#: What each of them needs: an at sign, or nine digits close together. Few texts have either.
_HINT = re.compile(r"@|\d(?:\D{0,3}\d){8}")
MASK = "[…]"


def find_personal_data(text: str) -> tuple[PersonalData, ...]:
    """The sorts of personal data that the text seems to hold."""
    return tuple(dict.fromkeys(kind for kind, _, _ in _find(text)))


def mask_personal_data(text: str) -> str:
    """The text with each such number or address replaced by `[…]`."""
    for _, start, end in sorted(_find(text), key=lambda found: found[1], reverse=True):
        text = text[:start] + MASK + text[end:]
    return text


def _find(text: str) -> list[tuple[PersonalData, int, int]]:
    """Each number or address, and where it starts and ends."""
    found: list[tuple[PersonalData, int, int]] = []
    if not _HINT.search(text):
        return found
    for kind, pattern in _looks():
        if kind:
            found += [(kind, *match.span()) for match in pattern.finditer(text)]
        # As long as before, so that places stay where they are; and no number goes through letters.
        text = pattern.sub(lambda match: "x" * len(match[0]), text)
    return found
