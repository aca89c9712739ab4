"""Erased on request: what somebody finds who may search everything the office has."""

import gzip
import re
import shutil
import sqlite3
from base64 import b64decode
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from builders import submission
from citizen_side import client
from every_byte import every_byte, inside
from homthu.adapters.firestore.backup import FirestoreBackup
from homthu.adapters.sqlite.backup import SqliteBackup
from homthu.bootstrap.start import start
from homthu.domain.backup import Kind, entry_line
from homthu.domain.boxes.retention import first_kept
from homthu.domain.cases.case import ActionKind, CaseAction, CaseEvent
from homthu.domain.submissions.reference import format_reference, make_key
from homthu.domain.week import Week
from homthu.http import report, withdraw
from homthu.ports.backup import Backup
from homthu.services.cases import open_case
from homthu.services.submit import submit
from homthu.services.verify import verify_reports
from local import data_folder
from shell import Done, run, succeed

WARD = "07210"
#: The words as they were sent, and what anybody would search for.
WORDS = "Máy lấy số ở quầy ba hỏng đã hai tuần; tôi bị bảo về xa-lo.example.vn rồi gọi 0912345678 mà chờ."
TRACES = ["quầy ba hỏng", "hỏng đã hai tuần", "xa-lo", "0912345678"]
MONDAY, NEXT_MONDAY = "2026-11-23T07:30+07:00", "2026-11-30T07:30+07:00"


@dataclass(frozen=True)
class ErasingOffice:
    """A box with two reports, both of which quote the words: the first at once, the second as a case."""

    data: Path
    environ: dict[str, str]
    reference: str
    other_reference: str

    def erase(self, typed: str) -> Done:
        return run("erase", "--data", self.data, entered=f"{typed}\n", **self.environ)

    def backup(self) -> Backup:
        if store := self.environ.get("HOMTHU_STORE"):
            return FirestoreBackup(store.split("/")[2], "(default)")
        return SqliteBackup(self.data / "hom-thu.db")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> ErasingOffice:
    """An office over SQLite, to be copied and not touched."""
    return an_office(tmp_path_factory.mktemp("made"))


@pytest.fixture
def copied(made: ErasingOffice, tmp_path: Path) -> ErasingOffice:
    """An office of a test's own."""
    return replace(made, data=shutil.copytree(made.data, tmp_path / "box"))


@pytest.fixture(params=["sqlite", pytest.param("firestore", marks=pytest.mark.emulator)])
def context(request: pytest.FixtureRequest, tmp_path: Path) -> ErasingOffice:
    if request.param == "sqlite":
        office: ErasingOffice = request.getfixturevalue("copied")
        return office
    project = request.getfixturevalue("firestore_project")
    emulator = request.getfixturevalue("firestore_emulator")
    return an_office(
        tmp_path,
        HOMTHU_STORE=f"firestore://{project}/(default)",
        FIRESTORE_EMULATOR_HOST=emulator,
    )


def an_office(tmp_path: Path, **environ: str) -> ErasingOffice:
    data = tmp_path / "box"
    settings = {**data_folder.new_or_existing_box(data), **environ}
    if not environ:
        settings["HOMTHU_STORE"] = data_folder.own_store(data)
    parts = start("submit", settings, clock=lambda: datetime(2026, 11, 18, 3, tzinfo=UTC))
    references = []
    for number, text in enumerate([WORDS, "Nên có thêm ghế ngồi chờ cho người già.", *[""] * 12]):
        one = submission(ward=WARD, place=parts.boxes.by_ward[WARD].places[0].code, text=text)
        key = make_key((number + 1).to_bytes(16))
        references.append(submit(parts.intake, parts.secrets, key=key, submission=one))
    succeed("report", "--data", data, "--ward", WARD, "--as-of", MONDAY, **environ)
    id = next(one.id for one in parts.archive.everything(WARD) if one.submission.text == WORDS)
    on = datetime(2026, 11, 24).date()
    case = open_case(
        parts.finder,
        parts.cases,
        parts.boxes.signs,
        ward=WARD,
        id=id,
        who="A",
        on=on,
        idempotency_key="1" * 32,
    )
    action = CaseAction(kind=ActionKind.ASSIGN, text="Bộ phận lo quầy ba hỏng đã hai tuần", due_on=on)
    parts.cases.replace_case(
        case, case.after(CaseEvent(action=action, who="A", on=on, idempotency_key="2" * 32))
    )
    parts.close_store()
    succeed("report", "--data", data, "--ward", WARD, "--as-of", NEXT_MONDAY, **environ)
    return ErasingOffice(data, environ, references[0], references[1])


def everything(context: ErasingOffice) -> Iterator[bytes]:
    return every_byte(context.data, context.backup())


def found(context: ErasingOffice) -> set[str]:
    """Which of the words somebody finds, and of the reference; tags and line ends hide nothing."""
    seen = set()
    wanted = [*TRACES, context.reference, format_reference(context.reference)]
    for content in everything(context):
        text = re.sub(r"<[^<>]*>|[\s|]+", " ", content.decode("utf-8", "replace"))
        flat = re.sub(r"\s+", " ", text)
        seen |= {one for one in wanted if one in flat or one in text}
    return seen


def test_no_byte_of_the_words_is_left_and_the_chain_holds(context: ErasingOffice, tmp_path: Path) -> None:
    assert found(context) >= {"quầy ba hỏng", "hỏng đã hai tuần"}
    environ = context.environ
    told = context.erase(f"  {format_reference(context.reference).lower()} ")
    assert told.returncode == 0, told.stderr
    assert found(context) == set()
    backup = tmp_path / "after.gz"
    succeed("backup", "--data", context.data, "--out", backup, **environ)
    lines = gzip.decompress(backup.read_bytes()).decode()
    blobs = [b64decode(one) for one in re.findall(r'\{"\$bytes":"([^"]+)"\}', lines)]
    for content in [lines.encode(), *(piece for blob in blobs for piece in inside(blob))]:
        assert not [one for one in TRACES if one in content.decode("utf-8", "replace")]
    verified = succeed("verify-reports", "--data", context.data, "--ward", WARD, **environ)
    assert "2 báo cáo, chuỗi nguyên vẹn" in verified
    assert verified.count("có nội dung đã xóa theo yêu cầu ngày") == 2
    # A week's recount agrees, so there is nothing to be corrected.
    corrected = run(
        "report", "--data", context.data, "--ward", WARD, "--correct", "2026-W47", "--reason", "x", **environ
    )
    assert corrected.returncode != 0
    # What others wrote stays, and so does the place of the tombstone after a restore.
    assert any("ghế ngồi chờ" in content.decode("utf-8", "replace") for content in everything(context))
    other = tmp_path / "restored"
    succeed("restore", backup, "--data", other)
    restored = ErasingOffice(other, {}, context.reference, context.other_reference)
    # The secrets are no part of a backup.
    for path in context.data.glob("secret*"):
        (other / path.name).write_bytes(path.read_bytes())
        (other / path.name).chmod(0o600)
    assert "đã được xóa ngày" in restored.erase(context.reference).stdout


#: Over either store; the cloud's is tried in all, since the test before erases there as these do.
LATER_IN_THE_CLOUD = pytest.mark.parametrize(
    "context",
    ["sqlite", pytest.param("firestore", marks=[pytest.mark.emulator, pytest.mark.long])],
    indirect=True,
)


@LATER_IN_THE_CLOUD
def test_a_citizen_withdraws_a_form_while_the_box_is_served(context: ErasingOffice) -> None:
    settings = {**data_folder.new_or_existing_box(context.data), **context.environ}
    # As in the one process that serves a box: others hold the file open, and its log is not empty.
    beside = start("submit", settings)
    submit(
        beside.intake,
        beside.secrets,
        key=make_key(bytes([99] * 16)),
        submission=submission(ward=WARD, place=beside.boxes.by_ward[WARD].places[0].code, text="Việc khác"),
    )
    site = client(withdraw.make(start("withdraw", settings)))
    looked = site.post("/tra-cuu/rut", data={"ma": format_reference(context.reference)})
    assert (looked.status_code, "Rút phiếu, xóa ngay" in looked.text) == (200, True)
    assert found(context) >= {"quầy ba hỏng"}, "a look erases nothing"
    done = site.post("/tra-cuu/rut", data={"ma": context.reference, "chac_chan": "1"})
    assert (done.status_code, done.text.count("có trong báo cáo số")) == (200, 2)
    assert [number for number in ("1/2026", "2/2026") if number in done.text] == ["1/2026", "2/2026"]
    assert context.reference not in done.text
    assert found(context) == set()
    assert sum(one.erased_on is not None for one in beside.archive.everything(WARD)) == 1
    beside.close_store()
    verified = succeed("verify-reports", "--data", context.data, "--ward", WARD, **context.environ)
    assert verified.count("có nội dung đã xóa theo yêu cầu ngày") == 2


@LATER_IN_THE_CLOUD
def test_what_was_kept_long_enough_is_in_no_byte_and_the_chain_holds(context: ErasingOffice) -> None:
    settings = {**data_folder.new_or_existing_box(context.data), **context.environ}
    parts = start("report", settings, clock=lambda: datetime(2031, 12, 31, 20, tzinfo=UTC))
    (case,) = parts.cases.open_cases(WARD)
    close = CaseAction(kind=ActionKind.CLOSE, text="Đã sửa quầy ba hỏng")
    on = datetime(2026, 12, 1).date()
    parts.cases.replace_case(
        case, case.after(CaseEvent(action=close, who="A", on=on, idempotency_key="3" * 32))
    )
    answer = client(report.make(parts)).post("/retention")
    parts.close_store()
    assert answer.status_code == 200, answer.json
    done = next(one for one in answer.json if one["ward"] == WARD)
    assert (done["words"], done["answers"], done["mails"], done["cases"]) == (2, 14, 5, 1)
    assert found(context) == set()
    assert not any("ghế ngồi chờ" in content.decode("utf-8", "replace") for content in everything(context))
    assert not list((context.data / "outbox").glob(f"{WARD}.2026*"))
    since = first_kept(parts.clock().date(), 24)
    parts = start("report", settings)
    verdict = verify_reports(parts.ledger, parts.finder, WARD, quoting_since=since)
    assert (verdict.fault, verdict.holds, verdict.expired) == ("", 2, 2)
    assert sum(one.tally.total for one in parts.ledger.reports(WARD, Week(2026, 1))) == 14
    parts.close_store()


@LATER_IN_THE_CLOUD
def test_it_says_what_was_removed_and_what_remains_where_until_when(context: ErasingOffice) -> None:
    told = context.erase(context.reference).stdout
    assert "số 1/2026, 2/2026" in told
    assert "thư đã gửi tới" in told
    assert ("7 ngày" in told and "28 ngày" in told) == bool(context.environ)
    assert "hồ sơ đã đóng" in told
    assert context.reference not in told
    assert not [one for one in TRACES if one in told]


@LATER_IN_THE_CLOUD
def test_a_second_time_changes_nothing_and_says_so(context: ErasingOffice) -> None:
    context.erase(context.reference)
    with closing(context.backup()) as store:
        before = [entry_line(one) for kind in Kind for one in store.dump(kind) if kind is not Kind.HEADS]
    assert "đã được xóa ngày" in context.erase(context.reference).stdout
    with closing(context.backup()) as store:
        after = [entry_line(one) for kind in Kind for one in store.dump(kind) if kind is not Kind.HEADS]
    assert after == before


@LATER_IN_THE_CLOUD
def test_two_erasures_from_one_report_leave_the_chain_whole(context: ErasingOffice) -> None:
    context.erase(context.reference)
    context.erase(context.other_reference)
    assert not any("ghế ngồi chờ" in content.decode("utf-8", "replace") for content in everything(context))
    assert "2 báo cáo, chuỗi nguyên vẹn" in succeed(
        "verify-reports", "--data", context.data, "--ward", WARD, **context.environ
    )


@LATER_IN_THE_CLOUD
def test_a_wrong_reference_erases_nothing(context: ErasingOffice) -> None:
    refused = context.erase("0000-0000-0000")
    assert refused.returncode == 1
    assert "Không có phiếu nào" in refused.stderr
    assert "quầy ba hỏng" in found(context)


def test_any_change_of_what_remains_breaks_the_chain(copied: ErasingOffice) -> None:
    """One byte of a mail that lost words, one of a figure, and the record or the tombstone gone."""
    context = copied
    assert context.erase(context.reference).returncode == 0
    path = context.data / "hom-thu.db"
    whole = path.read_bytes()
    changes = [
        "UPDATE contents SET bytes = CAST(replace(bytes, 'Subject', 'subject') AS BLOB)",
        "UPDATE reports SET tally = replace(tally, '\"all\":14', '\"all\":15')",
        "UPDATE reports SET recipients = '[\"x@example.org\"]'",
        "DELETE FROM contents WHERE name LIKE '%.quotations'",
        "UPDATE submissions SET erased_on = NULL",
        "DELETE FROM submissions WHERE erased_on IS NOT NULL",
    ]
    for change in changes:
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute(change).rowcount, change
            _rehash(connection)
            connection.commit()
        done = run("verify-reports", "--data", context.data, "--ward", WARD)
        assert done.returncode == 1, change
        path.write_bytes(whole)
    succeed("verify-reports", "--data", context.data, "--ward", WARD)


def _rehash(connection: sqlite3.Connection) -> None:
    """As somebody would who knows how a content is kept."""
    from hashlib import sha256

    for name, content in connection.execute("SELECT name, bytes FROM contents").fetchall():
        digest = sha256(content if isinstance(content, bytes) else content.encode()).hexdigest()
        connection.execute("UPDATE contents SET sha256 = ? WHERE name = ?", (digest, name))
