"""Mails as files in a folder: what an office without a mail service starts with.

Each is an `.eml` for a mail program, with the same as `.html` beside it, which any browser opens.
"""

import errno
import os
import re
import tempfile
from collections.abc import Callable, Sequence
from email import message_from_bytes
from email.parser import BytesHeaderParser
from hashlib import sha256
from pathlib import Path

from homthu.adapters.whole_file import make_folder, replace_whole
from homthu.domain.mail_cause import MailCause
from homthu.ports import MailBlocked

_REASONS = {
    errno.ENOSPC: MailCause.OUTBOX_FULL,
    errno.EDQUOT: MailCause.OUTBOX_FULL,
    errno.EFBIG: MailCause.OUTBOX_FULL,
    errno.EROFS: MailCause.OUTBOX_READ_ONLY,
    errno.EACCES: MailCause.OUTBOX_READ_ONLY,
    errno.EPERM: MailCause.OUTBOX_READ_ONLY,
}


class OutboxMailer:
    """Writes each mail whole or not at all; writing the same mail again replaces the same file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def check(self, *, sender: str, recipients: Sequence[str], size_bytes: int) -> None:
        """Write a file of this size and delete it, in the folder or where it will be. Raise `MailError`."""
        try:
            with tempfile.TemporaryFile(dir=_existing(self._folder)) as trial:
                trial.write(bytes(size_bytes))
                trial.flush()
                os.fsync(trial.fileno())
        except OSError as error:
            raise _not_sent(error) from error

    def send(self, message: bytes, *, sender: str, recipient: str) -> None:
        """Write the message durably. Raise `MailError` if the folder does not take it."""
        path = self._folder / file_name(message, recipient)
        try:
            make_folder(self._folder)
            if page := page_of(message):
                replace_whole(path.with_suffix(".html"), page)
            replace_whole(path, message)
        except OSError as error:
            raise _not_sent(error) from error


def change_each(folder: Path, ward: str, change: Callable[[bytes], bytes]) -> int:
    """Change each kept mail of a ward, with the page beside it; return how many changed.
    May raise `OSError`.
    """
    count = 0
    for path in sorted(folder.glob(f"{ward}.*.eml")):
        message = path.read_bytes()
        changed = change(message)
        if changed != message:
            if page := page_of(changed):
                replace_whole(path.with_suffix(".html"), page)
            replace_whole(path, changed)
            count += 1
    return count


def drop_before(folder: Path, ward: str, week: str) -> int:
    """Delete the kept mails of a ward's reports from before a week, such as `2026-W47`, with their pages;
    return their number. May raise `OSError`.
    """
    count = 0
    for path in sorted(folder.glob(f"{ward}.[0-9]*.eml")):
        if path.name.split(".")[1] < week:
            path.with_suffix(".html").unlink(missing_ok=True)
            path.unlink()
            count += 1
    return count


def newest(folder: Path, ward: str) -> Path | None:
    """The `.eml` of a ward's newest report; None if there is none."""
    found = folder.glob(f"{ward}.[0-9]*.eml")
    return max(found, key=lambda path: (path.stat().st_mtime_ns, path.name), default=None)


def page_of(message: bytes) -> bytes:
    """The mail's HTML as a page in UTF-8; empty if it has none."""
    for part in message_from_bytes(message).walk():
        if part.get_content_type() == "text/html":
            page = part.get_payload(decode=True)
            return page if isinstance(page, bytes) else b""
    return b""


def _not_sent(error: OSError) -> MailBlocked:
    return MailBlocked(_REASONS.get(error.errno or 0, MailCause.OUTBOX_FAILED), for_all=True)


def _existing(folder: Path) -> Path:
    """The folder, or the nearest existing one above it: a check creates no folder."""
    return next(one for one in (folder, *folder.parents) if one.exists())


def file_name(message: bytes, recipient: str) -> str:
    """A recognisable name for a mail: its Message-ID, and a hash of id and recipient.

    The hash is over the whole id, since the readable part may be the same for two; the recipient's address
    itself stays out of folder listings.
    """
    message_id = str(BytesHeaderParser().parsebytes(message).get("Message-ID", ""))
    legible = re.sub(r"[^A-Za-z0-9._-]+", "-", message_id.strip().lstrip("<").partition("@")[0])[:80]
    told_by = message_id.encode("utf-8", "replace") or message
    digest = sha256(told_by + b"\0" + recipient.encode("utf-8", "replace")).hexdigest()
    return f"{legible.strip('-.') or 'mail'}.{digest[:16]}.eml"
