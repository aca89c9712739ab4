"""`scripts/report` as a person types it: all wards, what its exit status says, and sending again."""

import shutil
from collections import Counter
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from fakes.mail_server import HOST, PASSWORD, USERNAME, MailHandler, mail_server, make_certificate
from shell import run, succeed

WARDS = ("07207", "07210")
WARD, CHAIR = "07207", "bcd-qcdc.ngo-quyen@example.org"


@dataclass
class PickyHandler(MailHandler):
    """Refuses these recipients with these answers, and takes every other."""

    answers: dict[str, str] = field(default_factory=dict)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if answer := self.answers.get(address):
            return answer
        return await super().handle_RCPT(server, session, envelope, address, options)

    @property
    def taken(self) -> Counter[str]:
        """How many mails each recipient has."""
        return Counter(recipient for envelope in self.envelopes for recipient in envelope.rcpt_tos)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A box of two wards that owes its reports."""
    folder = tmp_path_factory.mktemp("made") / "box"
    succeed("seed-demo", "--data", folder, "--weeks", "1", "--submissions", "20")
    (folder / "DU-LIEU-MAU.txt").unlink(missing_ok=True)
    return folder


@pytest.fixture
def data(made: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    shutil.copytree(made, tmp_path / "box")
    return tmp_path / "box"


def test_without_a_ward_every_ward_is_reported_on_and_its_newest_mail_is_shown(data: Path) -> None:
    said = succeed("report", "--data", data)
    for ward in WARDS:
        [path] = [
            Path(line.rpartition(": ")[2])
            for line in said.splitlines()
            if line.startswith(f"{ward}: thư mới nhất")
        ]
        assert path.name.startswith(f"{ward}.")
        page = path.with_suffix(".html")
        assert str(page) in said
        mail = message_from_bytes(path.read_bytes())
        [html] = [part for part in mail.walk() if part.get_content_type() == "text/html"]
        assert page.read_bytes() == html.get_payload(decode=True)
        assert page.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("answer", "exit_words"),
    [
        ("550 5.1.1 no such user", ["owed: 0; bị từ chối / bounced: 1", f"--resend --ward {WARD} --week"]),
        ("550 5.7.1 not for you", ["owed: 1", "not_allowed 550 5.7.1"]),
    ],
    ids=["the address's fault", "the set-up's"],
)
def test_what_did_not_go_is_told_by_the_exit_status_and_goes_again_on_request(
    data: Path, tmp_path: Path, answer: str, exit_words: list[str]
) -> None:
    certificate, handler = make_certificate(tmp_path), PickyHandler()
    with mail_server(handler, certificate.server) as port:
        way = {
            "HOMTHU_MAIL": f"smtp+starttls://{USERNAME}:{PASSWORD}@{HOST}:{port}",
            "SSL_CERT_FILE": str(certificate.file),
        }
        handler.answers[CHAIR] = answer
        done = run("report", "--data", data, "--ward", WARD, **way)
        assert done.returncode == 1
        assert [words for words in exit_words if words not in done.stdout] == []
        others = handler.taken
        assert CHAIR not in others
        handler.answers.clear()
        command = ["--resend"] if "5.1.1" in answer else []
        assert "owed: 0" in succeed("report", *command, "--data", data, "--ward", WARD, **way)
        assert handler.taken == others + Counter({CHAIR: 1}), "and nobody has it twice"
        assert run("report", "--resend", "--data", data, "--ward", WARD, **way).returncode == 1
        succeed("report", "--resend", "--recipient", CHAIR, "--data", data, **way)
        assert handler.taken[CHAIR] == 2
