"""Postfix with Dovecot, and Exim, as an office runs them: what they say, and that no week is lost by it."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from pathlib import Path

import machine
import mail_programs
import pytest
from exim_host import exim
from fakes.mail_answers import EXIM, POSTFIX, Recorded
from fakes.mail_server import HOST, Certificate, make_certificate
from homthu.adapters.mail.smtp import SmtpMailer
from homthu.adapters.mail.smtp_answer import Answer, error_of
from homthu.ports import MailBlocked, MailError, MailRefused
from mail_hosts import (
    CHAIR,
    FORBIDDEN,
    OPERATOR,
    PASSWORD,
    RECIPIENTS,
    SENDER,
    SMALL_BYTES,
    STRANGER,
    USERNAME,
    Ports,
)
from postfix_host import inbox, postfix
from shell import run, succeed

pytestmark = pytest.mark.long
UNKNOWN = "khong-co.ngo-quyen@example.org"
WARD = "07207"


@pytest.fixture(scope="module")
def programs() -> None:
    """Without them there is nothing to ask."""
    if reason := mail_programs.missing():
        machine.lacks("mail-programs", reason)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that servers get into which have given up root's rights; pytest's own are closed to them."""
    with tempfile.TemporaryDirectory(prefix="hom-thu-mail-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """Where Postfix and Dovecot live."""
    with open_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def mailboxes(home: Path) -> Path:
    """Where Postfix puts what it takes."""
    return home / "mailboxes"


@pytest.fixture(scope="module")
def context(programs: None, certificate: Certificate, home: Path) -> Iterator[Ports]:
    """Postfix and Dovecot."""
    with postfix(home, certificate) as ports:
        yield ports


@pytest.fixture(scope="module")
def other(programs: None, certificate: Certificate) -> Iterator[Ports]:
    """Exim."""
    with open_folder() as folder, exim(folder, certificate) as ports:
        yield ports


def fault(
    port: int,
    certificate: Certificate,
    *,
    sender: str = SENDER,
    recipient: str = CHAIR,
    username: str = USERNAME,
    password: str = PASSWORD,
    subject: str = "x",
    implicit_tls: bool = False,
    lines: int = 1,
) -> MailError | None:
    """What a mail meets that is sent like this; None if it is taken."""
    message = f"Message-ID: <1@x.example>\r\nSubject: {subject}\r\n\r\n" + ("x" * 70 + "\r\n") * lines
    mailer = SmtpMailer(
        HOST,
        port,
        username,
        password if username else "",
        implicit_tls=implicit_tls,
        timeout_seconds=30,
        context=certificate.client,
    )
    try:
        mailer.send(message.encode(), sender=sender, recipient=recipient)
    except MailError as error:
        return error
    return None


def same(error: MailError | None, recorded: Recorded, **people: str) -> bool:
    """Whether a server still says what was recorded of it, and it is understood as it was."""
    people = {"sender": SENDER, "recipient": CHAIR, "user": USERNAME, **people}
    code, _, text = recorded.line.format(**people).partition(" ")
    hidden = [*people.values(), *(one.partition("@")[0] for one in people.values())]
    expected = error_of(Answer.read(recorded.step, int(code), text), hidden)
    assert error is not None
    assert (type(error), error.reason, error.said) == (recorded.kind, recorded.reason, expected.said)
    return True


def test_postfix_takes_a_mail_by_each_way_in(
    context: Ports, certificate: Certificate, mailboxes: Path
) -> None:
    before = len(inbox(mailboxes, OPERATOR))
    assert fault(context.submission, certificate, recipient=OPERATOR) is None
    assert fault(context.submissions, certificate, recipient=OPERATOR, implicit_tls=True) is None
    assert fault(context.relay, certificate, recipient=OPERATOR, username="") is None
    assert _wait_until(lambda: len(inbox(mailboxes, OPERATOR)) == before + 3)


def test_postfix_says_what_was_recorded(context: Ports, certificate: Certificate) -> None:
    port, relay, says = context.submission, context.relay, POSTFIX
    assert same(fault(port, certificate, password="sai"), says["a wrong password"])
    stolen = fault(port, certificate, sender=OPERATOR)
    assert same(stolen, says["a sender that is another's"], sender=OPERATOR)
    assert same(fault(port, certificate, username=""), says["no login where one is needed"])
    nobody = fault(relay, certificate, username="", sender=UNKNOWN)
    assert same(nobody, says["a sender that does not exist"], sender=UNKNOWN)
    gone = fault(port, certificate, recipient=UNKNOWN)
    assert same(gone, says["a mailbox that does not exist"], recipient=UNKNOWN)
    foreign = fault(relay, certificate, username="", recipient=STRANGER)
    assert same(foreign, says["a relay that is none for us"], recipient=STRANGER)
    assert same(fault(port, certificate, subject=FORBIDDEN), says["a filter"])


def test_exim_which_sends_no_enhanced_codes_says_what_was_recorded(
    other: Ports, certificate: Certificate
) -> None:
    port, says = other.submission, EXIM
    assert fault(port, certificate) is None
    assert fault(other.submissions, certificate, implicit_tls=True) is None
    assert fault(other.relay, certificate, username="") is None
    assert same(fault(port, certificate, password="sai"), says["a wrong password"])
    assert same(fault(port, certificate, sender=OPERATOR), says["a sender that is another's"])
    gone = fault(port, certificate, recipient=UNKNOWN)
    assert same(gone, says["a mailbox that does not exist"], recipient=UNKNOWN)
    foreign = fault(port, certificate, recipient=STRANGER)
    assert same(foreign, says["a relay that is none for us"], recipient=STRANGER)
    assert same(fault(port, certificate, subject=FORBIDDEN), says["a filter"])


@pytest.mark.parametrize(
    ("way", "reason"),
    [
        ({"port": "submission", "implicit_tls": True}, "not_tls"),
        ({"port": "plain"}, "no_starttls"),
        ({"port": "relay"}, "login_disabled"),
        ({"port": "small", "lines": SMALL_BYTES // 70}, f"too_large {SMALL_BYTES}"),
    ],
    ids=["TLS at once where it comes later", "no TLS", "a login where there is none", "too large"],
)
def test_what_is_wrong_with_the_way_is_named(
    context: Ports, certificate: Certificate, way: dict[str, object], reason: str
) -> None:
    options = {name: value for name, value in way.items() if name != "port"}
    error = fault(getattr(context, str(way["port"])), certificate, **options)
    assert isinstance(error, MailBlocked)
    assert error.reason == reason


@pytest.mark.parametrize(
    ("changes", "reason"), [({"days": -2}, "tls_expired"), ({"host": "127.0.0.2"}, "tls_name")]
)
def test_exims_certificate_is_looked_at(
    programs: None, tmp_path: Path, changes: dict[str, object], reason: str
) -> None:
    faulty = make_certificate(tmp_path, **changes)
    with open_folder() as folder, exim(folder, faulty) as ports:
        for port, implicit in ((ports.submission, False), (ports.submissions, True)):
            error = fault(port, faulty, implicit_tls=implicit)
            assert error is not None
            assert (type(error), error.reason) == (MailBlocked, reason)


def test_an_authority_that_nobody_knows_is_named(context: Ports, tmp_path: Path) -> None:
    error = fault(context.submission, make_certificate(tmp_path))
    assert error is not None
    assert error.reason == "tls_authority"


@pytest.fixture(scope="module")
def made(programs: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A box that owes its reports."""
    folder = tmp_path_factory.mktemp("made") / "box"
    succeed("seed-demo", "--data", folder, "--weeks", "1", "--submissions", "20")
    (folder / "DU-LIEU-MAU.txt").unlink(missing_ok=True)
    return folder


def test_a_week_that_the_server_refused_for_the_senders_sake_is_rehearsed_owed_and_at_last_read(
    context: Ports, certificate: Certificate, mailboxes: Path, made: Path, tmp_path: Path
) -> None:
    """The worst that was seen: four bounces for want of a right, and no way to send the week again."""
    data = shutil.copytree(made, tmp_path / "box")
    before = {mailbox: len(inbox(mailboxes, mailbox)) for mailbox in RECIPIENTS}
    common = {
        "HOMTHU_MAIL": f"smtps://{USERNAME}:{PASSWORD}@{HOST}:{context.submissions}",
        "SSL_CERT_FILE": str(certificate.file),
    }
    wrong, right = {**common, "HOMTHU_SENDER": OPERATOR}, {**common, "HOMTHU_SENDER": SENDER}
    words = ("report", "--data", data, "--ward", WARD)
    rehearsed = run(*words, "--rehearse", **wrong)
    assert (rehearsed.returncode, "sender_refused 553 5.7.1" in rehearsed.stdout) == (1, True)
    refused = run(*words, **wrong)
    assert refused.returncode == 1
    assert "owed: 4" in refused.stdout
    assert refused.stdout.count("blocked (sender_refused 553 5.7.1)") == 4
    assert "the way out for mail is open" in succeed(*words, "--rehearse", **right)
    assert "sent: 4" in succeed(*words, **right)
    for mailbox in RECIPIENTS:
        assert _wait_until(lambda mailbox=mailbox: len(inbox(mailboxes, mailbox)) == before[mailbox] + 1)
        mail = message_from_bytes(inbox(mailboxes, mailbox)[-1])
        assert mail["To"] == mailbox
        assert mail["From"].endswith(f"<{SENDER}>"), (
            "the one that may be used, not the one it was frozen with"
        )
        assert mail["Return-Path"] == f"<{SENDER}>"
        kinds = [part.get_content_type() for part in mail.walk() if not part.is_multipart()]
        assert kinds[:2] == ["text/plain", "text/html"]
    succeed(*words, **right)
    assert len(inbox(mailboxes, CHAIR)) == before[CHAIR] + 1


def test_the_mailbox_of_one_member_that_is_gone_is_that_members_alone(
    context: Ports, certificate: Certificate
) -> None:
    error = fault(context.submission, certificate, recipient=UNKNOWN)
    assert isinstance(error, MailRefused)
    assert not error.for_all


def _wait_until(holds: Callable[[], bool], seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.2)
    return True
