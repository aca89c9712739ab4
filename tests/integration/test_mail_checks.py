"""What a check of the way out says of each fault, and that it leaves nothing behind."""

import json
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.mail_server import (
    HOST,
    PASSWORD,
    USERNAME,
    Certificate,
    MailHandler,
    mail_server,
    make_certificate,
    raw_server,
)
from homthu.adapters.mail.google_identity import NoIdentity
from homthu.adapters.mail.outbox import OutboxMailer
from homthu.adapters.mail.ses import SesMailer
from homthu.adapters.mail.smtp import SmtpMailer
from homthu.ports import MailError
from integration.test_ses_faults import ScriptedSes, with_keys
from ports import free_port
from unit.adapters.test_outbox import read_only_folder, small_files

__all__ = ["read_only_folder", "small_files"]
SENDER = "hop-thu@bacgiang.example"
OPERATOR = "quan-tri@bacgiang.example"
SIZE = 1 << 20
ROLE = "arn:aws:iam::123456789012:role/homthu-report"
REGION = "ap-southeast-1"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


def smtp(port: int, context: ssl.SSLContext | None, password: str = PASSWORD) -> SmtpMailer:
    return SmtpMailer(HOST, port, USERNAME, password, timeout_seconds=3, context=context)


def reason_of(mailer: SmtpMailer | SesMailer | OutboxMailer, sender: str = SENDER) -> str:
    with pytest.raises(MailError) as raised:
        mailer.check(sender=sender, recipients=[OPERATOR], size_bytes=SIZE)
    return raised.value.reason


def test_a_mail_server_is_told_the_sender_over_tls_and_given_no_mail(certificate: Certificate) -> None:
    handler = MailHandler()
    with mail_server(handler, certificate.server) as port:
        smtp(port, certificate.client).check(sender=SENDER, recipients=[OPERATOR], size_bytes=SIZE)
    # Only who has logged in over TLS gets as far as naming a sender here.
    assert handler.senders == [SENDER]
    assert handler.recipients == [OPERATOR]
    assert handler.envelopes == []


def test_a_wrong_password_is_found_out(certificate: Certificate) -> None:
    with mail_server(MailHandler(), certificate.server) as port:
        assert reason_of(smtp(port, certificate.client, "sai")) == "login_refused 535 5.7.8"


def test_a_server_without_starttls_is_found_out_and_gets_no_password(certificate: Certificate) -> None:
    handler = MailHandler()
    with mail_server(handler, None) as port:
        assert reason_of(smtp(port, certificate.client)) == "no_starttls"
    assert handler.senders == []


def test_a_certificate_that_does_not_hold_is_found_out(certificate: Certificate) -> None:
    with mail_server(MailHandler(), certificate.server) as port:
        assert reason_of(smtp(port, None)) == "tls_authority"


def test_a_server_that_is_down_is_found_out(certificate: Certificate) -> None:
    assert reason_of(smtp(free_port(), certificate.client)) == "unreachable"


def test_a_server_that_is_busy_is_found_out(certificate: Certificate) -> None:
    with raw_server(lambda talk: talk.sendall(b"421 busy\r\n")) as port:
        assert reason_of(smtp(port, certificate.client)) == "busy 421"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("550 5.7.1 not your address", "sender_refused 550 5.7.1"),
        ("530 5.7.0 log in first", "login_required 530 5.7.0"),
    ],
)
def test_a_sender_that_the_server_does_not_want_is_found_out(
    certificate: Certificate, answer: str, reason: str
) -> None:
    with mail_server(MailHandler(at_mail=answer), certificate.server) as port:
        assert reason_of(smtp(port, certificate.client)) == reason


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("553 5.7.1 <x@y.example>: Sender address rejected: not owned by user x", "sender_refused 553 5.7.1"),
        ("554 5.7.1 <z@y.example>: Relay access denied", "not_allowed 554 5.7.1"),
        ("550 5.1.1 no such user", "no_mailbox 550 5.1.1"),
    ],
)
def test_what_the_server_says_of_the_recipient_is_found_out(
    certificate: Certificate, answer: str, reason: str
) -> None:
    """Servers that judge the sender wait with their answer until a recipient is named."""
    handler = MailHandler(at_rcpt=answer)
    with mail_server(handler, certificate.server) as port:
        assert reason_of(smtp(port, certificate.client)) == reason
    assert handler.envelopes == []


def test_a_mail_larger_than_the_server_takes_is_found_out(certificate: Certificate) -> None:
    with mail_server(MailHandler(), certificate.server, data_size_limit=SIZE - 1) as port:
        assert reason_of(smtp(port, certificate.client)) == f"too_large {SIZE - 1}"
    with mail_server(MailHandler(), certificate.server, data_size_limit=SIZE) as port:
        smtp(port, certificate.client).check(sender=SENDER, recipients=[OPERATOR], size_bytes=SIZE)


def test_every_operator_is_named_and_taken_back_over_one_connection(certificate: Certificate) -> None:
    handler = MailHandler()
    operators = [OPERATOR, "quan-tri-2@bacgiang.example"]
    with mail_server(handler, certificate.server) as port:
        smtp(port, certificate.client).check(sender=SENDER, recipients=operators, size_bytes=SIZE)
    assert (handler.recipients, len(handler.logins), handler.envelopes) == (operators, 1, [])


def test_an_address_that_is_none_is_found_out(certificate: Certificate) -> None:
    assert reason_of(smtp(free_port(), certificate.client), "x\r\nRCPT TO:<y@z.example>") == "bad_sender"


@pytest.fixture
def ses() -> Iterator[ScriptedSes]:
    with ScriptedSes() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        yield server
        server.shutdown()


def asking(ses: ScriptedSes, *, read_timeout_seconds: float = 3) -> SesMailer:
    return SesMailer(
        REGION,
        session=with_keys,
        read_timeout_seconds=read_timeout_seconds,
        endpoint_url=f"http://{HOST}:{ses.server_port}",
    )


def test_amazon_is_asked_about_the_sender_and_given_no_mail(ses: ScriptedSes) -> None:
    ses.body = json.dumps({"VerifiedForSendingStatus": True}).encode()
    asking(ses).check(sender=SENDER, recipients=[OPERATOR], size_bytes=SIZE)
    assert ses.asked == ["/v2/email/identities/hop-thu%40bacgiang.example"]
    assert ses.requests == []


def test_who_may_only_send_is_known_to_amazon_and_that_is_enough(ses: ScriptedSes) -> None:
    ses.status, ses.error = 403, "AccessDeniedException"
    asking(ses).check(sender=SENDER, recipients=[OPERATOR], size_bytes=SIZE)
    assert len(ses.asked) == 1


@pytest.mark.parametrize(
    ("status", "code", "reason"),
    [
        (403, "UnrecognizedClientException", "no_credentials UnrecognizedClientException"),
        (403, "SignatureDoesNotMatch", "no_credentials SignatureDoesNotMatch"),
        (403, "ExpiredTokenException", "no_credentials ExpiredTokenException"),
        (429, "TooManyRequestsException", "busy TooManyRequestsException"),
        (400, "AccountSuspendedException", "account_stopped AccountSuspendedException"),
        (503, "ServiceUnavailable", "busy http 503"),
        (502, "", "no_answer"),
        # Neither the address nor its domain is known there.
        (404, "NotFoundException", "sender_not_verified"),
        (200, "", "sender_not_verified"),
    ],
)
def test_what_amazon_answers_is_told(ses: ScriptedSes, status: int, code: str, reason: str) -> None:
    ses.status, ses.error = status, code
    ses.body = json.dumps({"message": "x", "VerifiedForSendingStatus": False}).encode()
    assert reason_of(asking(ses)) == reason
    expected = ["hop-thu%40bacgiang.example", "bacgiang.example"][: 2 if status == 404 else 1]
    assert [path.rpartition("/")[2] for path in ses.asked] == expected


@pytest.mark.parametrize("body", [b"<html>please log in</html>", b"{}"])
def test_an_answer_that_is_not_amazons_does_not_count(ses: ScriptedSes, body: bytes) -> None:
    ses.body = body
    assert reason_of(asking(ses)) in ("no_answer", "sender_not_verified")


def test_an_amazon_that_does_not_answer_is_found_out(ses: ScriptedSes) -> None:
    ses.delay_seconds = 0.8
    assert reason_of(asking(ses, read_timeout_seconds=0.2)) == "no_answer"
    unreachable = SesMailer(REGION, session=with_keys, endpoint_url=f"http://{HOST}:{free_port()}")
    assert reason_of(unreachable) == "unreachable"


def test_a_role_that_cannot_be_taken_on_is_found_out(ses: ScriptedSes) -> None:
    def no_token(audience: str) -> str:
        raise NoIdentity(audience)

    url = f"http://{HOST}:{ses.server_port}"
    assert reason_of(SesMailer.in_role(ROLE, no_token, region=REGION, endpoint_url=url)) == "no_credentials"
    assert ses.asked == []
    nowhere = f"http://{HOST}:{free_port()}"
    assert (
        reason_of(SesMailer.in_role(ROLE, lambda _: "t", region=REGION, endpoint_url=nowhere))
        == "no_credentials"
    )


def test_an_outbox_is_written_to_and_nothing_stays(tmp_path: Path) -> None:
    OutboxMailer(tmp_path).check(sender=SENDER, recipients=[OPERATOR], size_bytes=SIZE)
    assert list(tmp_path.iterdir()) == []


def test_a_look_at_an_outbox_that_is_to_come_makes_no_folder(tmp_path: Path) -> None:
    OutboxMailer(tmp_path / "data" / "outbox").check(sender=SENDER, recipients=[OPERATOR], size_bytes=SIZE)
    assert list(tmp_path.iterdir()) == []


def test_a_read_only_outbox_is_found_out(read_only_folder: Path) -> None:
    assert reason_of(OutboxMailer(read_only_folder)) == "outbox_read_only"
    assert reason_of(OutboxMailer(read_only_folder / "outbox")) == "outbox_read_only"


def test_a_file_in_place_of_the_outbox_is_found_out(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("")
    assert reason_of(OutboxMailer(tmp_path / "outbox")) == "outbox_failed"


@pytest.mark.usefixtures("small_files")
def test_an_outbox_without_room_for_a_mail_is_found_out(tmp_path: Path) -> None:
    assert reason_of(OutboxMailer(tmp_path)) == "outbox_full"
    assert list(tmp_path.iterdir()) == []
