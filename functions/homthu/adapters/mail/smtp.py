"""Mails through an SMTP server, over verified TLS only. The one module that knows smtplib.

`smtplib.sendmail` hides at which step it failed, and the step decides: a fault before a recipient
is named is the server's or the operator's, never that recipient's; and once the final dot is on its
way, silence no longer means that the mail was not taken.
"""

import re
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from homthu.adapters.mail.smtp_answer import Answer, Step, error_of
from homthu.adapters.mail.tls_fault import tls_cause
from homthu.domain.mail_address import is_mail_address
from homthu.domain.mail_cause import MailCause
from homthu.ports import MailBlocked, MailError, MailNotSent, MailRefused, MailUnknown

#: Under TLS a challenge gains nothing, and servers that store hashed passwords cannot do one.
_MECHANISMS = {"PLAIN": "auth_plain", "LOGIN": "auth_login", "CRAM-MD5": "auth_cram_md5"}


class SmtpMailer:
    """Hands each mail to one server, which must speak TLS with a certificate that holds.

    `implicit_tls`: from the first byte on (RFC 8314, port 465) instead of by STARTTLS. Without a
    username no login is tried: a relay that knows this machine. `bounces_to` is the envelope's sender,
    where servers further on send their notices of non-delivery; empty for the mail's own sender.
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
        implicit_tls: bool = False,
        bounces_to: str = "",
        timeout_seconds: float = 20,
        answer_timeout_seconds: float = 120,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._host = host
        self._port = port
        self._username = username
        self._password = password
        self._implicit_tls = implicit_tls
        self._bounces_to = bounces_to
        self._timeout_seconds = timeout_seconds
        self._answer_timeout_seconds = answer_timeout_seconds
        self._context = context or ssl.create_default_context()

    def check(self, *, sender: str, recipients: Sequence[str], size_bytes: int) -> None:
        """Log in, begin a mail of this size to each recipient, and take it back. Raise `MailError`."""
        with self._logged_in(sender) as connection:
            for recipient in recipients:
                self._begin(connection, sender, recipient, size_bytes)
                try:
                    # RFC 5321, 4.1.1.5: nothing is kept of the mail that was begun.
                    connection.rset()
                except OSError as error:
                    raise _before_the_dot(error, Step.MAIL) from error

    def send(self, message: bytes, *, sender: str, recipient: str) -> None:
        """Hand the message over. Raise a `MailError`."""
        if not is_mail_address(recipient):
            raise MailRefused(MailCause.BAD_ADDRESS)
        data = _as_data(message)
        with self._logged_in(sender) as connection:
            self._begin(connection, sender, recipient, len(data))
            self._hand_over(connection, data, recipient)

    @contextmanager
    def _logged_in(self, sender: str) -> Iterator[smtplib.SMTP]:
        """A connection over which a mail may begin, ended in any case."""
        if not is_mail_address(sender):
            raise MailBlocked(MailCause.BAD_SENDER, for_all=True)
        try:
            connection = self._connect(sender.rpartition("@")[2])
        except OSError as error:
            raise _before_the_dot(error, Step.CONNECT) from error
        try:
            self._greet(connection)
            self._log_in(connection)
            yield connection
        finally:
            with suppress(OSError):
                connection.quit()
            connection.close()

    def _connect(self, own_name: str) -> smtplib.SMTP:
        # Without local_hostname smtplib asks the DNS for this machine's name, with no time limit.
        if self._implicit_tls:
            return smtplib.SMTP_SSL(
                self._host,
                self._port,
                local_hostname=own_name,
                timeout=self._timeout_seconds,
                context=self._context,
            )
        return smtplib.SMTP(self._host, self._port, local_hostname=own_name, timeout=self._timeout_seconds)

    def _greet(self, connection: smtplib.SMTP) -> None:
        try:
            if not self._implicit_tls:
                connection.starttls(context=self._context)
            connection.ehlo_or_helo_if_needed()
        except smtplib.SMTPNotSupportedError as error:
            raise MailBlocked(MailCause.NO_STARTTLS, for_all=True) from error
        except OSError as error:
            raise _before_the_dot(error, Step.STARTTLS) from error

    def _log_in(self, connection: smtplib.SMTP) -> None:
        """Try one mechanism, once: `smtplib.login` would repeat a wrong password with each of them."""
        if not self._username:
            return
        offered = connection.esmtp_features.get("auth", "").upper().split()
        if not offered:
            raise MailBlocked(MailCause.LOGIN_DISABLED, for_all=True)
        mechanism = next((one for one in _MECHANISMS if one in offered), "")
        if not mechanism:
            raise MailBlocked(f"{MailCause.NO_MECHANISM} {' '.join(offered)}"[:100], for_all=True)
        connection.user, connection.password = self._username, self._password
        try:
            connection.auth(mechanism, getattr(connection, _MECHANISMS[mechanism]))
        except smtplib.SMTPResponseException as error:
            raise self._error(Answer.read(Step.AUTH, error.smtp_code, error.smtp_error)) from error
        except OSError as error:
            raise _before_the_dot(error, Step.AUTH) from error
        except UnicodeEncodeError as error:
            # The settings refuse such letters at start; smtplib cannot send them.
            raise MailBlocked(MailCause.LOGIN_REFUSED, for_all=True) from error

    def _begin(self, connection: smtplib.SMTP, sender: str, recipient: str, size_bytes: int) -> None:
        """Name sender, size and recipient. Raise a `MailError` for the first that is refused."""
        limit = connection.esmtp_features.get("size", "")
        if limit.isdecimal() and 0 < int(limit) < size_bytes:
            # RFC 1870: known before anything is said, and so no fault of any recipient.
            raise MailBlocked(f"{MailCause.TOO_LARGE} {limit}")
        options = [f"size={size_bytes}"] if connection.has_extn("size") else []
        try:
            code, text = connection.mail(self._bounces_to or sender, options)
            step = Step.MAIL
            if _is_yes(code):
                code, text = connection.rcpt(recipient)
                step = Step.RCPT
        except OSError as error:
            raise _before_the_dot(error, Step.MAIL) from error
        if not _is_yes(code):
            raise self._error(Answer.read(step, code, text), sender, recipient)

    def _hand_over(self, connection: smtplib.SMTP, data: bytes, recipient: str) -> None:
        try:
            code, text = connection.docmd("DATA")
            if code == 354:
                connection.send(data)
        except OSError as error:
            raise _before_the_dot(error, Step.DATA) from error
        if code != 354:
            raise self._error(Answer.read(Step.DATA, code, text), recipient)
        try:
            if connection.sock is not None:
                connection.sock.settimeout(self._answer_timeout_seconds)
            connection.send(b".\r\n")
            code, text = connection.getreply()
            if connection.sock is not None:
                connection.sock.settimeout(self._timeout_seconds)
        except OSError as error:
            raise MailUnknown(MailCause.NO_ANSWER) from error
        if not 200 <= code <= 599 or 300 <= code <= 399:
            raise MailUnknown(MailCause.NO_ANSWER)
        if not _is_yes(code):
            raise self._error(Answer.read(Step.DATA, code, text), recipient)

    def _error(self, answer: Answer, *addresses: str) -> MailError:
        """The answer's meaning; what names anybody stays out of what it said."""
        named = [self._username, self._password, self._bounces_to, *addresses]
        return error_of(answer, [*named, *(one.partition("@")[0] for one in named)])


def _before_the_dot(error: OSError, step: Step) -> MailError:
    """Nothing can have been taken yet. Every error of smtplib is an `OSError` too.

    smtplib reports a time-out as a disconnection, with the time-out as its context.
    """
    is_early = step in (Step.CONNECT, Step.STARTTLS)
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return MailNotSent(MailCause.TIMEOUT, for_all=is_early)
    if isinstance(error, ssl.SSLError):
        return MailBlocked(tls_cause(error), said=f"{step}: {error.reason or error}"[:300], for_all=True)
    if isinstance(error, smtplib.SMTPResponseException):
        return error_of(Answer.read(step, error.smtp_code, error.smtp_error))
    if isinstance(error, smtplib.SMTPException):
        return MailNotSent(MailCause.DISCONNECTED)
    return MailNotSent(MailCause.UNREACHABLE, for_all=is_early)


def _is_yes(code: int) -> bool:
    return 200 <= code <= 299


def _as_data(message: bytes) -> bytes:
    """The message as DATA needs it: every line ends in CRLF, and no line is the final dot alone."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", message)
    stuffed = re.sub(rb"(?m)^\.", b"..", lines)
    return stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n"
