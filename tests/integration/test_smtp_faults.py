"""What every fault of an SMTP server means for a mail: not sent, refused for good, or not known."""

import smtplib
import socket
import ssl
from contextlib import suppress
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
from homthu.adapters.mail.smtp import SmtpMailer
from homthu.ports import MailBlocked, MailError, MailNotSent, MailRefused
from smtp_side import MESSAGE, RECIPIENT, SENDER, running, send, speak_until


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def handler() -> MailHandler:
    return MailHandler()


def test_a_mail_goes_over_tls_to_one_recipient(handler: MailHandler, certificate: Certificate) -> None:
    with running(handler, certificate) as port:
        send(port, certificate)
    [envelope] = handler.envelopes
    assert envelope.mail_from == SENDER
    assert envelope.rcpt_tos == [RECIPIENT]
    assert envelope.content == MESSAGE
    assert handler.tls == [True]


def test_the_greeting_names_the_senders_domain_not_this_machine(
    handler: MailHandler, certificate: Certificate
) -> None:
    with running(handler, certificate) as port:
        send(port, certificate)
    assert handler.helo_names == ["bacgiang.example"]


def test_a_server_that_asks_for_no_password_gets_none(handler: MailHandler, certificate: Certificate) -> None:
    with mail_server(handler, certificate.server, asks_password=False) as port:
        send(port, certificate, username="", password="")
    assert len(handler.envelopes) == 1


@pytest.mark.parametrize("end", [b"\r\n.\r\n", b"\n.\n", b"\r.\r", b"\n.\r\n", b"\r\n.\n"], ids=repr)
def test_no_body_can_end_itself_and_smuggle_a_second_mail(
    handler: MailHandler, certificate: Certificate, end: bytes
) -> None:
    hostile = MESSAGE + b"a" + end + b"MAIL FROM:<x@evil.example>\r\nRCPT TO:<y@evil.example>\r\nDATA\r\n..b"
    with running(handler, certificate) as port:
        send(port, certificate, message=hostile)
    assert len(handler.envelopes) == 1
    assert handler.envelopes[0].content == MESSAGE + b"a\r\n.\r\n" + hostile.partition(end)[2] + b"\r\n"


@pytest.mark.parametrize(
    ("step", "answer", "error", "reason"),
    [
        ("at_rcpt", "451 4.7.1 greylisted, a@b.example", MailNotSent, "busy 451 4.7.1"),
        ("at_rcpt", "452 4.2.2 mailbox full", MailNotSent, "mailbox_full 452 4.2.2"),
        ("at_rcpt", "550 5.1.1 no such user chu-tich", MailRefused, "no_mailbox 550 5.1.1"),
        ("at_rcpt", "553 5.1.3 bad address", MailRefused, "bad_address 553 5.1.3"),
        ("at_rcpt", "530 5.7.0 authentication required", MailBlocked, "login_required 530 5.7.0"),
        ("at_rcpt", "552 too many recipients", MailNotSent, "mailbox_full 552"),
        ("at_rcpt", "421 4.3.2 shutting down", MailNotSent, "busy 421 4.3.2"),
        ("at_mail", "550 5.7.1 not your address", MailBlocked, "sender_refused 550 5.7.1"),
        ("at_mail", "451 4.3.0 later", MailNotSent, "busy 451 4.3.0"),
        ("at_mail", "530 5.7.0 authentication required", MailBlocked, "login_required 530 5.7.0"),
        ("at_mail", "552 5.3.4 too large", MailBlocked, "too_large 552 5.3.4"),
        ("at_data", "451 4.3.0 disk trouble", MailNotSent, "busy 451 4.3.0"),
        ("at_data", "454 4.7.0 throttled", MailNotSent, "busy 454 4.7.0"),
        ("at_data", "552 5.3.4 too large", MailBlocked, "too_large 552 5.3.4"),
        ("at_data", "552 5.2.2 over quota", MailNotSent, "mailbox_full 552 5.2.2"),
        ("at_data", "554 5.6.0 virus", MailBlocked, "content_refused 554 5.6.0"),
    ],
)
def test_the_answer_and_its_step_decide(
    certificate: Certificate, step: str, answer: str, error: type[Exception], reason: str
) -> None:
    handler = MailHandler(**{step: answer})
    with running(handler, certificate) as port, pytest.raises(MailError) as raised:
        send(port, certificate)
    assert (type(raised.value), str(raised.value)) == (error, reason)
    assert handler.envelopes == []


def test_a_size_beyond_what_the_server_announces_is_too_large_before_any_data(
    handler: MailHandler, certificate: Certificate
) -> None:
    with (
        mail_server(handler, certificate.server, data_size_limit=1_000) as port,
        pytest.raises(MailBlocked, match=r"^too_large 1000$"),
    ):
        send(port, certificate, message=MESSAGE + b"x\r\n" * 1_000)
    assert handler.senders == []


def test_a_server_without_starttls_gets_neither_password_nor_mail(
    handler: MailHandler, certificate: Certificate
) -> None:
    with mail_server(handler, None) as port, pytest.raises(MailBlocked, match=r"^no_starttls$"):
        send(port, certificate)
    assert handler.envelopes == []


def test_a_certificate_that_does_not_hold_ends_it_by_default(
    handler: MailHandler, certificate: Certificate
) -> None:
    with running(handler, certificate) as port, pytest.raises(MailBlocked, match=r"^tls_authority$"):
        SmtpMailer(HOST, port, USERNAME, PASSWORD, timeout_seconds=3).send(
            MESSAGE, sender=SENDER, recipient=RECIPIENT
        )
    assert handler.envelopes == []


@pytest.mark.parametrize("password", ["sai", "mật khẩu"])
def test_a_wrong_password_is_no_fault_of_the_recipient(
    handler: MailHandler, certificate: Certificate, password: str
) -> None:
    with running(handler, certificate) as port, pytest.raises(MailBlocked, match=r"^login_refused") as raised:
        send(port, certificate, password=password)
    assert raised.value.for_all
    assert handler.envelopes == []


def test_a_wrong_password_is_tried_once_and_not_with_every_mechanism(
    handler: MailHandler, certificate: Certificate
) -> None:
    with running(handler, certificate) as port, pytest.raises(MailBlocked, match=r"^login_refused"):
        send(port, certificate, password="sai")
    assert handler.logins == ["PLAIN"]


def test_a_server_that_knows_no_passwords_is_a_setting_to_correct(
    handler: MailHandler, certificate: Certificate
) -> None:
    with (
        mail_server(
            handler, certificate.server, asks_password=False, auth_exclude_mechanism=["LOGIN", "PLAIN"]
        ) as port,
        pytest.raises(MailBlocked, match=r"^login_disabled$"),
    ):
        send(port, certificate)


def test_a_server_that_wants_only_what_we_do_not_speak_is_a_setting_to_correct(
    handler: MailHandler, certificate: Certificate
) -> None:
    with (
        mail_server(
            handler,
            certificate.server,
            auth_exclude_mechanism=["LOGIN", "PLAIN"],
            auth_mechanisms=["XOAUTH2"],
        ) as port,
        pytest.raises(MailBlocked, match=r"^no_mechanism XOAUTH2$"),
    ):
        send(port, certificate)


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")
def test_a_server_with_tls_from_the_first_byte_on_gets_the_mail(
    handler: MailHandler, certificate: Certificate
) -> None:
    with mail_server(handler, certificate.server, implicit_tls=True) as port:
        send(port, certificate, implicit_tls=True)
    assert (len(handler.envelopes), handler.tls) == (1, [True])


def test_tls_from_the_first_byte_on_where_the_server_greets_first_is_named(
    handler: MailHandler, certificate: Certificate
) -> None:
    with running(handler, certificate) as port, pytest.raises(MailBlocked, match=r"^not_tls$"):
        send(port, certificate, implicit_tls=True)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [({"days": -2}, "tls_expired"), ({"host": "127.0.0.2"}, "tls_name")],
    ids=["expired", "another name"],
)
def test_what_is_wrong_with_a_certificate_is_named(
    handler: MailHandler, tmp_path: Path, fault: dict[str, object], reason: str
) -> None:
    faulty = make_certificate(tmp_path, **fault)
    with mail_server(handler, faulty.server) as port, pytest.raises(MailBlocked, match=f"^{reason}$"):
        send(port, faulty)
    assert handler.envelopes == []


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_a_server_that_knows_only_old_tls_is_named(certificate: Certificate) -> None:
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    old.load_cert_chain(certificate.file)
    old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    old.set_ciphers("ALL:@SECLEVEL=0")

    def talk(connection: socket.socket) -> None:
        with suppress(ssl.SSLError):
            speak_until(connection, b"data", old)

    with raw_server(talk) as port, pytest.raises(MailBlocked, match=r"^tls_version$"):
        send(port, certificate)


def test_notices_of_non_delivery_go_where_they_are_read(
    handler: MailHandler, certificate: Certificate
) -> None:
    with running(handler, certificate) as port:
        send(port, certificate, bounces_to="quan-tri@bacgiang.example")
    assert handler.senders == ["quan-tri@bacgiang.example"]


def test_what_the_server_says_is_kept_without_addresses(certificate: Certificate) -> None:
    sentence = f"553 5.7.1 <{SENDER}>: Sender address rejected: not owned by user {USERNAME}, see chu-tich"
    with (
        running(MailHandler(at_rcpt=sentence), certificate) as port,
        pytest.raises(MailBlocked, match=r"^not_allowed|^sender_refused") as raised,
    ):
        send(port, certificate)
    assert raised.value.said == "rcpt: <…>: Sender address rejected: not owned by user …, see …"


@pytest.mark.parametrize(
    "address", ["a@b.example>\r\nRCPT TO:<x@evil.example", "a b@c.example", "ộ@b.example", "a"]
)
def test_an_address_never_becomes_a_command(
    handler: MailHandler, certificate: Certificate, address: str
) -> None:
    with running(handler, certificate) as port:
        with pytest.raises(MailRefused, match=r"^bad_address$"):
            send(port, certificate, recipient=address)
        with pytest.raises(MailBlocked, match=r"^bad_sender$"):
            send(port, certificate, sender=address)
    assert handler.envelopes == []


def test_smtplib_itself_does_not_raise_for_one_refused_among_several(certificate: Certificate) -> None:
    """Why one recipient a mail: `sendmail` returns the refused ones and says nothing."""

    handler = MailHandler(refused_recipient=RECIPIENT)
    with (
        mail_server(handler, certificate.server, asks_password=False) as port,
        smtplib.SMTP(HOST, port, timeout=3) as connection,
    ):
        connection.starttls(context=certificate.client)
        refused = connection.sendmail(SENDER, [RECIPIENT, "khac@bacgiang.example"], MESSAGE)
    assert list(refused) == [RECIPIENT]
