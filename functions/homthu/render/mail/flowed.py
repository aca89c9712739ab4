"""Text as `format=flowed` (RFC 3676): a phone breaks its lines where its own screen ends.

A program that does not know the format shows lines of at most `WIDTH` characters and the space at their
ends, which nobody sees.
"""

import re

from homthu.render.marks import is_mark

#: RFC 3676, 4.2 recommends 66 to 72 characters before the space of a soft break.
WIDTH = 72
_QUOTED = re.compile(r"(>+)(?: (.*))?", re.DOTALL)
#: What would be taken for a quotation, for a soft break's end or, by old mailboxes, for a new message.
_STUFFED = (" ", ">", "From ")


def flowed(text: str) -> str:
    """The text with soft breaks; a line that begins with «> » is quoted, and so are its continuations."""
    return "\n".join(_flow(line) for line in text.split("\n"))


def _flow(line: str) -> str:
    # A space before a line's own end would join it to the next one.
    line = line.rstrip(" ")
    if quoted := _QUOTED.fullmatch(line):
        mark, words = quoted[1], quoted[2] or ""
        return " \n".join(f"{mark} {piece}" for piece in _broken(words, WIDTH - len(mark))).rstrip(" ")
    return " \n".join(_stuffed(piece) for piece in _broken(line, WIDTH))


def _broken(line: str, width: int) -> list[str]:
    """The line broken at single spaces; a longer word, such as a link, stays whole."""
    pieces, start, space, unseen = [], 0, -1, 0
    for at, letter in enumerate(line):
        unseen += is_mark(letter)
        if at - start - unseen > width and space >= 0:
            pieces.append(line[start:space])
            start, space = space + 1, -1
            unseen = sum(map(is_mark, line[start : at + 1]))
        if letter == " " and at > start and line[at - 1] != " " and line[at + 1] != " ":
            space = at
    return [*pieces, line[start:]]


def _stuffed(line: str) -> str:
    return f" {line}" if line.startswith(_STUFFED) else line
