"""The outbox folder: one whole file a mail, whatever happens while it is written."""

import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from homthu.adapters.mail.outbox import OutboxMailer
from homthu.ports import MailBlocked

FUNCTIONS = Path(__file__).parents[3] / "functions"
SENDER = "hop-thu@bacgiang.example"
CHAIR = "chu-tich@bacgiang.example"
CLERK = "van-phong@bacgiang.example"


def message(local_part: str = "00001.2026-W48.7.ab12", body: bytes = b"Xin ch\xc3\xa0o\r\n") -> bytes:
    return b"Message-ID: <%b@hop-thu.example>\r\n\r\n%b" % (local_part.encode(), body)


def everything_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_mail_is_one_file_with_its_very_bytes(tmp_path: Path) -> None:
    OutboxMailer(tmp_path).send(message(), sender=SENDER, recipient=CHAIR)
    [file] = tmp_path.iterdir()
    assert file.suffix == ".eml"
    assert file.read_bytes() == message()


def test_the_file_is_named_by_the_message_id_and_shows_no_address(tmp_path: Path) -> None:
    OutboxMailer(tmp_path).send(message(), sender=SENDER, recipient=CHAIR)
    [name] = everything_in(tmp_path)
    assert name.startswith("00001.2026-W48.7.ab12.")
    assert name.isascii()
    assert "chu-tich" not in name


def test_the_same_mail_again_makes_no_second_file(tmp_path: Path) -> None:
    for _ in range(3):
        OutboxMailer(tmp_path).send(message(), sender=SENDER, recipient=CHAIR)
    [file] = tmp_path.iterdir()
    assert file.read_bytes() == message()


def test_two_recipients_of_one_message_id_are_two_files(tmp_path: Path) -> None:
    for recipient in (CHAIR, CLERK):
        OutboxMailer(tmp_path).send(message(), sender=SENDER, recipient=recipient)
    assert len(everything_in(tmp_path)) == 2


@pytest.mark.parametrize(
    ("one", "other"), [("a/b", "a+b"), ("x" * 90 + "1", "x" * 90 + "2"), ("..", "."), ("a", "A")]
)
def test_ids_that_look_alike_in_a_name_stay_apart(tmp_path: Path, one: str, other: str) -> None:
    for local_part in (one, other):
        OutboxMailer(tmp_path).send(message(local_part), sender=SENDER, recipient=CHAIR)
    names = everything_in(tmp_path)
    assert len({name.casefold() for name in names}) == 2
    assert not any(name.startswith(".") for name in names)


def test_mails_without_an_id_are_told_apart_by_what_they_say(tmp_path: Path) -> None:
    for body in (b"\r\n1", b"\r\n2", b"\r\n2"):
        OutboxMailer(tmp_path).send(body, sender=SENDER, recipient=CHAIR)
    assert len(everything_in(tmp_path)) == 2


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    OutboxMailer(tmp_path / "a" / "b").send(message(), sender=SENDER, recipient=CHAIR)
    assert len(everything_in(tmp_path / "a" / "b")) == 1


def test_a_mail_is_for_its_owner_only(tmp_path: Path) -> None:
    OutboxMailer(tmp_path).send(message(), sender=SENDER, recipient=CHAIR)
    [file] = tmp_path.iterdir()
    assert file.stat().st_mode & 0o077 == 0


@pytest.fixture
def small_files() -> Iterator[None]:
    """A limit on file size: the kernel then stops a write half-way, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.usefixtures("small_files")
def test_a_full_folder_leaves_nothing_behind_and_the_next_mail_fits(tmp_path: Path) -> None:
    mailer = OutboxMailer(tmp_path)
    with pytest.raises(MailBlocked) as error:
        mailer.send(message(body=b"x" * 3_000_000), sender=SENDER, recipient=CHAIR)
    assert error.value.reason == "outbox_full"
    assert everything_in(tmp_path) == []
    mailer.send(message(), sender=SENDER, recipient=CHAIR)
    assert len(everything_in(tmp_path)) == 1


@pytest.mark.usefixtures("small_files")
def test_a_failed_second_attempt_leaves_the_first_file_whole(tmp_path: Path) -> None:
    mailer = OutboxMailer(tmp_path)
    mailer.send(message(), sender=SENDER, recipient=CHAIR)
    with pytest.raises(MailBlocked):
        mailer.send(message(body=b"x" * 3_000_000), sender=SENDER, recipient=CHAIR)
    [file] = tmp_path.iterdir()
    assert file.read_bytes() == message()


@pytest.fixture
def read_only_folder() -> Iterator[Path]:
    """A folder that may not be written to, for root neither: root steps down while the test runs."""
    folder = Path(tempfile.mkdtemp())
    is_root = os.geteuid() == 0
    if is_root:
        os.chown(folder, 65534, 65534)
    folder.chmod(0o500)
    if is_root:
        os.seteuid(65534)
    try:
        yield folder
    finally:
        if is_root:
            os.seteuid(0)
        folder.chmod(0o700)
        shutil.rmtree(folder)


def test_a_read_only_folder_is_told_from_a_full_one(read_only_folder: Path) -> None:
    with pytest.raises(MailBlocked) as error:
        OutboxMailer(read_only_folder).send(message(), sender=SENDER, recipient=CHAIR)
    assert error.value.reason == "outbox_read_only"
    assert everything_in(read_only_folder) == []


def test_a_file_in_place_of_the_folder_is_a_failure_that_can_pass(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("")
    with pytest.raises(MailBlocked) as error:
        OutboxMailer(tmp_path / "outbox").send(message(), sender=SENDER, recipient=CHAIR)
    assert error.value.reason == "outbox_failed"


WRITER = """
import itertools, sys
from pathlib import Path
from homthu.adapters.mail.outbox import OutboxMailer
mailer = OutboxMailer(Path(sys.argv[1]))
for n in itertools.count():
    head = b"Message-ID: <%d@hop-thu.example>\\r\\n\\r\\n" % (n % 3)
    mailer.send(head + b"x" * 3_000_000 + b"end", sender="a@b.example", recipient="c@d.example")
    print("one", flush=True)
"""


def test_a_killed_writer_never_leaves_half_a_mail(tmp_path: Path) -> None:
    for pause in (0.001, 0.004, 0.01, 0.02, 0.03, 0.05):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, tmp_path],
            env=os.environ | {"PYTHONPATH": str(FUNCTIONS)},
            stdout=subprocess.PIPE,
        )
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"one\n"
        time.sleep(pause)
        os.kill(writer.pid, signal.SIGKILL)
        writer.communicate()
    mails = list(tmp_path.glob("*.eml"))
    assert 1 <= len(mails) <= 3
    assert all(mail.read_bytes().endswith(b"xend") for mail in mails)
