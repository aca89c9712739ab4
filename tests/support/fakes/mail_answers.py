"""What real mail servers answered, word for word, and what each answer means for a mail.

Postfix 3.7.11 and Exim 4.96 were asked on Debian 12; tests/e2e/test_real_mail_servers.py asks them again.
What Exchange and Gmail say is as their makers document it:
https://learn.microsoft.com/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online
and https://support.google.com/a/answer/3726730.
"""

from dataclasses import dataclass

from homthu.adapters.mail.smtp_answer import Step
from homthu.ports import MailBlocked, MailError, MailNotSent, MailRefused


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """An answer as it stood on the line, and the error and reason that it must become."""

    step: Step
    line: str
    kind: type[MailError]
    reason: str


def _at(step: Step, line: str, kind: type[MailError], cause: str) -> Recorded:
    code, _, rest = line.partition(" ")
    enhanced = rest.partition(" ")[0]
    words = [cause, code, *([enhanced] if enhanced.count(".") == 2 else [])]
    return Recorded(step=step, line=line, kind=kind, reason=" ".join(words))


POSTFIX = {
    "a wrong password": _at(
        Step.AUTH,
        "535 5.7.8 Error: authentication failed: (reason unavailable)",
        MailBlocked,
        "login_refused",
    ),
    "a sender that is another's": _at(
        Step.RCPT,
        "553 5.7.1 <{sender}>: Sender address rejected: not owned by user {user}",
        MailBlocked,
        "sender_refused",
    ),
    "no login where one is needed": _at(
        Step.RCPT,
        "553 5.7.1 <{sender}>: Sender address rejected: not logged in",
        MailBlocked,
        "login_required",
    ),
    "a sender that does not exist": _at(
        Step.RCPT,
        "550 5.1.0 <{sender}>: Sender address rejected: User unknown in virtual mailbox table",
        MailBlocked,
        "sender_refused",
    ),
    "a mailbox that does not exist": _at(
        Step.RCPT,
        "550 5.1.1 <{recipient}>: Recipient address rejected: User unknown in virtual mailbox table",
        MailRefused,
        "no_mailbox",
    ),
    "a relay that is none for us": _at(
        Step.RCPT, "554 5.7.1 <{recipient}>: Relay access denied", MailBlocked, "not_allowed"
    ),
    "a filter": _at(Step.DATA, "550 5.7.1 Message refused as spam", MailBlocked, "content_refused"),
}
EXIM = {
    "a wrong password": _at(Step.AUTH, "535 Incorrect authentication data", MailBlocked, "login_refused"),
    "a sender that is another's": _at(
        Step.RCPT, "550 Sender address is not yours to use", MailBlocked, "sender_refused"
    ),
    "a mailbox that does not exist": _at(Step.RCPT, "550 Unrouteable address", MailRefused, "no_mailbox"),
    "a relay that is none for us": _at(Step.RCPT, "550 relay not permitted", MailBlocked, "not_allowed"),
    "a filter": _at(
        Step.DATA, "550 This message scored too many spam points", MailBlocked, "content_refused"
    ),
}
DOCUMENTED = {
    "Exchange: SendAs": _at(
        Step.DATA,
        "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
        MailBlocked,
        "sender_refused",
    ),
    "Exchange: SendAsDenied": _at(
        Step.DATA,
        "554 5.2.252 SendAsDenied; {user} not allowed to send as {sender}",
        MailBlocked,
        "sender_refused",
    ),
    "Exchange: no relay": _at(
        Step.RCPT,
        "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain",
        MailBlocked,
        "not_allowed",
    ),
    "Exchange: not logged in": _at(
        Step.MAIL,
        "530 5.7.57 SMTP; Client was not authenticated to send anonymous mail during MAIL FROM",
        MailBlocked,
        "login_required",
    ),
    "Exchange: login disabled": _at(
        Step.AUTH,
        "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant",
        MailBlocked,
        "login_disabled",
    ),
    "Exchange: no such recipient": _at(
        Step.DATA,
        "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
        MailRefused,
        "no_mailbox",
    ),
    "Exchange: the tenant knows no such recipient": _at(
        Step.RCPT, "550 5.4.1 Recipient address rejected: Access denied", MailBlocked, "not_allowed"
    ),
    "Gmail: daily limit": _at(
        Step.DATA, "550 5.4.5 Daily user sending limit exceeded.", MailBlocked, "quota"
    ),
    "Gmail: DMARC": _at(
        Step.DATA,
        "550 5.7.26 Unauthenticated email from example.org is not accepted due to domain's DMARC policy.",
        MailBlocked,
        "content_refused",
    ),
    "Gmail: app password": _at(
        Step.AUTH,
        "534 5.7.9 Application-specific password required.",
        MailBlocked,
        "login_needs_app_password",
    ),
    "Gmail: account disabled": _at(
        Step.RCPT,
        "550 5.2.1 The email account that you tried to reach is disabled.",
        MailRefused,
        "mailbox_closed",
    ),
    "Gmail: out of storage": _at(
        Step.RCPT,
        "452 4.2.2 The email account that you tried to reach is over quota.",
        MailNotSent,
        "mailbox_full",
    ),
    "no code and a sentence that says nothing": _at(Step.RCPT, "550 Denied", MailBlocked, "not_allowed"),
    "an enhanced code that contradicts the reply": _at(
        Step.RCPT, "550 2.1.5 user unknown", MailRefused, "no_mailbox"
    ),
    "a sender whose domain is unknown": _at(
        Step.RCPT, "550 5.1.8 Sender address rejected: Domain not found", MailBlocked, "sender_refused"
    ),
}
