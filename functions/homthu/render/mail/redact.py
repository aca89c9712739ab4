"""Removes somebody's words from a mail without quotations of its own: one that was frozen before there were
commitments, or lies in an outbox.

The words are found in every form that the mail may have them in: whole or cut, masked, with addresses
defanged, broken into lines or elements, escaped. Everything else in the mail stays as it is, byte for byte
once decoded.
"""

import re
from collections.abc import Iterable, Iterator

from homthu.domain.submissions.personal_data import mask_asked_data, mask_personal_data
from homthu.domain.text import clean
from homthu.render.defang import defang
from homthu.render.mail.message import SALT_HEADER
from homthu.render.mail.pieces import Piece, changed

#: This many words may be one person's own; fewer are searched for only as the whole of an element or line.
_TELLING = 3
#: This many of somebody's first words are theirs even where nothing shows that the text was cut.
_UNMISTAKABLE = 8
_ESCAPED = {
    "&": "(?:&amp;|&#38;|&)",
    "<": "(?:&lt;|&#60;|<)",
    ">": "(?:&gt;|&#62;|>)",
    '"': '(?:&quot;|&#34;|&#x22;|")',
    "'": "(?:&apos;|&#39;|&#x27;|')",
}
#: What may stand between two words: space, and the mark before a quoted line, in old mails a bar; where
#: there are tags, these and escaped line breaks as well.
_GAP_IN_TEXT = re.compile(r"[\s|>]+")
_GAP = re.compile(r"(?:\s|<[^<>]*>|&#(?:9|10|13|160|x9|xA|xD|xA0);|&nbsp;|_x000[AD]_|\|)+")
_CUT = re.compile(r"(?:\s|\||>|<[^<>]*>)*(?:\[?…\]?|\.\.\.)")
_BEGINS, _ENDS = re.compile(r"[>“\"«|\n]\s*\Z"), re.compile(r"\s*(?:[<”\"»\n]|\Z)")
_LOOKED_BACK = 80


def redact(message: bytes, texts: Iterable[str], notice: str) -> bytes:
    """The mail with `notice` wherever it held one of these texts; the same bytes if it held none.

    `message` is a whole mail of ours, addressed or not.
    """
    readings = [reading for text in texts for reading in _readings(text)]
    if not readings:
        return message

    def change(piece: Piece) -> bytes:
        gap = _GAP_IN_TEXT if piece.is_plain else _GAP
        return _without(piece.content.decode("utf-8", "replace"), readings, gap, notice).encode()

    return changed(message, change, without=(SALT_HEADER,))


def _readings(text: str) -> list[list[re.Pattern[str]]]:
    """A pattern for each of the forms in which a mail may hold the words."""
    cleaned = clean(text)
    said = (mask_personal_data(cleaned), mask_asked_data(cleaned), cleaned)
    forms = dict.fromkeys(form for one in said for form in (defang(one), one))
    return [[_pattern(word) for word in form.split()] for form in forms if form.split()]


def _pattern(word: str) -> re.Pattern[str]:
    return re.compile("".join(_ESCAPED.get(sign, re.escape(sign)) for sign in word))


def _without(source: str, readings: list[list[re.Pattern[str]]], gap: re.Pattern[str], notice: str) -> str:
    ends: dict[int, int] = {}
    for words in readings:
        for start, end in _places(source, words, gap):
            # One reading may go on where another met something else.
            ends[start] = max(end, ends.get(start, 0))
    pieces, done = [], 0
    for start, end in sorted(ends.items()):
        if start >= done:
            pieces += [source[done:start], notice, *_tags(source[start:end], gap)]
            done = end
    return "".join([*pieces, source[done:]])


def _tags(source: str, gap: re.Pattern[str]) -> list[str]:
    """The tags between words, which must stay for elements to stay whole."""
    return [] if gap is _GAP_IN_TEXT else re.findall(r"<[^<>]*>", source)


def _places(source: str, words: list[re.Pattern[str]], gap: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    for first in words[0].finditer(source):
        end, found = first.end(), 1
        for word in words[1:]:
            space = gap.match(source, end)
            after = word.match(source, space.end()) if space else None
            if after is None:
                break
            end, found = after.end(), found + 1
        if _is_theirs(source, first.start(), end, found, len(words)):
            yield first.start(), end


def _is_theirs(source: str, start: int, end: int, found: int, of: int) -> bool:
    """Whether this many words at the beginning of somebody's text are certainly theirs."""
    if found < of:
        return found >= _UNMISTAKABLE or (found >= _TELLING and bool(_CUT.match(source, end)))
    if of >= _TELLING:
        return True
    is_begun = start == 0 or _BEGINS.search(source, max(0, start - _LOOKED_BACK), start)
    return bool(is_begun and _ENDS.match(source, end))
