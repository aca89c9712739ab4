"""A file of the first version opens as one of today's, with all that it held."""

import sqlite3
from contextlib import closing
from pathlib import Path

from homthu.adapters.sqlite.store import SqliteStore
from homthu.domain.reports.edition import WEEKLY
from homthu.domain.reports.ledger import DeliveryState, Head
from homthu.domain.week import Week
from samples import WARD, now

#: The ledger's tables as version 1 had them, with a report and its delivery.
VERSION_1 = """
DROP TABLE heads; DROP TABLE reports; DROP TABLE deliveries; DROP TABLE cases; DROP TABLE link_mails;
DROP TABLE desk_terms; DROP TABLE paper_batches; DROP TABLE reviews;
DROP TABLE unit_mails; DROP TABLE verdicts; DROP TABLE typed_weeks;
ALTER TABLE submissions DROP COLUMN batch;
ALTER TABLE submissions DROP COLUMN erased_on; ALTER TABLE submissions DROP COLUMN text_kind;
ALTER TABLE submissions DROP COLUMN do_not_quote; ALTER TABLE submissions DROP COLUMN seed;
CREATE TABLE heads (
  ward TEXT NOT NULL PRIMARY KEY, last_week TEXT, last_number INTEGER NOT NULL,
  last_digest TEXT NOT NULL, owner TEXT NOT NULL, lease_until INTEGER, revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE reports (
  ward TEXT NOT NULL, week TEXT NOT NULL, number INTEGER NOT NULL, frozen_on TEXT NOT NULL,
  recipients TEXT NOT NULL, tally TEXT NOT NULL, content TEXT NOT NULL,
  previous_digest TEXT NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (ward, week)
) STRICT, WITHOUT ROWID;
CREATE TABLE deliveries (
  id TEXT NOT NULL PRIMARY KEY, ward TEXT NOT NULL, week TEXT NOT NULL, recipient TEXT NOT NULL,
  state TEXT NOT NULL, attempts INTEGER NOT NULL, not_before INTEGER, lease_until INTEGER,
  reason TEXT NOT NULL, revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX deliveries_by_week ON deliveries (ward, week);
INSERT INTO heads VALUES ('00001', '2026-W47', 12, 'ab', '', NULL, 5);
INSERT INTO reports VALUES ('00001', '2026-W47', 12, '2026-11-23', '["a@example.vn"]', '{"all": 3}',
  '9f86', '', 'ab');
INSERT INTO deliveries VALUES ('d1', '00001', '2026-W47', 'a@example.vn', 'sent', 1, NULL, NULL, '', 3);
PRAGMA user_version = 1;
"""


def test_a_file_of_the_first_version_is_brought_on_with_all_it_held(tmp_path: Path) -> None:
    path = tmp_path / "box.db"
    store = SqliteStore(path, now)
    store.check()
    store.close()
    with closing(sqlite3.connect(path)) as old:
        old.executescript(VERSION_1)
    for _ in range(2):
        store = SqliteStore(path, now)
        store.check()
        expected = Head(ward=WARD, last_week=Week(2026, 47), last_year=2026, last_number=12, last_digest="ab")
        assert store.head(WARD) == expected
        report = store.report(WARD, Week(2026, 47))
        assert (report.edition, report.year, report.number, report.tally.total) == (WEEKLY, 2026, 12, 3)
        (delivery,) = store.deliveries(WARD, Week(2026, 47))
        assert (delivery.edition, delivery.state) == (WEEKLY, DeliveryState.SENT)
        store.close()
