"""An SMTP server that stops answering, at each step: sent, not sent, or not known."""

import socket
import time

import pytest
from fakes.mail_server import (
    Certificate,
    MailHandler,
    make_certificate,
    raw_server,
)
from homthu.ports import MailError, MailNotSent, MailUnknown
from ports import free_port
from smtp_side import MESSAGE, running, send, speak_until


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def handler() -> MailHandler:
    return MailHandler()


def test_a_refused_connection_is_tried_again_later(certificate: Certificate) -> None:
    with pytest.raises(MailNotSent, match=r"^unreachable$"):
        send(free_port(), certificate)


@pytest.mark.parametrize(
    ("greeting", "reason"),
    [(b"421 busy\r\n", "busy 421"), (b"554 no service\r\n", "server_refused 554"), (b"", "disconnected")],
)
def test_a_greeting_that_is_none_is_owed(certificate: Certificate, greeting: bytes, reason: str) -> None:
    with raw_server(lambda talk: talk.sendall(greeting)) as port, pytest.raises(MailError) as error:
        send(port, certificate)
    assert error.value.reason == reason


def test_a_server_that_never_greets_does_not_hold_the_report_up(certificate: Certificate) -> None:
    def wait(connection: socket.socket) -> None:
        connection.settimeout(60)
        assert connection.recv(1) == b""

    started = time.monotonic()
    with raw_server(wait) as port, pytest.raises(MailNotSent, match=r"^timeout$"):
        send(port, certificate, timeout_seconds=0.2)
    assert time.monotonic() - started < 30


def test_an_answer_lost_after_the_mail_was_taken_is_unknown(certificate: Certificate) -> None:
    handler = MailHandler(drops_after_taking=True)
    with running(handler, certificate) as port, pytest.raises(MailUnknown, match=r"^no_answer$"):
        send(port, certificate)
    assert len(handler.envelopes) == 1


def test_a_connection_lost_at_the_final_dot_is_unknown_even_if_nothing_was_taken(
    certificate: Certificate,
) -> None:
    handler = MailHandler(drops_at_data=True)
    with running(handler, certificate) as port, pytest.raises(MailUnknown, match=r"^no_answer$"):
        send(port, certificate)
    assert handler.envelopes == []


def test_a_stall_after_the_final_dot_is_unknown(certificate: Certificate) -> None:
    handler = MailHandler(stalls_seconds=1)
    with running(handler, certificate) as port, pytest.raises(MailUnknown, match=r"^no_answer$"):
        send(port, certificate, answer_timeout_seconds=0.2)
    assert len(handler.envelopes) == 1


def test_a_server_slow_to_answer_after_the_data_is_waited_for(certificate: Certificate) -> None:
    handler = MailHandler(stalls_seconds=1)
    with running(handler, certificate) as port:
        send(port, certificate, timeout_seconds=0.5, answer_timeout_seconds=5)
    assert len(handler.envelopes) == 1


def test_a_connection_lost_before_the_data_is_not_sent(certificate: Certificate) -> None:
    with (
        raw_server(lambda talk: speak_until(talk, b"data", certificate.server)) as port,
        pytest.raises(MailNotSent, match=r"^disconnected$"),
    ):
        send(port, certificate, username="")


def test_a_connection_lost_amid_the_data_is_not_sent(certificate: Certificate) -> None:
    with (
        raw_server(lambda talk: speak_until(talk, b"quit", certificate.server)) as port,
        pytest.raises(MailNotSent, match=r"^disconnected$"),
    ):
        send(port, certificate, username="", message=MESSAGE + (b"x" * 70 + b"\r\n") * 200_000)


@pytest.mark.parametrize("answer", [b"hm\r\n", b"354 again\r\n", b"999 ok\r\n"])
def test_an_answer_after_the_final_dot_that_says_nothing_is_unknown(
    certificate: Certificate, answer: bytes
) -> None:
    with (
        raw_server(lambda talk: speak_until(talk, b"quit", certificate.server, answer)) as port,
        pytest.raises(MailUnknown, match=r"^no_answer$"),
    ):
        send(port, certificate, username="")
