"""A rehearsal with all that is real: the command, the framework, both stores, a mail server over a socket."""

import os
import shutil
from pathlib import Path

import pytest
from fakes.mail_server import HOST, PASSWORD, USERNAME, MailHandler, mail_server, make_certificate
from local.site import build_functions
from ports import free_port
from proxy import counted
from shell import run, succeed
from werkzeug.test import Client

WARD = "07207"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A box of two wards: one has its reports, the other owes them all."""
    folder = tmp_path_factory.mktemp("made") / "box"
    succeed("seed-demo", "--data", folder, "--weeks", "2", "--submissions", "40")
    succeed("report", "--data", folder, "--ward", WARD)
    return folder


@pytest.fixture
def data(made: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    shutil.copytree(made, tmp_path / "box")
    return tmp_path / "box"


def everything_in(folder: Path) -> dict[str, bytes]:
    """Every file by name; SQLite's shared memory is no part of what is stored."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith("-shm")
    }


def changed(folder: Path, before: dict[str, bytes]) -> set[str]:
    after = everything_in(folder)
    # A log that holds nothing is there as long as somebody has the file open.
    names = {name for name in before | after if before.get(name, b"") != after.get(name, b"")}
    assert before.keys() - after.keys() == set()
    return names


def test_the_command_tries_every_ward_and_changes_no_byte(data: Path) -> None:
    before = everything_in(data)
    assert len([name for name in before if name.endswith(".eml")]) > 0
    said = succeed("report", "--data", data, "--rehearse")
    assert "the way out for mail is open" in said
    assert said.count("the mail was made") == 2
    assert succeed("report", "--data", data, "--rehearse", "--ward", WARD).count("the mail was made") == 1
    assert changed(data, before) == set()


def test_the_function_of_the_schedule_tries_every_ward_and_changes_no_byte(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As scripts/serve calls it: the framework's own application, posted to by its path."""
    before = everything_in(data)
    for name, value in {
        "STORE": f"sqlite://{data}/hom-thu.db?mode=rw",
        "MAIL": f"outbox:{data}/outbox",
        "BASE_URL": "http://127.0.0.1:8080",
        "SENDER": "hom-thu@example.org",
        "SECRET_DESK": str(data / "secret-desk"),
    }.items():
        monkeypatch.setenv(f"HOMTHU_{name}", value)
    answer = Client(build_functions(["report"])["report"]).post("/rehearsal")
    assert answer.status_code == 200
    mail, *wards = answer.json
    assert mail == {"mail": ""}
    assert [(ward["problem"], ward["mail_bytes"] > 10_000) for ward in wards] == [("", True)] * 2
    assert changed(data, before) == set()


@pytest.mark.emulator
def test_on_firestore_a_rehearsal_only_reads(data: Path, tmp_path: Path, firestore_emulator: str) -> None:
    cloud = {"HOMTHU_STORE": f"firestore://rehearsal-{os.getpid()}/(default)"}
    direct = {**cloud, "FIRESTORE_EMULATOR_HOST": firestore_emulator}
    file = tmp_path / "box.backup.gz"
    succeed("backup", "--data", data, "--out", file)
    succeed("restore", file, **direct)
    mails = everything_in(data / "outbox")
    with counted(firestore_emulator) as (address, counter):
        said = succeed("report", "--data", data, "--rehearse", **cloud, FIRESTORE_EMULATOR_HOST=address)
    assert said.count("the mail was made") == 2
    assert set(counter.calls) == {"GetDocument", "RunQuery"}
    assert changed(data / "outbox", mails) == set()
    # Restored again, it compares every record by its digest and refuses one that is new.
    assert "written: 0; " in succeed("restore", file, **direct)


def test_over_smtp_the_server_is_logged_in_to_and_given_nothing(data: Path, tmp_path: Path) -> None:
    certificate, handler = make_certificate(tmp_path), MailHandler()
    before = everything_in(data)
    trusted = {"SSL_CERT_FILE": str(tmp_path / "server.pem")}
    with mail_server(handler, certificate.server) as port:
        way = f"smtp+starttls://{USERNAME}:{PASSWORD}@{HOST}:{port}"
        said = succeed("report", "--data", data, "--rehearse", HOMTHU_MAIL=way, **trusted)
        assert "the way out for mail is open" in said
        assert handler.logins == ["PLAIN"]
        assert handler.recipients == ["van-hanh.bac-giang@example.org", "van-hanh.ngo-quyen@example.org"]
        wrong = way.replace(PASSWORD, "sai")
        done = run("report", "--data", data, "--rehearse", HOMTHU_MAIL=wrong, **trusted)
        assert (done.returncode, "no mail would leave: login_refused" in done.stdout) == (1, True)
        assert done.stdout.count("the mail was made") == 2, "the wards are looked at all the same"
    assert handler.envelopes == []
    gone = run(
        "report", "--data", data, "--rehearse", HOMTHU_MAIL=f"smtp+starttls://u:p@{HOST}:{free_port()}"
    )
    assert (gone.returncode, "no mail would leave: unreachable" in gone.stdout) == (1, True)
    assert changed(data, before) == set()


def test_a_ward_that_is_not_there_is_named(data: Path) -> None:
    unknown = run("report", "--data", data, "--rehearse", "--ward", "99999")
    assert unknown.returncode == 1
    assert "Không có phường mã 99999" in unknown.stderr
