"""A mailer that keeps what it was given, and fails as it is told to."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from homthu.ports import MailError


@dataclass(frozen=True, kw_only=True, slots=True)
class SentMail:
    """One mail as it was handed over."""

    message: bytes
    sender: str
    recipient: str


class MemoryMailer:
    """Implements `Mailer`. `sent` holds what was taken, `attempts` every recipient tried, in order."""

    def __init__(self) -> None:
        self.sent: list[SentMail] = []
        self.attempts: list[str] = []
        self._next: deque[tuple[MailError, bool]] = deque()
        self._always: dict[str, MailError] = {}
        self.checked: tuple[tuple[str, ...], int] = ((), 0)
        self._at_check: MailError | None = None

    def fail_next(self, error: MailError, *, taken: bool = False, times: int = 1) -> None:
        """Let the next attempts fail; `taken` keeps the mail all the same, as a lost answer does."""
        self._next.extend([(error, taken)] * times)

    def fail_for(self, recipient: str, error: MailError | None) -> None:
        """Let every attempt for a recipient fail, or none again."""
        if error is None:
            self._always.pop(recipient, None)
        else:
            self._always[recipient] = error

    def fail_check(self, error: MailError | None) -> None:
        """Let every check fail, or none again."""
        self._at_check = error

    def check(self, *, sender: str, recipients: Sequence[str], size_bytes: int) -> None:
        """Raise what was ordered; `checked` holds whom and which size the last check was for."""
        self.checked = (tuple(recipients), size_bytes)
        if self._at_check is not None:
            raise self._at_check

    def send(self, message: bytes, *, sender: str, recipient: str) -> None:
        """Take the mail, or raise what was ordered."""
        self.attempts.append(recipient)
        error, taken = self._next.popleft() if self._next else (self._always.get(recipient), False)
        if error is None or taken:
            self.sent.append(SentMail(message=message, sender=sender, recipient=recipient))
        if error is not None:
            raise error

    @property
    def recipients(self) -> list[str]:
        """Who got a mail, in order, a second copy included."""
        return [mail.recipient for mail in self.sent]
