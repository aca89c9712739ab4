"""Mails through an SMTP server, over verified TLS only. The one module that knows smtplib.

`smtplib.sendmail` hides at which step it failed, and the step decides: a fault before a recipient
is named is the server's or the operator's, never that recipient's; and once the final dot is on its
way, silence no longer means that the mail was not taken.
"""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from homthu.ports import MailError, MailNotSent, MailRefused, MailUnknown

_TOO_LARGE = 552
_OVER_QUOTA = b"5.2.2"
#: RFC 4954: wrong or missing credentials, or a mechanism the server finds too weak.
_AUTH_CODES = frozenset({530, 534, 535, 538})


class SmtpMailer:
    """Hands each mail to one server, which must offer STARTTLS with a certificate that holds.

    `answer_timeout_seconds` is for the answer after the data only: servers scan a mail before they
    take it, and giving up early doubles mails (RFC 5321, 4.5.3.2.6 asks for ten minutes).
    """

    def __init__(
        self,
        host: str,
        port: int,
        username: str,
        password: str,
        *,
        timeout_seconds: float = 20,
        answer_timeout_seconds: float = 120,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._host = host
        self._port = port
        self._username = username
        self._password = password
        self._timeout_seconds = timeout_seconds
        self._answer_timeout_seconds = answer_timeout_seconds
        self._context = context or ssl.create_default_context()

    def check(self, *, sender: str) -> None:
        """Connect, log in, name the sender and take that back. Raise `MailError`."""
        with self._logged_in(sender) as connection:
            _name_sender(connection, sender)
            try:
                # RFC 5321, 4.1.1.5: nothing is kept of the mail that was begun.
                connection.rset()
            except OSError as error:
                raise _before_the_dot(error, "mail") from error

    def send(self, message: bytes, *, sender: str, recipient: str) -> None:
        """Hand the message over. Raise `MailNotSent`, `MailRefused` or `MailUnknown`."""
        if not _is_plain(recipient):
            raise MailRefused("bad_address")
        data = _as_data(message)
        with self._logged_in(sender) as connection:
            _name_sender(connection, sender, len(data))
            _name_recipient(connection, recipient)
            self._hand_over(connection, data)

    @contextmanager
    def _logged_in(self, sender: str) -> Iterator[smtplib.SMTP]:
        """A connection over which a mail may begin, ended in any case."""
        if not _is_plain(sender):
            raise MailNotSent("bad_sender")
        try:
            connection = self._connect(sender.rpartition("@")[2])
        except OSError as error:
            raise _before_the_dot(error, "connect") from error
        try:
            self._log_in(connection)
            yield connection
        finally:
            with suppress(OSError):
                connection.quit()
            connection.close()

    def _connect(self, own_name: str) -> smtplib.SMTP:
        # Without local_hostname smtplib asks the DNS for this machine's name, with no time limit.
        return smtplib.SMTP(self._host, self._port, local_hostname=own_name, timeout=self._timeout_seconds)

    def _log_in(self, connection: smtplib.SMTP) -> None:
        try:
            connection.starttls(context=self._context)
            connection.ehlo_or_helo_if_needed()
        except smtplib.SMTPNotSupportedError as error:
            raise MailNotSent("no_starttls") from error
        except OSError as error:
            raise _before_the_dot(error, "starttls") from error
        if not self._username:
            return
        try:
            connection.login(self._username, self._password)
        except smtplib.SMTPServerDisconnected as error:
            raise _before_the_dot(error, "auth") from error
        except smtplib.SMTPResponseException as error:
            raise MailNotSent("auth" if error.smtp_code >= 500 else f"auth_{error.smtp_code}") from error
        except (smtplib.SMTPException, UnicodeEncodeError) as error:
            # No AUTH on offer, no mechanism in common, or letters that smtplib cannot send.
            raise MailNotSent("auth") from error

    def _hand_over(self, connection: smtplib.SMTP, data: bytes) -> None:
        try:
            code, answer = connection.docmd("DATA")
            if code == 354:
                connection.send(data)
        except OSError as error:
            raise _before_the_dot(error, "data") from error
        if code != 354:
            raise _refusal("data", code, answer)
        try:
            if connection.sock is not None:
                connection.sock.settimeout(self._answer_timeout_seconds)
            connection.send(b".\r\n")
            code, answer = connection.getreply()
            if connection.sock is not None:
                connection.sock.settimeout(self._timeout_seconds)
        except OSError as error:
            raise MailUnknown("no_answer") from error
        if not 200 <= code <= 599 or 300 <= code <= 399:
            raise MailUnknown("garbled_answer")
        if not _is_yes(code):
            raise _refusal("data", code, answer)


def _name_sender(connection: smtplib.SMTP, sender: str, size_bytes: int = 0) -> None:
    """Begin a mail. A server that does not want this sender wants no mail at all."""
    options = [f"size={size_bytes}"] if size_bytes and connection.has_extn("size") else []
    try:
        code, _ = connection.mail(sender, options)
    except OSError as error:
        raise _before_the_dot(error, "mail") from error
    if not _is_yes(code):
        if code == _TOO_LARGE:
            raise MailRefused("too_large")
        raise MailNotSent("auth" if code in _AUTH_CODES else f"mail_{code}")


def _name_recipient(connection: smtplib.SMTP, recipient: str) -> None:
    try:
        code, answer = connection.rcpt(recipient)
    except OSError as error:
        raise _before_the_dot(error, "mail") from error
    if not _is_yes(code):
        raise _refusal("rcpt", code, answer)


def _refusal(step: str, code: int, answer: bytes) -> MailError:
    """What an answer other than yes means once the recipient has been named."""
    if code in _AUTH_CODES:
        return MailNotSent("auth")
    if code == _TOO_LARGE:
        # RFC 5321, 4.5.3.1.10: at RCPT this is a passing fault. A full mailbox may be emptied.
        if step == "rcpt" or answer.startswith(_OVER_QUOTA):
            return MailNotSent("mailbox_full")
        return MailRefused("too_large")
    return MailRefused(f"{step}_{code}") if 500 <= code <= 599 else MailNotSent(f"{step}_{code}")


def _before_the_dot(error: OSError, step: str) -> MailNotSent:
    """Nothing can have been taken yet. Every error of smtplib is an `OSError` too.

    smtplib reports a time-out as a disconnection, with the time-out as its context.
    """
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return MailNotSent("timeout")
    if isinstance(error, ssl.SSLError):
        return MailNotSent("tls")
    if isinstance(error, smtplib.SMTPResponseException):
        return MailNotSent(f"{step}_{error.smtp_code}")
    if isinstance(error, smtplib.SMTPException):
        return MailNotSent("disconnected")
    return MailNotSent("unreachable")


def _is_yes(code: int) -> bool:
    return 200 <= code <= 299


def _is_plain(address: str) -> bool:
    """Whether an address fits into a command: no line break, no space, nothing beyond ASCII."""
    return re.fullmatch(r"[!-;=?-~]+@[!-;=?-~]+", address) is not None


def _as_data(message: bytes) -> bytes:
    """The message as DATA wants it: every line ends in CRLF, and no line is the lone final dot."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", message)
    stuffed = re.sub(rb"(?m)^\.", b"..", lines)
    return stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n"
