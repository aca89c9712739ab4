"""How a function proves to Amazon who it is, and what becomes of a mail when it cannot."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from homthu.adapters.mail.google_identity import NoIdentity, identity_token
from homthu.adapters.mail.ses import SesMailer
from homthu.ports import MailBlocked
from ports import free_port

ROLE = "arn:aws:iam::123456789012:role/homthu-report"


@contextmanager
def metadata_server(status: int = 200) -> Iterator[tuple[str, list[tuple[str, str | None]]]]:
    """A server that answers as Google's does; gives its address and what it was asked."""
    asked: list[tuple[str, str | None]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.path, self.headers["Metadata-Flavor"]))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(b"header.payload.signature")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
        server.shutdown()


def test_a_token_is_asked_for_one_audience_with_the_header_that_no_browser_sends() -> None:
    with metadata_server() as (server, asked):
        assert identity_token("sts.amazonaws.com", server) == "header.payload.signature"
    path = "/computeMetadata/v1/instance/service-accounts/default/identity"
    assert asked == [(f"{path}?audience=sts.amazonaws.com&format=full", "Google")]


@pytest.mark.parametrize("status", [403, 404, 500])
def test_a_refusal_is_no_identity(status: int) -> None:
    with metadata_server(status) as (server, _), pytest.raises(NoIdentity):
        identity_token("sts.amazonaws.com", server)


def test_outside_google_there_is_no_identity() -> None:
    with pytest.raises(NoIdentity):
        identity_token("sts.amazonaws.com", f"http://127.0.0.1:{free_port()}")


def test_without_an_identity_the_mail_stays_owed() -> None:
    def no_token(audience: str) -> str:
        raise NoIdentity(audience)

    mailer = SesMailer.in_role(ROLE, no_token, region="ap-southeast-1", endpoint_url="http://127.0.0.1:1")
    with pytest.raises(MailBlocked) as raised:
        mailer.send(b"Subject: x\r\n\r\n", sender="a@example.org", recipient="b@example.org")
    assert raised.value.reason == "no_credentials"


def test_when_the_role_cannot_be_taken_on_the_mail_stays_owed() -> None:
    """Amazon's token service does not answer: the mail itself was never handed over."""
    url = f"http://127.0.0.1:{free_port()}"
    mailer = SesMailer.in_role(ROLE, lambda audience: "token", region="ap-southeast-1", endpoint_url=url)
    with pytest.raises(MailBlocked) as raised:
        mailer.send(b"Subject: x\r\n\r\n", sender="a@example.org", recipient="b@example.org")
    assert raised.value.reason == "no_credentials"
