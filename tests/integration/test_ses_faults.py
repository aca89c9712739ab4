"""What every fault of Amazon SES means for a mail, over a real connection and through the real SDK."""

import json
import socket
import threading
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from boto3.session import Session
from botocore.exceptions import ConnectionClosedError
from fakes.mail_server import HOST
from homthu.adapters.mail.ses import SesMailer
from homthu.ports import MailBlocked, MailError, MailNotSent, MailRefused, MailUnknown
from ports import free_port

SENDER = "hop-thu@bacgiang.example"
RECIPIENT = "chu-tich@bacgiang.example"
MESSAGE = b"Message-ID: <1@hop-thu.example>\r\nSubject: x\r\n\r\nXin chao\r\n"


class ScriptedSes(ThreadingHTTPServer):
    """Counts the requests, and answers each as the test says: status and body, or a lost answer."""

    def __init__(self) -> None:
        super().__init__((HOST, 0), _Handler)
        self.requests: list[dict[str, object]] = []
        self.asked: list[str] = []
        self.status = 200
        self.error = ""
        self.body: bytes = b'{"MessageId": "0100"}'
        self.delay_seconds = 0.0
        self.loses_answers = False


class _Handler(BaseHTTPRequestHandler):
    server: ScriptedSes

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self._delayed_answer()

    def do_POST(self) -> None:
        self.server.requests.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self._delayed_answer()

    def _delayed_answer(self) -> None:
        time.sleep(self.server.delay_seconds)
        if self.server.loses_answers:
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        with suppress(BrokenPipeError, ConnectionResetError):
            self._answer()

    def _answer(self) -> None:
        self.send_response(self.server.status)
        if self.server.error:
            self.send_header("x-amzn-ErrorType", self.server.error)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def ses() -> Iterator[ScriptedSes]:
    with ScriptedSes() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        yield server
        server.shutdown()


@cache
def with_keys() -> Session:
    """One for all: each would read again what the SDK knows of the service."""
    return Session(aws_access_key_id="key", aws_secret_access_key="secret")


def send(ses: ScriptedSes, *, read_timeout_seconds: float = 3) -> None:
    SesMailer(
        "ap-southeast-1",
        session=with_keys,
        read_timeout_seconds=read_timeout_seconds,
        endpoint_url=f"http://{HOST}:{ses.server_port}",
    ).send(MESSAGE, sender=SENDER, recipient=RECIPIENT)


def test_a_mail_is_one_request_with_its_very_bytes_to_one_recipient(ses: ScriptedSes) -> None:
    send(ses)
    [request] = ses.requests
    assert request["FromEmailAddress"] == SENDER
    assert request["Destination"] == {"ToAddresses": [RECIPIENT]}
    content = request["Content"]
    assert isinstance(content, dict)
    assert b64decode(content["Raw"]["Data"]) == MESSAGE


@pytest.mark.parametrize(
    ("status", "code", "error", "reason"),
    [
        (429, "TooManyRequestsException", MailNotSent, "busy TooManyRequestsException"),
        (429, "", MailNotSent, "busy"),
        (400, "ThrottlingException", MailNotSent, "busy ThrottlingException"),
        (400, "LimitExceededException", MailNotSent, "quota LimitExceededException"),
        (500, "InternalServerErrorException", MailNotSent, "busy http 500"),
        (503, "ServiceUnavailable", MailNotSent, "busy http 503"),
        (502, "", MailUnknown, "no_answer"),
        (504, "", MailUnknown, "no_answer"),
        (403, "SignatureDoesNotMatch", MailBlocked, "no_credentials SignatureDoesNotMatch"),
        (403, "ExpiredTokenException", MailBlocked, "no_credentials ExpiredTokenException"),
        (403, "AccessDeniedException", MailBlocked, "no_credentials AccessDeniedException"),
        (
            400,
            "MailFromDomainNotVerifiedException",
            MailBlocked,
            "sender_not_verified MailFromDomainNotVerifiedException",
        ),
        (400, "AccountSuspendedException", MailBlocked, "account_stopped AccountSuspendedException"),
        (400, "SendingPausedException", MailBlocked, "account_stopped SendingPausedException"),
        (404, "NotFoundException", MailBlocked, "sender_not_verified NotFoundException"),
        (400, "SomethingNewException", MailNotSent, "busy http 400"),
        (400, "MessageRejected", MailBlocked, "content_refused MessageRejected"),
        (400, "BadRequestException", MailBlocked, "bad_message BadRequestException"),
        (413, "", MailBlocked, "too_large"),
    ],
)
def test_the_answer_decides_after_a_single_attempt(
    ses: ScriptedSes, status: int, code: str, error: type[Exception], reason: str
) -> None:
    ses.status, ses.error = status, code
    ses.body = json.dumps({"message": f"about {RECIPIENT}"}).encode()
    with pytest.raises(MailError) as raised:
        send(ses)
    assert (type(raised.value), str(raised.value)) == (error, reason)
    assert len(ses.requests) == 1


def test_an_account_in_the_sandbox_is_no_fault_of_the_recipient(ses: ScriptedSes) -> None:
    ses.status, ses.error = 400, "MessageRejected"
    ses.body = json.dumps({"message": "Email address is not verified. The following failed: x"}).encode()
    with pytest.raises(MailBlocked, match=r"^sender_not_verified sandbox$"):
        send(ses)


def test_an_address_that_amazon_takes_for_none_is_the_recipients_alone(ses: ScriptedSes) -> None:
    ses.status, ses.error = 400, "BadRequestException"
    ses.body = json.dumps({"message": "Illegal address"}).encode()
    with pytest.raises(MailRefused, match=r"^bad_address BadRequestException$"):
        send(ses)


def test_notices_of_non_delivery_are_asked_for_where_they_are_read(ses: ScriptedSes) -> None:
    send(ses)
    SesMailer(
        "ap-southeast-1",
        session=with_keys,
        bounces_to="quan-tri@bacgiang.example",
        endpoint_url=f"http://{HOST}:{ses.server_port}",
    ).send(MESSAGE, sender=SENDER, recipient=RECIPIENT)
    asked = [request["FeedbackForwardingEmailAddress"] for request in ses.requests]
    assert asked == [SENDER, "quan-tri@bacgiang.example"]


def test_a_lost_answer_is_unknown_and_not_repeated_by_the_sdk(ses: ScriptedSes) -> None:
    ses.loses_answers = True
    with pytest.raises(MailUnknown, match=r"^no_answer$"):
        send(ses)
    assert len(ses.requests) == 1


def test_an_answer_that_comes_too_late_is_unknown_and_not_repeated(ses: ScriptedSes) -> None:
    ses.delay_seconds = 0.8
    with pytest.raises(MailUnknown, match=r"^no_answer$"):
        send(ses, read_timeout_seconds=0.2)
    assert len(ses.requests) == 1


@pytest.mark.parametrize("body", [b"", b"{}", b"<html>please log in</html>"])
def test_only_the_services_own_receipt_counts_as_sent(ses: ScriptedSes, body: bytes) -> None:
    ses.body = body
    with pytest.raises(MailUnknown, match=r"^no_answer$"):
        send(ses)
    assert len(ses.requests) == 1


def test_a_service_that_cannot_be_reached_is_tried_again_later() -> None:
    mailer = SesMailer("ap-southeast-1", session=with_keys, endpoint_url=f"http://{HOST}:{free_port()}")
    with pytest.raises(MailNotSent, match=r"^unreachable$"):
        mailer.send(MESSAGE, sender=SENDER, recipient=RECIPIENT)


def test_a_service_without_tls_gets_nothing(ses: ScriptedSes) -> None:
    mailer = SesMailer("ap-southeast-1", session=with_keys, endpoint_url=f"https://{HOST}:{ses.server_port}")
    with pytest.raises(MailBlocked, match=r"^tls$"):
        mailer.send(MESSAGE, sender=SENDER, recipient=RECIPIENT)
    assert ses.requests == []


def test_missing_credentials_are_a_setting_to_correct(
    ses: ScriptedSes, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, "/nonexistent")
    mailer = SesMailer("ap-southeast-1", endpoint_url=f"http://{HOST}:{ses.server_port}")
    with pytest.raises(MailBlocked, match=r"^no_credentials$"):
        mailer.send(MESSAGE, sender=SENDER, recipient=RECIPIENT)
    assert ses.requests == []


def test_the_client_is_made_on_the_first_send_and_once(ses: ScriptedSes) -> None:
    made: list[Session] = []

    def session() -> Session:
        made.append(with_keys())
        return made[-1]

    mailer = SesMailer("ap-southeast-1", session=session, endpoint_url=f"http://{HOST}:{ses.server_port}")
    assert made == []
    for _ in range(2):
        mailer.send(MESSAGE, sender=SENDER, recipient=RECIPIENT)
    assert len(made) == 1
    assert len(ses.requests) == 2


def test_the_sdk_left_to_itself_sends_a_lost_mail_again(ses: ScriptedSes) -> None:
    """Why its retries are off: what SES took but could not confirm arrives several times."""
    ses.loses_answers = True
    client = with_keys().client(
        "sesv2", region_name="ap-southeast-1", endpoint_url=f"http://{HOST}:{ses.server_port}"
    )
    with pytest.raises(ConnectionClosedError):
        client.send_email(
            FromEmailAddress=SENDER,
            Destination={"ToAddresses": [RECIPIENT]},
            Content={"Raw": {"Data": MESSAGE}},
        )
    assert len(ses.requests) > 1
