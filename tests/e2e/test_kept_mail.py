"""Whoever rewrites the whole chain is found out by a mail that somebody kept."""

import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path

import pytest
from builders import submission
from homthu.adapters.sqlite.store import SqliteStore
from homthu.bootstrap.start import start
from homthu.domain.reports.ledger import chain_order
from homthu.domain.reports.printed_digest import printed
from homthu.domain.submissions.reference import make_key
from homthu.domain.week import Week
from homthu.ports import Access
from homthu.services.chain import chain_digest
from homthu.services.frozen_content import FrozenContent
from homthu.services.submit import submit
from local import data_folder
from shell import run, succeed

WARD = "07210"
MONDAYS = ("2026-11-23T07:30+07:00", "2026-11-30T07:30+07:00", "2026-12-07T07:30+07:00")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A box with three reports, to be copied and not touched."""
    folder = tmp_path_factory.mktemp("made") / "box"
    settings = data_folder.new_or_existing_box(folder)
    parts = start("submit", settings, clock=lambda: datetime(2026, 11, 18, 3, tzinfo=UTC))
    place = parts.boxes.by_ward[WARD].places[0].code
    for number in range(3):
        key = make_key((number + 1).to_bytes(16))
        submit(parts.intake, parts.secrets, key=key, submission=submission(ward=WARD, place=place))
    parts.close_store()
    for monday in MONDAYS:
        succeed("report", "--data", folder, "--ward", WARD, "--as-of", monday)
    return folder


@pytest.fixture
def data(made: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copytree(made, tmp_path / "box")


def kept(data: Path, week: str) -> Path:
    return next((data / "outbox").glob(f"{WARD}.{week}.*.eml"))


def text_of(message: bytes) -> str:
    parts = [part for part in message_from_bytes(message).walk() if part.get_content_type() == "text/plain"]
    return parts[0].get_payload(decode=True).decode()


def rewrite(path: Path) -> None:
    """One form more in the first report, and every digest made to fit: what an owner of the file can do."""
    store = SqliteStore(path, lambda: datetime.now(UTC), access=Access.WRITE)
    reports = sorted(store.reports(WARD, Week(2000, 1)), key=chain_order)
    contents = {name: FrozenContent.read(store, name) for one in reports for name in one.contents}
    store.close()
    before = ""
    with closing(sqlite3.connect(path)) as connection:
        for number, report in enumerate(reports):
            tally = report.tally.to_json()
            if number == 0:
                tally["all"] += 1
            made = replace(report, tally=type(report.tally).from_json(tally), previous_digest=before)
            before = chain_digest(made, [contents[name].digest for name in report.contents])
            connection.execute(
                "UPDATE reports SET tally = ?, previous_digest = ?, digest = ? WHERE week = ?",
                (json.dumps(tally, ensure_ascii=False), made.previous_digest, before, str(report.week)),
            )
        connection.execute("UPDATE heads SET last_digest = ?", (before,))
        connection.commit()


def test_each_mail_prints_the_digest_of_the_report_before(data: Path) -> None:
    store = SqliteStore(data / "hom-thu.db", lambda: datetime.now(UTC), access=Access.READ)
    first, second, third = sorted(store.reports(WARD, Week(2000, 1)), key=chain_order)
    assert "Mã kiểm" not in text_of(kept(data, str(first.week)).read_bytes())
    assert f"liền trước: {printed(first.digest)}" in " ".join(
        text_of(kept(data, str(second.week)).read_bytes()).split()
    )
    assert f"liền trước: {printed(second.digest)}" in " ".join(
        text_of(kept(data, str(third.week)).read_bytes()).split()
    )
    store.close()


def test_a_kept_mail_agrees_until_the_chain_is_made_anew(data: Path) -> None:
    weeks = ("2026-W47", "2026-W48", "2026-W49")
    options = ("verify-reports", "--data", data, "--ward", WARD)
    for week in weeks:
        assert "khớp" in succeed(*options, "--against", kept(data, week))
    rewrite(data / "hom-thu.db")
    # The chain holds in itself: that is why a mail must be kept.
    assert "3 báo cáo, chuỗi nguyên vẹn" in succeed(*options)
    for week in weeks[1:]:
        done = run(*options, "--against", kept(data, week))
        assert done.returncode == 1
        assert "chuỗi đã bị viết lại" in done.stdout


def test_an_altered_mail_and_one_of_another_box_do_not_agree(data: Path, tmp_path: Path) -> None:
    options = ("verify-reports", "--data", data, "--ward", WARD)
    mail = kept(data, "2026-W48").read_bytes()
    other = tmp_path / "other.eml"
    lines = mail.split(b"\r\n")
    at = next(n for n, line in enumerate(lines) if len(line) == 76 and b":" not in line and b"_" not in line)
    altered = [*lines[:at], lines[at][::-1], *lines[at + 1 :]]
    for changed in (
        b"\r\n".join(altered),
        mail.replace(b"2026-W48.2", b"2026-W48.9"),
        b"Subject: x\r\n\r\nx",
    ):
        assert changed != mail
        other.write_bytes(changed)
        assert run(*options, "--against", other).returncode == 1
