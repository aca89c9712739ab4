"""Telex and VNI as a Vietnamese input method types them, for text that is no word: the marks that keys make.

Written from UniKey's manual: a key marks the syllable that is being typed, wherever its vowel stands in it;
a tone replaces another; a key pressed again takes its mark back and stands for itself, after which the
syllable is left alone; Z or 0 takes a tone away; in Telex a W without a vowel is Ư. A digit (in VNI one that
marks nothing), a hyphen or a space ends the syllable.
"""

import unicodedata
from dataclasses import dataclass, field

TONES = dict(zip("SFRXJ", "\u0301\u0300\u0309\u0303\u0323", strict=True))
_VNI_TONES = dict(zip("12345", TONES.values(), strict=True))
_BREVE, _HORN, _CIRCUMFLEX, _STROKE = "\u0306", "\u031b", "\u0302", "\u0335"
_SHAPES = {"6": ("AEO", _CIRCUMFLEX), "7": ("OU", _HORN), "8": ("A", _BREVE), "9": ("D", _STROKE)}
_VOWELS = "AEIOUY"


@dataclass
class _Letter:
    base: str
    shape: str = ""

    def shown(self, tone: str) -> str:
        if self.shape == _STROKE:
            return "Đ"
        return unicodedata.normalize("NFC", self.base + self.shape + tone)


@dataclass
class _Syllable:
    letters: list[_Letter] = field(default_factory=list)
    tone: str = ""
    is_left_alone: bool = False

    def vowels(self) -> list[int]:
        return [at for at, letter in enumerate(self.letters) if letter.base in _VOWELS]

    def add(self, base: str, shape: str = "") -> None:
        self.letters.append(_Letter(base, shape))

    def shown(self) -> str:
        vowels = self.vowels()
        shaped = [at for at in vowels if self.letters[at].shape]
        bearer = shaped[-1] if shaped else vowels[0] if vowels else -1
        if not shaped and len(vowels) > 1 and vowels[-1] < len(self.letters) - 1:
            bearer = vowels[-1]
        return "".join(
            letter.shown(self.tone if at == bearer else "") for at, letter in enumerate(self.letters)
        )

    def set_tone(self, key: str, tone: str) -> bool:
        if not self.vowels():
            return False
        if self.tone == tone:
            self.tone, self.is_left_alone = "", True
            self.add(key)
        else:
            self.tone = tone
        return True

    def set_shape(self, key: str, bases: str, shape: str) -> bool:
        for letter in reversed(self.letters):
            if letter.base in bases:
                if letter.shape == shape:
                    letter.shape, self.is_left_alone = "", True
                    self.add(key)
                else:
                    letter.shape = shape
                return True
        return False


def telex(text: str) -> str:
    """What stands in a field after these keys, in capitals."""
    done, now = "", _Syllable()
    for key in text.upper():
        if not key.isalpha():
            done, now = done + now.shown() + key, _Syllable()
        elif now.is_left_alone or not _telex_marks(now, key):
            now.add(key)
    return done + now.shown()


def _telex_marks(now: _Syllable, key: str) -> bool:
    if key in TONES:
        return now.set_tone(key, TONES[key])
    if key == "Z" and now.tone:
        now.tone = ""
        return True
    if key in "AEO":
        return now.set_shape(key, key, _CIRCUMFLEX)
    if key == "D":
        return now.set_shape(key, "D", _STROKE)
    if key == "W":
        if now.letters and (now.letters[-1].base, now.letters[-1].shape) == ("U", _HORN):
            now.letters[-1] = _Letter("W")
            now.is_left_alone = True
            return True
        vowel = next((letter for letter in reversed(now.letters) if letter.base in "AOU"), None)
        if vowel:
            return now.set_shape(key, vowel.base, _BREVE if vowel.base == "A" else _HORN)
        now.add("U", _HORN)
        return True
    return False


def vni(text: str) -> str:
    """What stands in a field after these keys, in capitals."""
    done, now = "", _Syllable()
    for key in text.upper():
        if key.isalpha():
            now.add(key)
        elif now.is_left_alone or not _vni_marks(now, key):
            done, now = done + now.shown() + key, _Syllable()
    return done + now.shown()


def _vni_marks(now: _Syllable, key: str) -> bool:
    if key in _VNI_TONES:
        return now.set_tone(key, _VNI_TONES[key])
    if key == "0" and now.tone:
        now.tone = ""
        return True
    return key in _SHAPES and now.set_shape(key, *_SHAPES[key])
