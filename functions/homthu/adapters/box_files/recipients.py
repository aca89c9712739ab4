"""Reads whom a box writes to: names and addresses that fit into a mail's header."""

from collections.abc import Sequence

from homthu.adapters.box_files.reader import Reader, note_repeats
from homthu.domain.boxes.box import Recipient
from homthu.domain.mail_address import MOST_ADDRESS, is_mail_address

KEYS = ("name", "email")
#: So many bytes of UTF-8 fit into one encoded word of a mail header (RFC 2047); longer names are
#: folded, which mail programs get wrong.
MOST_NAME_BYTES = 45
_NAME_MARKS = frozenset(" .,/()-&'")


def read_recipients(readers: Sequence[Reader]) -> tuple[Recipient, ...]:
    """Every recipient; an address may stand once, however its letters are written."""
    recipients = tuple(read_recipient(reader) for reader in readers)
    note_repeats(readers, "email", [recipient.email.lower() for recipient in recipients])
    return recipients


def read_recipient(reader: Reader) -> Recipient:
    """One who is written to."""
    name = reader.text("name", most=200)
    if any(not (c.isalpha() or c.isdecimal() or c in _NAME_MARKS) for c in name):
        reader.note("name", "bad_name", value=name)
    elif len(name.encode()) > MOST_NAME_BYTES:
        reader.note("name", "name_too_long", value=name, count=len(name.encode()), most=MOST_NAME_BYTES)
    return Recipient(name=name, email=_read_address(reader))


def _read_address(reader: Reader) -> str:
    address = reader.text("email", most=MOST_ADDRESS)
    if not address or is_mail_address(address):
        return address
    reader.note("email", "bad_address", value=address)
    return ""
