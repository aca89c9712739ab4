"""A recipient's own link to the desk, put into a frozen mail when it is addressed, and taken out again.

The frozen mail leads to the desk's door, the same for everybody, so that the report's digest and its
quotations know nothing of recipients.
"""

import re
from collections.abc import Callable

from homthu.render.mail.pieces import Piece, texts_changed

DESK = "/xu-ly"
#: In HTML every attribute is ours: what citizens wrote has its quotation marks escaped.
_IN_HTML = re.compile(rb'(href=")https?://[^"/\s]+/xu-ly(?=")')
#: In plain text the first one, which is above all quotations.
_IN_TEXT = re.compile(rb"()https?://[^/\s]+/xu-ly(?=\s|\Z)")
_OWN = re.compile(rb"(https?://[^/\"\s]+/xu-ly)/[A-Za-z0-9_-]+")


def with_link(content: bytes, link: str) -> bytes:
    """The frozen mail with this link to the desk; nothing but the link differs in what it says."""
    return texts_changed(content, _putting(link))


def without_links(piece: bytes) -> bytes:
    """A text of a mail as it was frozen."""
    return _OWN.sub(rb"\g<1>", piece)


def _putting(link: str) -> Callable[[Piece], bytes]:
    def change(piece: Piece) -> bytes:
        pattern, most = (_IN_TEXT, 1) if piece.is_plain else (_IN_HTML, 0)
        return pattern.sub(rb"\g<1>" + link.encode(), piece.content, count=most)

    return change
