"""Codes that a Vietnamese input method rewrote while they were typed.

Telex spells a mark by a letter (`AW` is Ă, `ES` is É, `DD` is Đ), VNI by a digit (`A8`, `E1`, `D9`). A code
is no word, yet whoever types it with the method switched on gets marks where such a pair stood, and a sign is
missing. The mark tells which sign; where in its syllable it was typed it does not tell, since both methods
take it until the syllable ends. So a rewritten code has several readings. A sign can also go without a
trace: typed twice it undoes its mark, and a second tone takes the first one's place.
(The keys are those of UniKey's manual, and of TCVN 6064 and RFC 1456 for VNI-like spellings.)
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import chain, combinations_with_replacement, islice, product

from homthu.record import record

#: The most readings made, in case somebody crafts a text to have many.
_MOST = 5_000
_PART = 4
_TONES = "\u0301\u0300\u0309\u0303\u0323"
_BREVE, _HORN, _CIRCUMFLEX, _STROKE = "\u0306", "\u031b", "\u0302", "\u0335"
#: A W alone is a vowel in Telex.
_VOWELS = "AEIOUYW"
_KEYS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


@record
class _Method:
    """How a method spells: the key of each mark, its tones, the key that takes a tone away, and whether a
    digit ends a syllable or may be a key of it."""

    keys: dict[str, str]
    tones: str
    undo: str
    others: str


_TELEX = _Method(
    keys={**dict(zip(_TONES, "SFRXJ", strict=True)), _BREVE: "W", _HORN: "W", _STROKE: "D"},
    tones="SFRXJ",
    undo="Z",
    others="AEODW",
)
_VNI = _Method(
    keys={**dict(zip(_TONES, "12345", strict=True)), _BREVE: "8", _HORN: "7", _CIRCUMFLEX: "6", _STROKE: "9"},
    tones="12345",
    undo="0",
    others="6789",
)


def readings(text: str, length: int) -> Iterator[str]:
    """The codes of this length that may have been typed, in capitals without separators; likeliest first.

    Empty where no input method can have rewritten the text. If the separators are left out, and with them the
    ends of the syllables, there may be thousands.
    """
    decomposed = unicodedata.normalize("NFD", text.upper()).replace("Đ", "D" + _STROKE)
    parts = [part for part in re.split(r"[^0-9A-Z\u0300-\u036f]+", decomposed) if part]
    wanted = [_PART] * len(parts) if len(parts) * _PART == length else [length]
    parts = parts if len(wanted) > 1 else ["".join(parts)]
    found = chain.from_iterable(
        map("".join, product(*(_typed(part, size, method) for part, size in zip(parts, wanted, strict=True))))
        for method in (_TELEX, _VNI)
    )
    return iter(dict.fromkeys(islice(found, _MOST)))


def _typed(part: str, size: int, method: _Method) -> list[str]:
    """The readings of one part; first those that explain every mark by one character."""
    letters, keys = _taken_apart(part, method)
    lost = size - len(letters) - len(keys)
    if not 0 <= lost <= 2:
        return []
    made: dict[str, None] = {}
    for more in _traceless(letters, keys, lost, method):
        texts = [letters]
        for key in (*keys, *more):
            texts = list(
                dict.fromkeys(islice(chain.from_iterable(_with(text, key) for text in texts), _MOST))
            )
        made |= dict.fromkeys(text.translate(_PLAIN) for text in texts)
        if len(made) >= _MOST:
            break
    return list(made)


def _taken_apart(part: str, method: _Method) -> tuple[str, list[str]]:
    """The letters without diacritics, and the key for each diacritic."""
    letters, keys = "", []
    for sign in part:
        if not unicodedata.combining(sign):
            # No code holds a U: in Telex a W alone made it, with its horn or, typed twice, without.
            letters += "W" if sign == "U" and method is _TELEX else sign
        elif not (sign == _HORN and letters.endswith("W")):
            # In Telex a circumflex is the letter typed again.
            keys.append(method.keys.get(sign, letters[-1:]))
    return letters, keys


def _traceless(letters: str, keys: list[str], lost: int, method: _Method) -> Iterable[tuple[str, ...]]:
    """The characters that may have vanished without a mark: one typed twice, one replaced, one removed."""
    if not lost:
        return [()]
    doubled = [sign for sign in dict.fromkeys(letters) if sign in method.tones + method.others]
    replaced = list(method.tones) if any(key in method.tones for key in keys) else []
    single = dict.fromkeys([*doubled, *replaced])
    if lost == 1:
        return [(sign,) for sign in single]
    return [*((tone, method.undo) for tone in method.tones), *combinations_with_replacement(single, 2)]


def _with(letters: str, key: str) -> Iterator[str]:
    """The letters with a key inserted after one that it can have marked, before the end of the syllable."""
    bearers = "D" if key in "D9" else _VOWELS
    places = set()
    for start in (at for at, letter in enumerate(letters) if letter in bearers):
        # A digit that is still there ended the syllable; one that was a key is spelt apart until all are in.
        ends = next((at for at in range(start + 1, len(letters)) if letters[at].isdecimal()), len(letters))
        places |= set(range(start + 1, ends + 1))
    yield from (letters[:at] + key.translate(_KEYS) + letters[at:] for at in sorted(places))
