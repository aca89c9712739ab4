"""What every mailer does: one call, one recipient, and the very mail that was built."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr
from pathlib import Path

import pytest
from boto3.session import Session
from fakes.mail_server import HOST, PASSWORD, USERNAME, MailHandler, mail_server, make_certificate
from fakes.memory_mailer import MemoryMailer
from homthu.adapters.mail.outbox import OutboxMailer
from homthu.adapters.mail.ses import SesMailer
from homthu.adapters.mail.smtp import SmtpMailer
from homthu.ports import Mailer
from homthu.render.mail.message import Attachment, Mail, address, build_content
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

SENDER = "hop-thu@bacgiang.example"
SENDER_NAME = "Hòm thư góp ý phường Bắc Giang"
CHAIR = "chu-tich@bacgiang.example"
CLERK = "van-phong@bacgiang.example"
REGION = "ap-southeast-1"
MESSAGE_ID = "<00001.2026-W48.7.ab12@hop-thu.example>"
MAIL = Mail(
    subject="[Hòm thư góp ý] Báo cáo tuần 48/2026 (23/11–29/11/2026) – phường Bắc Giang: "
    "37 ý kiến, 4 cần xử lý",
    text="Tuần 48: 37 ý kiến, 4 cần xử lý.\n.\n\nFrom đây là dòng thường.\n",
    html="<!doctype html><p lang='vi'>Tuần 48: <b>37</b> ý kiến «hoà», «hòa».</p>",
    attachments=(
        Attachment(
            name="bao-cao-gop-y_2026-W48.xlsx",
            content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            content=b"PK\x03\x04" + bytes(range(256)) * 300 + b"\r\n.\r\n",
        ),
        Attachment(
            name="du-thao_2026-W48.docx",
            content_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            content=b"\x00\n\r\n\r",
        ),
    ),
)
CONTENT = build_content(
    MAIL, sender_name=SENDER_NAME, sender=SENDER, date=datetime(2026, 11, 30, tzinfo=UTC), reply_to=CLERK
)


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """One mail as its receiver has it. Envelope recipients are empty where there is no envelope."""

    message: bytes
    recipients: tuple[str, ...] = ()

    def parsed(self) -> EmailMessage:
        parsed = message_from_bytes(self.message, policy=default)
        assert isinstance(parsed, EmailMessage)
        return parsed


@dataclass(frozen=True, kw_only=True)
class Post:
    """A mailer, and what has arrived at its other end."""

    mailer: Mailer
    arrived: Callable[[], list[Arrived]]
    keeps_every_copy: bool = True


def _memory(folder: Path) -> Iterator[Post]:
    mailer = MemoryMailer()
    yield Post(
        mailer=mailer,
        arrived=lambda: [Arrived(message=m.message, recipients=(m.recipient,)) for m in mailer.sent],
    )


def _outbox(folder: Path) -> Iterator[Post]:
    outbox = folder / "outbox"
    yield Post(
        mailer=OutboxMailer(outbox),
        arrived=lambda: [Arrived(message=path.read_bytes()) for path in sorted(outbox.glob("*.eml"))],
        keeps_every_copy=False,
    )


def _smtp(folder: Path) -> Iterator[Post]:
    certificate = make_certificate(folder)
    handler = MailHandler()
    with mail_server(handler, certificate.server) as port:
        yield Post(
            mailer=SmtpMailer(HOST, port, USERNAME, PASSWORD, timeout_seconds=5, context=certificate.client),
            arrived=lambda: [
                Arrived(message=envelope.content, recipients=tuple(envelope.rcpt_tos))
                for envelope in handler.envelopes
                if isinstance(envelope.content, bytes)
            ],
        )


def _ses(folder: Path) -> Iterator[Post]:
    with mock_aws():
        Session(region_name=REGION).client("sesv2").create_email_identity(EmailIdentity=SENDER)
        # The mail by which an owner confirms an address does not exist in moto.
        identity = ses_backends[DEFAULT_ACCOUNT_ID][REGION].email_identities[SENDER]
        identity.verified_for_sending_status = True
        yield Post(mailer=SesMailer(REGION), arrived=_taken_by_moto)


def _taken_by_moto() -> list[Arrived]:
    # moto adds the recipients in the headers to those of the call.
    sent = ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages
    return [
        Arrived(
            message=mail.raw_data.encode(),
            recipients=tuple({parseaddr(recipient)[1] for recipient in mail.destinations}),
        )
        for mail in sent
    ]


@pytest.fixture(params=[_memory, _outbox, _smtp, _ses], ids=["memory", "outbox", "smtp", "ses"])
def post(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Post]:
    yield from request.param(tmp_path)


def send(post: Post, recipient: str = CHAIR) -> bytes:
    message = address(CONTENT, recipient_name="Chủ tịch UBND", recipient=recipient, message_id=MESSAGE_ID)
    post.mailer.send(message, sender=SENDER, recipient=recipient)
    return message


def test_a_check_hands_nothing_over_and_a_mail_can_follow(post: Post) -> None:
    post.mailer.check(sender=SENDER, recipients=[CLERK], size_bytes=len(CONTENT))
    assert post.arrived() == []
    message = send(post)
    post.mailer.check(sender=SENDER, recipients=[CLERK], size_bytes=len(CONTENT))
    assert [mail.message for mail in post.arrived()] == [message]


def test_what_arrives_is_byte_for_byte_what_was_sent(post: Post) -> None:
    message = send(post)
    assert [mail.message for mail in post.arrived()] == [message]


def test_what_arrives_reads_as_it_was_written(post: Post) -> None:
    send(post)
    [arrived] = post.arrived()
    mail = arrived.parsed()
    assert mail["Subject"] == MAIL.subject
    assert [(a.display_name, a.addr_spec) for a in mail["From"].addresses] == [(SENDER_NAME, SENDER)]
    assert mail["Reply-To"] == CLERK
    assert mail["Message-ID"] == MESSAGE_ID
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    # RFC 3676, 4.4: a line that begins with «From » travels with a space before it.
    lines = text.get_content().replace("\r\n", "\n").split("\n")
    assert "\n".join(line.removeprefix(" ") for line in lines) == MAIL.text
    assert html.get_content() == MAIL.html
    found = [(a.get_filename(), a.get_content_type(), a.get_content()) for a in mail.iter_attachments()]
    assert found == [(a.name, a.content_type, a.content) for a in MAIL.attachments]
    assert not any(part.defects for part in mail.walk())


def test_a_mail_goes_to_its_one_recipient(post: Post) -> None:
    send(post)
    [arrived] = post.arrived()
    assert arrived.recipients in ((), (CHAIR,))
    mail = arrived.parsed()
    assert [a.addr_spec for a in mail["To"].addresses] == [CHAIR]
    assert mail["Cc"] is None
    assert mail["Bcc"] is None


def test_each_recipient_gets_a_mail_of_its_own(post: Post) -> None:
    send(post, CHAIR)
    send(post, CLERK)
    arrived = [[a.addr_spec for a in mail.parsed()["To"].addresses] for mail in post.arrived()]
    assert sorted(arrived) == [[CHAIR], [CLERK]]


def test_a_second_attempt_is_the_same_mail_with_the_same_id(post: Post) -> None:
    message = send(post)
    send(post)
    copies = [mail.message for mail in post.arrived()]
    assert copies == [message] * (2 if post.keeps_every_copy else 1)
