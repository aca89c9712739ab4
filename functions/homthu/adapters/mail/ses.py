"""Mails through Amazon SES, API version 2. The one module that knows boto3.

The SDK's own retries are off: with its defaults a lost reply sends three copies, and the ledger
is what decides about another attempt. SES replaces `Message-ID` and `Date` by its own.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    HTTPClientError,
    NoCredentialsError,
    PartialCredentialsError,
    ProxyConnectionError,
    ReadTimeoutError,
    SSLError,
)
from botocore.parsers import ResponseParserError

from homthu.adapters.mail.aws_role import session_in_role
from homthu.domain.mail_cause import MailCause
from homthu.ports import MailBlocked, MailError, MailNotSent, MailRefused, MailUnknown

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

_NOT_REACHED = (ConnectTimeoutError, EndpointConnectionError, ProxyConnectionError)
_NO_CREDENTIALS = (NoCredentialsError, PartialCredentialsError, CredentialRetrievalError)
_NO_ANSWER = (ReadTimeoutError, ConnectionClosedError, HTTPClientError)

#: Authenticated, but not allowed to ask; invalid credentials have other codes.
_DENIED = "AccessDeniedException"
#: Throttling, which passes by itself.
_PASSING = {
    "TooManyRequestsException": MailCause.BUSY,
    "ThrottlingException": MailCause.BUSY,
    "Throttling": MailCause.BUSY,
    "LimitExceededException": MailCause.QUOTA,
}
#: Answers about the account or the sender: every other mail would get the same answer.
_SET_UP = {
    "MailFromDomainNotVerifiedException": MailCause.SENDER_NOT_VERIFIED,
    "AccountSuspendedException": MailCause.ACCOUNT_STOPPED,
    "SendingPausedException": MailCause.ACCOUNT_STOPPED,
    "NotFoundException": MailCause.SENDER_NOT_VERIFIED,
}
#: Answers about these bytes, which are the same for every recipient: ours to fix.
_OF_MESSAGE = {
    "MessageRejected": MailCause.CONTENT_REFUSED,
    "BadRequestException": MailCause.BAD_MESSAGE,
    "InvalidParameterValue": MailCause.BAD_MESSAGE,
    "ValidationException": MailCause.BAD_MESSAGE,
}
#: How SES words what is wrong with an address itself; the code is that of any bad request.
_OF_ADDRESS = ("illegal address", "invalid recipient", "missing final '@domain'", "local address contains")


class SesMailer:
    """Hands each mail to SES in one call that is made once.

    `session` gives the credentials: by default what the environment holds. The client is made on
    the first send, so after the server has forked. Amazon mails its notices of non-delivery to
    `bounces_to`, or else to the sender. `endpoint_url` is for a VPC endpoint or a test.
    """

    @classmethod
    def in_role(
        cls,
        role: str,
        token: Callable[[str], str],
        *,
        region: str,
        bounces_to: str = "",
        endpoint_url: str | None = None,
    ) -> "SesMailer":
        """A mailer that assumes an Amazon role with an identity token, instead of having keys."""

        def session() -> Session:
            return Session(
                botocore_session=session_in_role(role, token, region=region, endpoint_url=endpoint_url)
            )

        return cls(region, session=session, bounces_to=bounces_to, endpoint_url=endpoint_url)

    def __init__(
        self,
        region: str,
        *,
        session: Callable[[], Session] = Session,
        bounces_to: str = "",
        connect_timeout_seconds: float = 5,
        read_timeout_seconds: float = 60,
        endpoint_url: str | None = None,
    ) -> None:
        self._region = region
        self._session = session
        self._bounces_to = bounces_to
        self._endpoint_url = endpoint_url
        self._config = Config(
            retries={"total_max_attempts": 1, "mode": "standard"},
            connect_timeout=connect_timeout_seconds,
            read_timeout=read_timeout_seconds,
        )

    @cached_property
    def _client(self) -> "SESV2Client":
        return self._session().client(
            "sesv2", region_name=self._region, endpoint_url=self._endpoint_url, config=self._config
        )

    def check(self, *, sender: str, recipients: Sequence[str], size_bytes: int) -> None:
        """Ask how SES sees the sender: its address, or else its domain. Raise `MailError`.

        Who may only send (infra/ses/role.tf) is denied the answer, and that is one too: SES was
        reached, and knows the credentials. Whether the sender is verified then shows on sending only;
        of recipients and sizes it says nothing before a mail is handed over.
        """
        try:
            is_verified = self._is_verified(sender, or_else=sender.rpartition("@")[2])
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") == _DENIED:
                return
            raise _from_answer(error) from error
        except BotoCoreError as error:
            raise _without_answer(error) from error
        except ResponseParserError as error:
            raise MailUnknown(MailCause.NO_ANSWER) from error
        if not is_verified:
            raise MailBlocked(MailCause.SENDER_NOT_VERIFIED, for_all=True)

    def _is_verified(self, identity: str, *, or_else: str = "") -> bool:
        try:
            answer = self._client.get_email_identity(EmailIdentity=identity)
        except self._client.exceptions.NotFoundException:
            return bool(or_else) and self._is_verified(or_else)
        return answer.get("VerifiedForSendingStatus", False)

    def send(self, message: bytes, *, sender: str, recipient: str) -> None:
        """Hand the message over. Raise a `MailError`."""
        try:
            answer = self._client.send_email(
                FromEmailAddress=sender,
                Destination={"ToAddresses": [recipient]},
                Content={"Raw": {"Data": message}},
                FeedbackForwardingEmailAddress=self._bounces_to or sender,
            )
        except ClientError as error:
            raise _from_answer(error) from error
        except BotoCoreError as error:
            raise _without_answer(error) from error
        except ResponseParserError as error:
            raise MailUnknown(MailCause.NO_ANSWER) from error
        if not answer.get("MessageId"):
            # A proxy's page also comes with 200; only the service gives a mail its id.
            raise MailUnknown(MailCause.NO_ANSWER)


def _from_answer(error: ClientError) -> MailError:
    code = error.response.get("Error", {}).get("Code", "")
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    message = error.response.get("Error", {}).get("Message", "")
    if code in _PASSING:
        return MailNotSent(f"{_PASSING[code]} {code}")
    if status == 429:
        return MailNotSent(MailCause.BUSY)
    if status in (502, 504):
        # A gateway that lost the service: what the service did is not known.
        return MailUnknown(MailCause.NO_ANSWER)
    if code in _SET_UP:
        return MailBlocked(f"{_SET_UP[code]} {code}", for_all=True)
    if status in (401, 403):
        return MailBlocked(f"{MailCause.NO_CREDENTIALS} {code}".strip(), for_all=True)
    if code == "MessageRejected" and "not verified" in message:
        # The same code for a forbidden content and for an account still in the sandbox.
        return MailBlocked(f"{MailCause.SENDER_NOT_VERIFIED} sandbox")
    if code in _OF_MESSAGE:
        if any(words in message.lower() for words in _OF_ADDRESS):
            return MailRefused(f"{MailCause.BAD_ADDRESS} {code}")
        return MailBlocked(f"{_OF_MESSAGE[code]} {code}")
    if status == 413:
        return MailBlocked(MailCause.TOO_LARGE)
    return MailNotSent(f"{MailCause.BUSY} http {status}")


def _without_answer(error: BotoCoreError) -> MailError:
    if isinstance(error, _NOT_REACHED):
        return MailNotSent(MailCause.UNREACHABLE, for_all=True)
    if isinstance(error, _NO_CREDENTIALS):
        return MailBlocked(MailCause.NO_CREDENTIALS, for_all=True)
    if isinstance(error, SSLError):
        return MailBlocked(MailCause.TLS, for_all=True)
    is_unknown = isinstance(error, _NO_ANSWER)
    return MailUnknown(MailCause.NO_ANSWER) if is_unknown else MailNotSent(MailCause.DISCONNECTED)
