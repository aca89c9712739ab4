"""Shortens what people wrote to what fits."""

from homthu.render.marks import unmarked


def shorten(text: str, characters: int) -> str:
    """The start of a text, or all of it if it has no more than this many characters.

    It ends between words if there is a gap not too far back; a text without gaps ends anywhere. Raise
    `ValueError` for marked words: an unpaired mark would be left.
    """
    if unmarked(text) != text:
        raise ValueError("words are shortened before they are marked")
    if len(text) <= characters:
        return text
    start = text[: characters + 1]
    gap = start.rfind(" ", characters // 2)
    return start[: gap if gap > 0 else characters].rstrip(" ,;.")
