"""What an SMTP server's answer means for a mail: whose fault it is, and so whether the mail stays owed.

RFC 5321's three digits say too little: 550 is both «no such mailbox» and «you may not send». The enhanced
code (RFC 3463 and IANA's registry, https://www.iana.org/assignments/smtp-enhanced-status-codes) decides
where it says something, then the sentence, for servers that send none. Whatever does not clearly speak of
the recipient's address is taken for a fault of the set-up: such a mail is never given up.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from homthu.domain.mail_cause import MailCause
from homthu.ports import MailBlocked, MailError, MailNotSent, MailRefused

_ENHANCED = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})(?!\S)[ \t]*")
_MOST_SAID = 300
_SENDER = re.compile(r"\bsender\b|from address|send ?as|not owned by", re.IGNORECASE)
_NO_MAILBOX = re.compile(
    r"user unknown|unknown (?:user|recipient|local)|no such|does(?: not|n't) exist|unrouteable|not found"
    r"|no mailbox|invalid (?:recipient|mailbox)|mailbox unavailable|recipient unknown",
    re.IGNORECASE,
)
_LOGIN = re.compile(
    r"not logged in|authenticat(?:ion|e) (?:is )?(?:required|first)|must (?:log|authenticat)", re.IGNORECASE
)
_DISABLED = re.compile(r"disabled", re.IGNORECASE)
_QUOTA = re.compile(r"quota|limit exceeded|rate limit|too many messages", re.IGNORECASE)
#: Of X.1.Y, the codes about the sender; the others are about the recipient, except X.1.0, which says nothing.
_OF_SENDER = (7, 8)
#: RFC 4954: the login is missing, or too weak.
_LOGIN_CODES = frozenset({530, 534, 535, 538})


class Step(StrEnum):
    """How far a mail had got."""

    CONNECT = "connect"
    STARTTLS = "starttls"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"


#: Before a recipient is named, every other mail would have met the same.
_FOR_ALL = frozenset({Step.CONNECT, Step.STARTTLS, Step.AUTH, Step.MAIL})


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A negative answer. `enhanced` is (5, 7, 1), or empty where the server gave none."""

    step: Step
    code: int
    enhanced: tuple[int, ...]
    sentence: str

    @classmethod
    def read(cls, step: Step, code: int, text: bytes | str) -> "Answer":
        """Read the text of a reply; its lines may each begin with the enhanced code."""
        legible = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        lines = legible.splitlines()
        found = next((match for line in lines if (match := _ENHANCED.match(line))), None)
        sentence = " ".join(_ENHANCED.sub("", line, count=1).strip() for line in lines)
        enhanced = tuple(int(number) for number in found.groups()) if found else ()
        # One that contradicts the reply's own class is none (RFC 3463, 2).
        return cls(
            step=step,
            code=code,
            enhanced=enhanced if enhanced[:1] == (code // 100,) else (),
            sentence=sentence,
        )

    def reason(self, cause: MailCause) -> str:
        """The cause and the codes, such as `not_allowed 553 5.7.1`."""
        enhanced = ".".join(map(str, self.enhanced))
        return " ".join(part for part in (cause, str(self.code), enhanced) if part)

    def said(self, hidden: Collection[str]) -> str:
        """The sentence as a log may hold it: no address, no line break, not too long."""
        text = "".join(c if c.isprintable() else " " for c in self.sentence)
        for word in sorted((word for word in hidden if len(word) > 2), key=len, reverse=True):
            text = re.sub(re.escape(word), "…", text, flags=re.IGNORECASE)
        text = re.sub(r"\S*@\S*", "…", text)
        return f"{self.step}: {text}"[:_MOST_SAID]


def error_of(answer: Answer, hidden: Collection[str] = ()) -> MailError:
    """What this answer means. `hidden` are the addresses and names that no log may hold."""
    kind, cause = _judge(answer)
    return kind(answer.reason(cause), said=answer.said(hidden), for_all=answer.step in _FOR_ALL)


def _judge(answer: Answer) -> tuple[type[MailError], MailCause]:
    subject = answer.enhanced[1:]
    if subject == (2, 2):
        # Once the mailbox is emptied the mail goes through.
        return MailNotSent, MailCause.MAILBOX_FULL
    if not 500 <= answer.code <= 599:
        return MailNotSent, MailCause.BUSY
    match answer.step:
        case Step.CONNECT:
            return MailBlocked, MailCause.SERVER_REFUSED
        case Step.STARTTLS:
            return MailBlocked, MailCause.NO_STARTTLS
        case Step.AUTH:
            return MailBlocked, _of_login(answer)
    if answer.code in _LOGIN_CODES or subject == (7, 57) or _LOGIN.search(answer.sentence):
        return MailBlocked, MailCause.LOGIN_REQUIRED
    if subject in ((3, 4), (2, 3)):
        return MailBlocked, MailCause.TOO_LARGE
    if answer.step is Step.MAIL:
        return MailBlocked, MailCause.TOO_LARGE if answer.code == 552 else MailCause.SENDER_REFUSED
    if fault := _of_address(answer):
        return fault
    return MailBlocked, _of_set_up(answer)


def _of_login(answer: Answer) -> MailCause:
    if answer.enhanced[1:] == (7, 9) or re.search("application-specific|app password", answer.sentence):
        return MailCause.LOGIN_NEEDS_APP_WORD
    if answer.enhanced[1:] == (7, 139) or _DISABLED.search(answer.sentence):
        return MailCause.LOGIN_DISABLED
    return MailCause.NO_MECHANISM if answer.code in (500, 502, 504) else MailCause.LOGIN_REFUSED


def _of_address(answer: Answer) -> tuple[type[MailError], MailCause] | None:
    """The error, if the recipient's address is at fault; None if it is not, or not clearly."""
    match answer.enhanced[1:]:
        case (1, detail) if detail and detail not in _OF_SENDER and not _SENDER.search(answer.sentence):
            return MailRefused, MailCause.BAD_ADDRESS if detail == 3 else MailCause.NO_MAILBOX
        case (2, 1):
            return MailRefused, MailCause.MAILBOX_CLOSED
    is_unclear = answer.enhanced[1:] == () or answer.enhanced[-1] == 0
    if answer.step is Step.DATA or not is_unclear or _SENDER.search(answer.sentence):
        return None
    if answer.code == 552:
        # RFC 5321, 4.5.3.1.10: at this step no more than a passing fault.
        return MailNotSent, MailCause.MAILBOX_FULL
    return (MailRefused, MailCause.NO_MAILBOX) if _NO_MAILBOX.search(answer.sentence) else None


def _of_set_up(answer: Answer) -> MailCause:
    match answer.enhanced[1:]:
        case (4, 5):
            return MailCause.QUOTA
        case (1, 7 | 8) | (7, 60):
            return MailCause.SENDER_REFUSED
        case (2, detail) if 250 <= detail <= 259:
            # Exchange's «send as denied» and its like.
            return MailCause.SENDER_REFUSED
    if _QUOTA.search(answer.sentence):
        return MailCause.QUOTA
    if answer.step is Step.DATA:
        return MailCause.TOO_LARGE if answer.code == 552 else MailCause.CONTENT_REFUSED
    return MailCause.SENDER_REFUSED if _SENDER.search(answer.sentence) else MailCause.NOT_ALLOWED
