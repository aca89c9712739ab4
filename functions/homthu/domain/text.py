"""What people typed, made safe to store and to show without changing what it says."""

import re
import unicodedata

#: Zero-width joiner and variation selector belong to emoji; everything else unseen goes.
_KEPT_FORMAT = {"\u200d"}
_DROPPED_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
#: Of what Unicode has not assigned yet: what it never will (noncharacters), and what it keeps for characters
#: that are not seen (Default_Ignorable_Code_Point). The rest may be an emoji newer than this Python.
#: Ranges, as a pattern of them would take longer to compile than any other, at each start.
_NEVER_SEEN = (
    range(0x2065, 0x2066),
    range(0xFDD0, 0xFDF0),
    range(0xFFF0, 0xFFF9),
    range(0xE0000, 0xE1000),
)
_MAX_MARKS = 4
_MAX_NEWLINES = 3
#: Latin letters, Vietnamese ones with their marks, and usual punctuation: nothing of it is dropped or a mark.
_ORDINARY = re.compile("[\n -~\u00a0-\u00ac\u00ae-\u02ff\u1e00-\u1eff\u2010-\u2027]*")
#: Every mark of Vietnamese is among them.
_COMMON_MARKS = re.compile("[\u0300-\u034e\u0350-\u036f]+")
_NEWLINES = re.compile(rf"\n{{{_MAX_NEWLINES + 1},}}")
_SPACES = re.compile(r"[^\S\n]+")


def clean(text: str) -> str:
    """Normalise once, at the door: NFC, no control, bidi or private characters, no stacked marks.

    Ordinary Vietnamese comes out as it went in, typed in NFC or NFD; tone placement («hoà»,
    «hòa») is never touched. Applying it twice changes nothing more.
    """
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    text = unicodedata.normalize("NFC", text)
    if not _ORDINARY.fullmatch(text):
        # Rarely needed, and the slowest part of accepting a submission.
        text = _limit_marks("".join(c for c in text if _is_kept(c)))
        text = unicodedata.normalize("NFC", text)
    text = "\n".join(line.strip() for line in _SPACES.sub(" ", text).split("\n"))
    return _NEWLINES.sub("\n" * _MAX_NEWLINES, text).strip()


def _is_kept(character: str) -> bool:
    if character == "\n" or character in _KEPT_FORMAT:
        return True
    category = unicodedata.category(character)
    if category == "Cn":
        code = ord(character)
        return code & 0xFFFE != 0xFFFE and not any(code in unseen for unseen in _NEVER_SEEN)
    return category not in _DROPPED_CATEGORIES


def _limit_marks(text: str) -> str:
    kept: list[str] = []
    run = 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        if run <= _MAX_MARKS:
            kept.append(character)
    return "".join(kept)


def clean_line(text: str) -> str:
    """The same for a text of one line."""
    return clean(text).replace("\n", " ")


def fold(text: str) -> str:
    """Lower case without diacritics, for comparing only: «Đã hoà» and «da hòa» meet.

    `đ` does not decompose in Unicode, so it is mapped by hand.
    """
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    decomposed = _COMMON_MARKS.sub("", decomposed)
    if decomposed.isascii():
        # The shortcut for nearly every text: the loop below would take most of a large week's report.
        return decomposed
    return "".join(c for c in decomposed if not unicodedata.combining(c))


#: Grave, tilde, acute, hook above and dot below: the tones, as against the marks that make other vowels.
_TONES = "\u0300\u0303\u0301\u0309\u0323"


def spelling(text: str) -> str:
    """A name as it is read, for comparing only: «Thôn Hoà» and «thôn  Hòa» meet, «Hà» and «Hạ» do not.

    Case, spaces and the letter that carries the tone do not matter; every mark does.
    """
    words = unicodedata.normalize("NFD", text.casefold()).split()
    return " ".join("".join(sorted(word, key=_TONES.__contains__)) for word in words)
