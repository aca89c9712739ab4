"""A whole mail of ours as the pieces it shows, and the same mail with some of them changed.

A piece is a text of the mail, or a member of a letter or a workbook, however it is encoded, compressed and
delimited.
"""

from base64 import encodebytes
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.generator import BytesGenerator
from email.message import Message
from email.policy import compat32
from hashlib import sha256
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

#: These describe the structure of a mail, and are written again when a piece changes.
_ABOUT_FORM = {"content-type", "content-transfer-encoding", "mime-version"}


@dataclass(frozen=True, slots=True)
class Piece:
    """One of a mail's pieces: `label` identifies it."""

    label: str
    content: bytes

    @property
    def is_plain(self) -> bool:
        """Whether it is text without markup."""
        return self.label.endswith("text/plain")


#: Gives a piece's new content, or the same.
Change = Callable[[Piece], bytes]


def pieces_of(message: bytes) -> list[Piece]:
    """Every piece of a mail in order, the headers first."""
    parsed = message_from_bytes(message)
    headers = [f"{name}: {value}" for name, value in parsed.items() if name.lower() not in _ABOUT_FORM]
    found = [Piece("headers", "\r\n".join(headers).encode("utf-8", "surrogateescape"))]
    for number, part in enumerate(_leaves(parsed)):
        found += _pieces(number, part)
    return found


def changed(message: bytes, change: Change, *, without: tuple[str, ...] = ()) -> bytes:
    """The mail with its texts and XML changed, and then without some headers; else the same bytes."""
    parsed = message_from_bytes(message)
    # Each is tried: `any` over a generator would stop at the first that changes.
    are_changed = [_change_part(number, part, change) for number, part in enumerate(_leaves(parsed))]
    if not any(are_changed):
        return message
    _renew_boundaries(parsed)
    for header in without:
        del parsed[header]
    return _flattened(parsed)


def texts_changed(message: bytes, change: Change) -> bytes:
    """The mail with its texts changed and its files as they are; else the same bytes."""
    parsed = message_from_bytes(message)
    texts = [
        (number, part)
        for number, part in enumerate(_leaves(parsed))
        if part.get_content_maintype() == "text" and not part.get_filename()
    ]
    are_changed = [_change_part(number, part, change) for number, part in texts]
    return _flattened(parsed) if any(are_changed) else message


def _flattened(parsed: Message) -> bytes:
    buffer = BytesIO()
    policy = compat32.clone(linesep="\r\n", max_line_length=None)
    BytesGenerator(buffer, mangle_from_=False, policy=policy).flatten(parsed)
    return buffer.getvalue()


def _leaves(message: Message) -> Iterator[Message]:
    return (part for part in message.walk() if not part.is_multipart())


def _label(number: int, part: Message) -> str:
    return f"{number} {part.get_filename() or ''} {part.get_content_type()}"


def _content(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _pieces(number: int, part: Message) -> list[Piece]:
    content, label = _content(part), _label(number, part)
    if part.get_content_maintype() == "text":
        return [Piece(label, content)]
    return [Piece(f"{label} {info.filename}", data) for info, data in _members(content)] or [
        Piece(label, content)
    ]


def _members(content: bytes) -> list[tuple[ZipInfo, bytes]]:
    """The members of a letter or a workbook; nothing if it is neither."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            return [(info, archive.read(info)) for info in archive.infolist()]
    except BadZipFile:
        return []


def _change_part(number: int, part: Message, change: Change) -> bool:
    """Change one part; whether it changed."""
    content, label = _content(part), _label(number, part)
    if part.get_content_maintype() == "text":
        new = change(Piece(label, content))
    else:
        new = _change_members(content, label, change)
    if new == content:
        return False
    del part["Content-Transfer-Encoding"]
    part["Content-Transfer-Encoding"] = "base64"
    part.set_payload(encodebytes(new).decode("ascii"))
    return True


def _change_members(content: bytes, label: str, change: Change) -> bytes:
    before = _members(content)
    after = [
        (info, change(Piece(f"{label} {info.filename}", data)) if info.filename.endswith(".xml") else data)
        for info, data in before
    ]
    if after == before:
        return content
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for info, member in after:
            new = ZipInfo(info.filename, info.date_time)
            new.compress_type, new.external_attr = info.compress_type, info.external_attr
            archive.writestr(new, member)
    return buffer.getvalue()


def _renew_boundaries(message: Message) -> None:
    """Renew the boundaries, which were made from the words: they would confirm a guess at these."""
    leaves = [str(part.get_payload()) for part in _leaves(message)]
    token = sha256("\0".join(leaves).encode("utf-8", "replace")).hexdigest()[:32]
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"=_changed_{number}_{token}")
