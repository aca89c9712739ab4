"""Separates the quotations of a mail from the rest of it, removes one, and says what a digest covers."""

import re
from collections.abc import Callable, Collection
from html import unescape

from homthu.domain.reports.quotations import Place, Quotations
from homthu.render.mail.pieces import Piece, changed, pieces_of
from homthu.render.marks import marked_words

#: The number of random bytes in the salt of a commitment.
_SALT_BYTES = 16
_TAG = re.compile(r"<[^<>]*>")


def separate(marked: bytes, random_bytes: Callable[[int], bytes]) -> tuple[bytes, Quotations]:
    """The mail without its marks, and what they marked. Raise `ValueError` for an unpaired mark."""
    places: list[Place] = []

    def change(piece: Piece) -> bytes:
        whole, at = [], 0
        for id, text in marked_words(piece.content.decode("utf-8", "surrogateescape")):
            words = text.encode("utf-8", "surrogateescape")
            whole.append(words)
            if id:
                salt = random_bytes(_SALT_BYTES).hex()
                places.append(Place.of(piece.label, at, id, words, salt))
            else:
                at += len(words)
        return b"".join(whole)

    return changed(marked, change), Quotations(tuple(places))


def covered(content: bytes, quotations: Quotations) -> str:
    """What the report's digest covers of its mail; empty if a quotation is not the one committed to."""
    return quotations.digest((piece.label, piece.content) for piece in pieces_of(content))


def without_words_of(
    content: bytes, quotations: Quotations, ids: Collection[str], notice: str
) -> tuple[bytes, Quotations]:
    """The mail and its quotations with a notice for each of these submissions."""
    return _without(content, quotations, quotations.of(ids), notice)


def without_words_like(
    content: bytes, quotations: Quotations, id: str, is_said: Callable[[str], bool], notice: str, *, sake: str
) -> tuple[bytes, Quotations]:
    """The mail and its quotations with a notice for those words of one submission that another one said, for
    whose sake they go."""
    pieces = ((piece.label, piece.content) for piece in pieces_of(content))
    gone = quotations.where(id, pieces, lambda words: is_said(_read(words)))
    return _without(content, quotations, gone, notice, sake)


def _without(
    content: bytes, quotations: Quotations, gone: Collection[Place], notice: str, sake: str = ""
) -> tuple[bytes, Quotations]:
    after, change = quotations.erase(gone, notice, sake)
    return changed(content, lambda piece: change(piece.label, piece.content)), after


def _read(words: bytes) -> str:
    """Quoted words as they are read, without the layout."""
    return unescape(_TAG.sub(" ", words.decode("utf-8", "replace")))
