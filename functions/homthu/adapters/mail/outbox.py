"""Mails as files in a folder, one `.eml` each: what an office without a mail service starts with."""

import errno
import os
import re
import tempfile
from email.parser import BytesHeaderParser
from hashlib import sha256
from pathlib import Path

from homthu.adapters.whole_file import make_folder, replace_whole
from homthu.ports import MailNotSent

_REASONS = {
    errno.ENOSPC: "outbox_full",
    errno.EDQUOT: "outbox_full",
    errno.EFBIG: "outbox_full",
    errno.EROFS: "outbox_read_only",
    errno.EACCES: "outbox_read_only",
    errno.EPERM: "outbox_read_only",
}
#: More than a mail with its attachments usually has.
_TRIAL_BYTES = 1 << 20


class OutboxMailer:
    """Writes each mail whole or not at all; the same mail again lands in the same file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def check(self, *, sender: str) -> None:
        """Write a file that goes again, where the folder is or will be. Raise `MailNotSent`."""
        try:
            with tempfile.TemporaryFile(dir=_existing(self._folder)) as trial:
                trial.write(bytes(_TRIAL_BYTES))
                trial.flush()
                os.fsync(trial.fileno())
        except OSError as error:
            raise _not_sent(error) from error

    def send(self, message: bytes, *, sender: str, recipient: str) -> None:
        """Write the message durably. Raise `MailNotSent` if the folder does not take it."""
        try:
            make_folder(self._folder)
            replace_whole(self._folder / file_name(message, recipient), message)
        except OSError as error:
            raise _not_sent(error) from error


def _not_sent(error: OSError) -> MailNotSent:
    return MailNotSent(_REASONS.get(error.errno or 0, "outbox_failed"))


def _existing(folder: Path) -> Path:
    """The folder, or the nearest above it that is there: a look makes no folder."""
    return next(one for one in (folder, *folder.parents) if one.exists())


def file_name(message: bytes, recipient: str) -> str:
    """A name to know the mail by: its Message-ID, and a hash telling id and recipient apart.

    The hash is over the whole id, since what is legible of it may be the same for two; the
    recipient's address itself stays out of folder listings.
    """
    message_id = str(BytesHeaderParser().parsebytes(message).get("Message-ID", ""))
    legible = re.sub(r"[^A-Za-z0-9._-]+", "-", message_id.strip().lstrip("<").partition("@")[0])[:80]
    told_by = message_id.encode("utf-8", "replace") or message
    digest = sha256(told_by + b"\0" + recipient.encode("utf-8", "replace")).hexdigest()
    return f"{legible.strip('-.') or 'mail'}.{digest[:16]}.eml"
