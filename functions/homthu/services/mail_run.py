"""Mail run: the mails of one run, which stops trying after a failure that would hit every mail.

A wrong password tried once for each recipient of each ward locks the account; a server that does not answer
would be waited for as often.
"""

from collections.abc import Sequence
from typing import Self

from homthu.log import log
from homthu.ports import MailBlocked, Mailer, MailError, MailRefused


class MailRun:
    """Implements `Mailer` over another, for one run. Failures are logged in the server's own words."""

    def __init__(self, mailer: Mailer) -> None:
        self._mailer = mailer
        self._ended_by: MailError | None = None

    @classmethod
    def over(cls, mailer: Mailer) -> Self:
        """The run that this mailer belongs to already, or a new one."""
        return mailer if isinstance(mailer, cls) else cls(mailer)

    def check(self, *, sender: str, recipients: Sequence[str], size_bytes: int) -> None:
        """Exercise the delivery of a mail. Raise `MailError`."""
        try:
            self._mailer.check(sender=sender, recipients=recipients, size_bytes=size_bytes)
        except MailError as error:
            _log(error)
            raise

    def send(self, message: bytes, *, sender: str, recipient: str) -> None:
        """Hand the message over, unless the run has ended: then raise the error that ended it."""
        if self._ended_by:
            raise self._ended_by
        try:
            self._mailer.send(message, sender=sender, recipient=recipient)
        except MailError as error:
            _log(error)
            if error.for_all:
                self._ended_by = error
            raise


def _log(error: MailError) -> None:
    needs_a_person = isinstance(error, MailBlocked | MailRefused)
    log(
        "mail_not_taken",
        "ERROR" if needs_a_person else "WARNING",
        reason=error.reason,
        said=error.said,
        ends_run=error.for_all,
    )
