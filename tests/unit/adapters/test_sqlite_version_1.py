"""A database of version 1, as boxes in use have it, becomes today's and loses nothing."""

import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from homthu.adapters.sqlite.schema import MIGRATIONS, VERSION
from homthu.adapters.sqlite.store import SqliteStore
from homthu.domain.cases.case import ActionKind, Case, CaseAction, CaseEvent
from homthu.domain.reports.ledger import DeliveryState
from homthu.domain.week import Week
from homthu.ports import StoreUnavailable
from samples import PAST, WARD, now

W47 = Week(2026, 47)
ADDED = (
    "cases",
    "desk_terms",
    "link_mails",
    "paper_batches",
    "reviews",
    "typed_weeks",
    "unit_mails",
    "verdicts",
)
#: The tables as version 1 laid them, and a row or more in each.
VERSION_1 = """
CREATE TABLE submissions (
  id TEXT NOT NULL PRIMARY KEY,
  ward TEXT NOT NULL,
  place TEXT NOT NULL,
  channel TEXT NOT NULL,
  assisted INTEGER NOT NULL,
  questionnaire TEXT NOT NULL,
  round TEXT NOT NULL,
  answers TEXT NOT NULL,
  text TEXT NOT NULL,
  service TEXT NOT NULL,
  flags TEXT NOT NULL,
  digest TEXT NOT NULL,
  received_at INTEGER,
  week TEXT,
  received_on TEXT,
  CHECK ((received_at IS NULL) = (week IS NOT NULL) AND (week IS NULL) = (received_on IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX submissions_unstamped ON submissions (ward, received_at) WHERE received_at IS NOT NULL;
CREATE INDEX submissions_by_week ON submissions (ward, week);

CREATE TABLE heads (
  ward TEXT NOT NULL PRIMARY KEY,
  last_week TEXT,
  last_number INTEGER NOT NULL,
  last_digest TEXT NOT NULL,
  owner TEXT NOT NULL,
  lease_until INTEGER,
  revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE contents (
  name TEXT NOT NULL PRIMARY KEY,
  sha256 TEXT NOT NULL,
  bytes BLOB NOT NULL
) STRICT;

CREATE TABLE reports (
  ward TEXT NOT NULL,
  week TEXT NOT NULL,
  number INTEGER NOT NULL,
  frozen_on TEXT NOT NULL,
  recipients TEXT NOT NULL,
  tally TEXT NOT NULL,
  content TEXT NOT NULL,
  previous_digest TEXT NOT NULL,
  digest TEXT NOT NULL,
  PRIMARY KEY (ward, week)
) STRICT, WITHOUT ROWID;

CREATE TABLE deliveries (
  id TEXT NOT NULL PRIMARY KEY,
  ward TEXT NOT NULL,
  week TEXT NOT NULL,
  recipient TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  not_before INTEGER,
  lease_until INTEGER,
  reason TEXT NOT NULL,
  revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX deliveries_by_week ON deliveries (ward, week);
INSERT INTO submissions VALUES
  ('s1', '00001', 'mot-cua', 'qr', 1, '2026-1', '2026-dot-1', '{"thai-do":"5"}', 'Cán bộ nhiệt tình',
   'ho-tich', '["burst"]', 'digest', NULL, '2026-W47', '2026-11-20'),
  ('s2', '00001', 'mot-cua', 'qr', 0, '2026-1', '2026-dot-1', '{}', '', '', '[]', 'digest',
   1763600000000000, NULL, NULL);
INSERT INTO heads VALUES ('00001', '2026-W47', 7, 'ab', '', NULL, 5);
INSERT INTO contents VALUES ('content', 'ab', zeroblob(9000));
INSERT INTO reports VALUES
  ('00001', '2026-W47', 7, '2026-11-23', '["a@example.vn"]', '{"all":1}', 'content', '', 'ab');
INSERT INTO deliveries VALUES
  ('d1', '00001', '2026-W47', 'a@example.vn', 'sent', 1, NULL, NULL, '', 3);
PRAGMA user_version = 1;
PRAGMA application_id = 0x48544759;
PRAGMA journal_mode = WAL;
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file of version 1 that holds something of everything."""
    path = tmp_path / "box.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(VERSION_1)
    return path


def tables_and_rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for (name,) in names}


def laid_by(path: Path) -> dict[str, object]:
    """The tables with their columns, and the indexes. A column that was added later stands last."""
    with closing(sqlite3.connect(path)) as connection:
        laid = connection.execute(
            "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL"
        ).fetchall()
        return {
            name: {
                (column, kind, not_null, key)
                for _, column, kind, not_null, _, key in connection.execute(f"PRAGMA table_info({name})")
            }
            if type == "table"
            else sql
            for type, name, sql in laid
        }


def version_of(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def test_a_file_of_version_1_opens_and_keeps_everything(path: Path) -> None:
    before = tables_and_rows(path)
    store = SqliteStore(path, now)
    store.check()
    step = CaseEvent(action=CaseAction(kind=ActionKind.OPEN), who="A", on=PAST.monday, idempotency_key="k")
    case = Case(id="s1", ward=WARD, place="p", service="", week=PAST, is_petition=False, history=(step,))
    assert store.create_case(case) == store.case("s1") == case
    assert [one.id for one in store.everything(WARD)] == ["s1", "s2"]
    found = store.submission("s1")
    assert found is not None
    assert (found.submission.text, found.week) == ("Cán bộ nhiệt tình", W47)
    head, report = store.head(WARD), store.report(WARD, W47)
    assert head is not None
    assert (head.last_week, head.last_number, head.last_digest) == (W47, 7, "ab")
    assert report is not None
    assert (report.number, report.tally.total, report.recipients) == (7, 1, ("a@example.vn",))
    (delivery,) = store.deliveries(WARD, W47)
    assert (delivery.id, delivery.state) == ("d1", DeliveryState.SENT)
    store.close()
    after = tables_and_rows(path)
    assert {name: len(after[name]) for name in before} == {name: len(rows) for name, rows in before.items()}
    assert after.keys() - before.keys() == set(ADDED)
    mark = 1763599800000000  # 00:53:20 became 00:50
    assert after["submissions"] == [
        (*(mark if value == 1763600000000000 else value for value in row), "", None, "", 0, "")
        for row in before["submissions"]
    ]
    assert str(mark) in str(after["submissions"])
    assert version_of(path) == VERSION


def test_a_migrated_file_has_the_same_tables_as_a_new_one(path: Path, tmp_path: Path) -> None:
    SqliteStore(path, now).check()
    new = tmp_path / "new.db"
    SqliteStore(new, now).check()
    assert laid_by(path) == laid_by(new)


def test_of_two_that_open_an_old_file_at_once_both_can_work(path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: SqliteStore(path, now).check(), range(4)))
    assert version_of(path) == VERSION


def test_a_damaged_old_file_is_refused_and_not_touched(path: Path) -> None:
    with path.open("r+b") as file:
        for page in range(3, 12):
            file.seek(page * 4096)
            file.write(os.urandom(4096))
    damaged = path.read_bytes()
    with pytest.raises(StoreUnavailable) as refused:
        SqliteStore(path, now).check()
    assert refused.value.reason == "corrupt"
    assert path.read_bytes() == damaged


def test_an_old_file_that_is_not_ours_is_refused(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA application_id = 1")
    with pytest.raises(StoreUnavailable) as refused:
        SqliteStore(path, now).check()
    assert refused.value.reason == "not_a_box"
    assert version_of(path) == 1


def test_a_migration_leads_from_every_version_but_todays() -> None:
    assert set(MIGRATIONS) == set(range(1, VERSION))
