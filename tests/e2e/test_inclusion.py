"""Whether a form was counted: seen by whoever has its reference, and by a program that trusts nobody."""

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from hashlib import sha256
from pathlib import Path

import pytest
from builders import submission
from citizen_side import client
from homthu.bootstrap.start import start
from homthu.domain.submissions.inclusion import commitment_of, commitments_in, seed_of
from homthu.domain.submissions.reference import format_reference, make_key
from homthu.http import board
from homthu.services.submit import submit
from local import data_folder
from served_box import served
from shell import run, succeed

WARD = "07210"
LIST = f"/ket-qua/{WARD}/2026-W47.txt"
README = Path(__file__).parents[2] / "web" / "README.md"
NOBODYS = "7K3P-92QW-X4HM"


@dataclass(frozen=True)
class CountingOffice:
    """A box whose first week is reported: twelve forms, of which somebody keeps the references."""

    data: Path
    references: list[str]

    @property
    def board(self) -> object:
        settings = data_folder.new_or_existing_box(self.data)
        return client(board.make(start("board", settings, clock=lambda: datetime(2026, 11, 24, tzinfo=UTC))))

    def told(self, reference: str) -> str:
        return self.board.post("/tra-cuu", data={"ma": reference}).text

    def change(self, statement: str, *values: object) -> None:
        with closing(sqlite3.connect(self.data / "hom-thu.db")) as database, database:
            database.execute(statement, values)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> CountingOffice:
    """An office to be copied and not touched."""
    data = tmp_path_factory.mktemp("made") / "data"
    settings = data_folder.new_or_existing_box(data)
    parts = start("submit", settings, clock=lambda: datetime(2026, 11, 18, 3, tzinfo=UTC))
    place = parts.boxes.by_ward[WARD].places[0].code
    references = [
        submit(
            parts.intake,
            parts.secrets,
            key=make_key((number + 1).to_bytes(16)),
            submission=submission(ward=WARD, place=place, text=f"Ý kiến số {number}"),
        )
        for number in range(12)
    ]
    parts.close_store()
    succeed("report", "--data", data, "--ward", WARD, "--as-of", "2026-11-23T07:30+07:00")
    return CountingOffice(data, references)


@pytest.fixture
def office(made: CountingOffice, tmp_path: Path) -> CountingOffice:
    """An office of a test's own."""
    return CountingOffice(shutil.copytree(made.data, tmp_path / "data"), made.references)


def check(tmp_path: Path, reference: str, listed: bytes) -> "subprocess.CompletedProcess[str]":
    """The program of the README over a list that somebody kept."""
    (tmp_path / "list.txt").write_bytes(listed)
    return check_at(tmp_path, reference, (tmp_path / "list.txt").as_uri())


def check_at(tmp_path: Path, reference: str, address: str) -> "subprocess.CompletedProcess[str]":
    """The program of the README, as it is printed there."""
    printed = README.read_text("utf-8").partition("## Check that a form was counted")[2]
    program = printed.partition("```python\n")[2].partition("```")[0]
    assert sum(bool(line.strip()) for line in program.splitlines()) == 10
    (tmp_path / "check.py").write_text(program, "utf-8")
    command = [sys.executable, "check.py", reference, address]
    return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)


def test_whoever_has_a_reference_reads_that_it_was_counted_and_can_check_it(
    office: CountingOffice, tmp_path: Path
) -> None:
    assert "Phiếu này nằm trong 12 phiếu đã đếm, báo cáo số 1/2026." in office.told(office.references[3])
    answer = office.board.get(LIST)
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    listed = commitments_in(answer.data)
    assert listed == sorted(listed)
    assert len(set(listed)) == 12
    assert {commitment_of(seed_of(one)) for one in office.references} == set(listed)
    for reference in (office.references[0], format_reference(office.references[1]).lower()):
        done = check(tmp_path, reference, answer.data)
        assert (done.returncode, "12 forms counted; yours is one of them" in done.stdout) == (0, True)
    assert check(tmp_path, NOBODYS, answer.data).returncode == 1
    # The committee's mail ties the list to what lies in a mailbox.
    mail = message_from_bytes(next((office.data / "outbox").glob(f"{WARD}.2026-W47.*.eml")).read_bytes())
    text = next(part for part in mail.walk() if part.get_content_type() == "text/plain")
    told = " ".join(text.get_payload(decode=True).decode().split())
    digest = re.search(r"digest of the list: (\w{16})", done.stdout)[1]
    assert f"mã kiểm của danh sách {digest}" in told


def test_anybody_can_check_it_against_a_box_that_is_served(office: CountingOffice, tmp_path: Path) -> None:
    with served(tmp_path) as box:
        address = f"http://127.0.0.1:{box.port}{LIST}"
        done = check_at(tmp_path, office.references[7], address)
        assert (done.returncode, "12 forms counted; yours is one of them" in done.stdout) == (0, True)
        assert check_at(tmp_path, NOBODYS, address).returncode == 1
        # The mail's own link leads to the same list, through the register.
        register = json.loads(box.get(f"/.well-known/hom-thu-gop-y/{WARD}.json").body)
        assert register["last_report"]["number"] == "1/2026"
        assert register["last_report"]["digest"] in box.get(f"/ket-qua/{WARD}/chuoi.txt").body.decode()


def test_the_list_tells_neither_reference_nor_id_nor_place(office: CountingOffice) -> None:
    listed = office.board.get(LIST).text
    with closing(sqlite3.connect(office.data / "hom-thu.db")) as database:
        rows = list(database.execute("SELECT id, digest, seed FROM submissions"))
    for told in (*office.references, *(value for row in rows for value in row), "bg-"):
        assert told not in listed
    ids = [id for id, *_ in sorted(rows)]
    by_id = [commitment_of(seed) for _, _, seed in sorted(rows)]
    assert by_id != listed.split(), f"in no order of {len(ids)} ids"


def test_a_form_that_was_withdrawn_stays_in_the_list(office: CountingOffice, tmp_path: Path) -> None:
    before = office.board.get(LIST).data
    done = run("erase", "--data", office.data, entered=f"{office.references[2]}\n")
    assert done.returncode == 0, done.stderr
    assert office.board.get(LIST).data == before
    assert "nằm trong 12 phiếu đã đếm" in office.told(office.references[2])
    assert "chuỗi nguyên vẹn" in succeed("verify-reports", "--data", office.data, "--ward", WARD)


def test_a_quiet_deletion_shows_wherever_it_is_done(office: CountingOffice, tmp_path: Path) -> None:
    victim = commitment_of(seed_of(office.references[5]))
    whole = office.board.get(LIST).data
    # From the store alone: the published list knows it.
    office.change("DELETE FROM submissions WHERE seed = ?", seed_of(office.references[5]))
    assert check(tmp_path, office.references[5], office.board.get(LIST).data).returncode == 0
    told = run("verify-reports", "--data", office.data, "--ward", WARD)
    assert (told.returncode, "1 phiếu đã đếm không còn trong kho" in told.stdout) == (1, True)
    # And from the list: its digest is no longer the chain's.
    shorter = whole.replace(f"{victim}\n".encode(), b"")
    office.change(
        "UPDATE contents SET bytes = ?, sha256 = ? WHERE name LIKE '%.counted'",
        shorter,
        sha256(shorter).hexdigest(),
    )
    assert check(tmp_path, office.references[5], office.board.get(LIST).data).returncode == 1
    told = run("verify-reports", "--data", office.data, "--ward", WARD)
    assert (told.returncode, "danh sách phiếu đã đếm bị mất hoặc bị sửa" in told.stdout) == (1, True)


def test_a_list_that_is_exchanged_whole_is_not_the_reports(office: CountingOffice) -> None:
    other = commitment_of(seed_of("0" * 12)).encode() + b"\n"
    name = f"{WARD}.2026-W47.{sha256(other).hexdigest()}.counted"
    office.change("INSERT INTO contents VALUES (?, ?, ?)", name, sha256(other).hexdigest(), other)
    office.change("UPDATE reports SET counted = ?", name)
    told = run("verify-reports", "--data", office.data, "--ward", WARD)
    assert (told.returncode, "báo cáo đã bị sửa sau khi lập" in told.stdout) == (1, True)


def test_who_is_not_in_the_list_is_told_so(office: CountingOffice) -> None:
    # Counted without it: another form was put in its place.
    office.change("UPDATE reports SET counted = ''")
    assert "phiếu đã đếm" not in office.told(office.references[5]), "of a report of before, nothing is said"
    other = b"a\n"
    office.change("INSERT INTO contents VALUES ('x', ?, ?)", sha256(other).hexdigest(), other)
    office.change("UPDATE reports SET counted = 'x'")
    assert "KHÔNG có trong danh sách 1 phiếu đã đếm" in office.told(office.references[5])
    # A form of before there were seeds is not alarmed.
    office.change("UPDATE submissions SET seed = '' WHERE seed = ?", seed_of(office.references[5]))
    assert "phiếu đã đếm" not in office.told(office.references[5])
