"""Finding and masking what names a person: telephone numbers, identity numbers, e-mail addresses.

The citizen is asked before such a text is stored, and never refused; reports show it masked.
Telephone shapes: Vietnamese mobile prefixes 03, 05, 07, 08, 09 and landlines 02, with +84 or 84
for the leading zero. Identity numbers: 12 digits (căn cước) or 9 (the older card).
"""

import re
from enum import StrEnum


class PersonalData(StrEnum):
    """What sort of personal data was seen."""

    PHONE = "phone"
    IDENTITY = "identity"
    EMAIL = "email"


_GAP = r"[\s.\-]{0,2}"
_PATTERNS = {
    PersonalData.EMAIL: re.compile(r"[\w.+%-]{1,64}\s?@\s?[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}"),
    PersonalData.PHONE: re.compile(
        rf"(?<!\d)(?:\+?84{_GAP}|0)(?:[35789](?:{_GAP}\d){{8}}|2(?:{_GAP}\d){{8,9}})(?!\d)"
    ),
    PersonalData.IDENTITY: re.compile(rf"(?<!\d)\d(?:(?:{_GAP}\d){{11}}|(?:{_GAP}\d){{8}})(?!\d)"),
}
#: What each of them needs: an at sign, or nine digits close together. Few texts have either.
_HINT = re.compile(r"@|\d(?:\D{0,2}\d){8}")
MASK = "[…]"


def find_personal_data(text: str) -> tuple[PersonalData, ...]:
    """The sorts of personal data that the text seems to hold."""
    if not _HINT.search(text):
        return ()
    return tuple(kind for kind, pattern in _PATTERNS.items() if pattern.search(text))


def mask_personal_data(text: str) -> str:
    """The text with each such number or address replaced by `[…]`."""
    for pattern in _PATTERNS.values():
        text = pattern.sub(MASK, text)
    return text
