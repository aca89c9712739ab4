"""Mails through Amazon SES, API version 2. The one module that knows boto3.

The SDK's own retries are off: with its defaults a lost reply sends three copies, and the ledger
is what decides about another attempt. SES replaces `Message-ID` and `Date` by its own.
"""

from collections.abc import Callable
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
from homthu.ports import MailError, MailNotSent, MailRefused, MailUnknown

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

_NOT_REACHED = (ConnectTimeoutError, EndpointConnectionError, ProxyConnectionError)
_NO_CREDENTIALS = (NoCredentialsError, PartialCredentialsError, CredentialRetrievalError)
_NO_ANSWER = (ReadTimeoutError, ConnectionClosedError, HTTPClientError)

#: Known, but not allowed to ask; credentials that do not hold have other codes.
_DENIED = "AccessDeniedException"
#: Answers about the account, the sender or the pace: nothing is wrong with this mail or recipient,
#: so it stays owed and the operator is called.
_NOT_SENT = {
    "TooManyRequestsException": "throttled",
    "ThrottlingException": "throttled",
    "Throttling": "throttled",
    "LimitExceededException": "quota",
    "MailFromDomainNotVerifiedException": "sender_not_verified",
    "AccountSuspendedException": "account_suspended",
    "SendingPausedException": "sending_paused",
    "NotFoundException": "not_found",
}
#: Answers about these bytes or this address, which will not be better next time.
_REFUSED = {
    "MessageRejected": "rejected",
    "BadRequestException": "bad_request",
    "InvalidParameterValue": "bad_request",
    "ValidationException": "bad_request",
}


class SesMailer:
    """Hands each mail to SES in one call that is made once.

    `session` gives the credentials: by default what the environment holds. The client is made on
    the first send, so after the server has forked. `endpoint_url` is for a VPC endpoint or a test.
    """

    @classmethod
    def in_role(
        cls, role: str, token: Callable[[str], str], *, region: str, endpoint_url: str | None = None
    ) -> "SesMailer":
        """A mailer that takes on a role of Amazon's with an identity token, instead of having keys."""

        def session() -> Session:
            return Session(
                botocore_session=session_in_role(role, token, region=region, endpoint_url=endpoint_url)
            )

        return cls(region, session=session, endpoint_url=endpoint_url)

    def __init__(
        self,
        region: str,
        *,
        session: Callable[[], Session] = Session,
        connect_timeout_seconds: float = 5,
        read_timeout_seconds: float = 60,
        endpoint_url: str | None = None,
    ) -> None:
        self._region = region
        self._session = session
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

    def check(self, *, sender: str) -> None:
        """Ask how SES sees the sender: its address, or else its domain. Raise `MailNotSent`.

        Who may only send (infra/ses/role.tf) is denied the answer, and that is one too: SES was
        reached, and knows the credentials. Whether the sender is verified then shows on sending only.
        """
        try:
            is_verified = self._is_verified(sender, or_else=sender.rpartition("@")[2])
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") == _DENIED:
                return
            raise MailNotSent(_from_answer(error).reason) from error
        except BotoCoreError as error:
            raise MailNotSent(_without_answer(error).reason) from error
        except ResponseParserError as error:
            raise MailNotSent("no_answer") from error
        if not is_verified:
            raise MailNotSent("sender_not_verified")

    def _is_verified(self, identity: str, *, or_else: str = "") -> bool:
        try:
            answer = self._client.get_email_identity(EmailIdentity=identity)
        except self._client.exceptions.NotFoundException:
            return bool(or_else) and self._is_verified(or_else)
        return answer.get("VerifiedForSendingStatus", False)

    def send(self, message: bytes, *, sender: str, recipient: str) -> None:
        """Hand the message over. Raise `MailNotSent`, `MailRefused` or `MailUnknown`."""
        try:
            answer = self._client.send_email(
                FromEmailAddress=sender,
                Destination={"ToAddresses": [recipient]},
                Content={"Raw": {"Data": message}},
            )
        except ClientError as error:
            raise _from_answer(error) from error
        except BotoCoreError as error:
            raise _without_answer(error) from error
        except ResponseParserError as error:
            raise MailUnknown("no_answer") from error
        if not answer.get("MessageId"):
            # A proxy's page also comes with 200; only the service gives a mail its id.
            raise MailUnknown("no_answer")


def _from_answer(error: ClientError) -> MailError:
    code = error.response.get("Error", {}).get("Code", "")
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in _NOT_SENT:
        return MailNotSent(_NOT_SENT[code])
    if status == 429:
        return MailNotSent("throttled")
    if status in (502, 504):
        # A gateway that lost the service: what the service did is not known.
        return MailUnknown("no_answer")
    if status in (401, 403):
        return MailNotSent("auth")
    if code == "MessageRejected" and "not verified" in error.response["Error"].get("Message", ""):
        # The same code for a forbidden content and for an account still in the sandbox.
        return MailNotSent("sender_not_verified")
    if code in _REFUSED:
        return MailRefused(_REFUSED[code])
    return MailRefused("too_large") if status == 413 else MailNotSent(f"http_{status}")


def _without_answer(error: BotoCoreError) -> MailError:
    if isinstance(error, _NOT_REACHED):
        return MailNotSent("unreachable")
    if isinstance(error, _NO_CREDENTIALS):
        return MailNotSent("auth")
    if isinstance(error, SSLError):
        return MailNotSent("tls")
    return MailUnknown("no_answer") if isinstance(error, _NO_ANSWER) else MailNotSent("sdk")
