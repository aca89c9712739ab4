"""Why a mail did not go: one word per cause, from which a person is told what is wrong and who can fix it."""

from enum import StrEnum


class MailCause(StrEnum):
    """A cause; `web/text/mail.vi.toml` says for each what is wrong and who can fix it.

    The ledger holds it as a delivery's reason, followed by the server's code where there is one.
    """

    # The way to the server.
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    DISCONNECTED = "disconnected"
    BUSY = "busy"
    # TLS.
    NO_STARTTLS = "no_starttls"
    NOT_TLS = "not_tls"
    TLS_EXPIRED = "tls_expired"
    TLS_NAME = "tls_name"
    TLS_AUTHORITY = "tls_authority"
    TLS_VERSION = "tls_version"
    TLS = "tls"
    # The login.
    LOGIN_REFUSED = "login_refused"
    LOGIN_NEEDS_APP_WORD = "login_needs_app_password"
    LOGIN_DISABLED = "login_disabled"
    LOGIN_REQUIRED = "login_required"
    NO_MECHANISM = "no_mechanism"
    NO_CREDENTIALS = "no_credentials"
    # What the server refuses.
    BAD_SENDER = "bad_sender"
    SENDER_REFUSED = "sender_refused"
    SENDER_NOT_VERIFIED = "sender_not_verified"
    NOT_ALLOWED = "not_allowed"
    CONTENT_REFUSED = "content_refused"
    TOO_LARGE = "too_large"
    QUOTA = "quota"
    ACCOUNT_STOPPED = "account_stopped"
    SERVER_REFUSED = "server_refused"
    ALL_REFUSED = "all_refused"
    # The recipient's mailbox.
    NO_MAILBOX = "no_mailbox"
    BAD_ADDRESS = "bad_address"
    MAILBOX_CLOSED = "mailbox_closed"
    MAILBOX_FULL = "mailbox_full"
    # Handed over, with an unknown result.
    NO_ANSWER = "no_answer"
    # Our own.
    BAD_MESSAGE = "bad_message"
    CONTENT_MISSING = "content_missing"
    NOT_A_RECIPIENT = "not_a_recipient"
    OUTBOX_FULL = "outbox_full"
    OUTBOX_READ_ONLY = "outbox_read_only"
    OUTBOX_FAILED = "outbox_failed"


def cause_of(reason: str) -> MailCause | None:
    """The cause that a reason begins with; None for a code that an earlier version wrote."""
    word = reason.partition(" ")[0]
    return next((cause for cause in MailCause if cause == word), None)
