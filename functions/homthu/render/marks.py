"""Marks around what citizens wrote, in a mail that is being made: whose words are where.

With them each quotation is committed to by itself when the mail is frozen, and they are gone by then
(`homthu.render.mail.quotations`). They are private characters of Unicode, which nobody can send
(`homthu.domain.text.clean`) and which every format in a mail writes unchanged.
"""

import re

_OPEN, _CLOSE = "\ue000", "\ue001"
#: An id's ASCII letters and digits, each as the private character so far above.
_ABOVE = 0xE100
_MARK = re.compile(f"[{_OPEN}{_CLOSE}{chr(_ABOVE)}-{chr(_ABOVE + 127)}]+")


def mark(id: str, text: str) -> str:
    """The text, marked as the words of a submission; nothing if it is empty."""
    if not text:
        return ""
    return f"{_OPEN}{''.join(chr(_ABOVE + ord(sign)) for sign in id)}{text}{_CLOSE}"


def unmarked(text: str) -> str:
    """The text as it will be read, for measuring it."""
    return _MARK.sub("", text)


def is_mark(sign: str) -> bool:
    """Whether a character belongs to a mark."""
    return _OPEN <= sign <= chr(_ABOVE + 127)


def marked_words(text: str) -> list[tuple[str, str]]:
    """The pieces of the text, each with the id of its author's submission, or none.

    Raise `ValueError` if a mark is unpaired.
    """
    pieces = []
    for number, piece in enumerate(text.split(_OPEN)):
        marked, end, after = piece.partition(_CLOSE)
        if (number > 0) != bool(end) or _CLOSE in after:
            raise ValueError("a mark without its other half")
        if number:
            words = _MARK.sub("", marked)
            pieces.append(
                ("".join(chr(ord(sign) - _ABOVE) for sign in marked[: len(marked) - len(words)]), words)
            )
        else:
            after = piece
        pieces.append(("", after))
    return pieces
