"""A store that version 11 left, whose cases do not carry what they promise, counts what is owed rightly."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from board_side import answering
from case_builders import OPEN, a_case, day
from homthu.adapters.case_records import case_record
from homthu.adapters.firestore.client import FirestoreClient
from homthu.adapters.firestore.documents import FirestoreDocuments
from homthu.adapters.firestore.queries import ABOUT, CASES, RECORDS
from homthu.adapters.firestore.store import FirestoreStore
from homthu.adapters.sqlite.store import SqliteStore
from homthu.domain.cases.case import AnswerKind
from samples import WARD, now

PROMISE = replace(answering(), answer_kind=AnswerKind.PROMISED, due_on=day(20))
LEFT = [
    replace(a_case((2, OPEN)), id="open", ward=WARD),
    replace(a_case((2, OPEN), (3, PROMISE)), id="promised", ward=WARD),
]


def owed(store: FirestoreStore | SqliteStore) -> list[int]:
    """The day before the promised one, and that day."""
    return [store.count_owed(WARD, day(number)) for number in (19, 20)]


def test_a_file_of_version_11_is_given_what_its_cases_promise(tmp_path: Path) -> None:
    path = tmp_path / "box.db"
    with closing(SqliteStore(path, now)) as store:
        for case in LEFT:
            store.create_case(case)
    with closing(sqlite3.connect(path)) as file:
        file.executescript(
            "DROP INDEX cases_promised; ALTER TABLE cases DROP COLUMN promised_by; PRAGMA user_version = 11;"
        )
    with closing(SqliteStore(path, now)) as store:
        store.check()
        store.bring_up_to_date()
        assert owed(store) == [1, 2]


@pytest.mark.emulator
def test_a_database_of_version_11_is_counted_before_its_first_report_and_after(
    firestore_project: str,
) -> None:
    with closing(FirestoreClient(firestore_project, "(default)")) as client:
        documents = FirestoreDocuments(client)
        documents.create(ABOUT, RECORDS, {"version": 11})
        for case in LEFT:
            record = {name: value for name, value in case_record(case).items() if name != "promised_by"}
            documents.create(CASES, case.id, record)
    with closing(FirestoreStore(firestore_project, "(default)")) as store:
        assert owed(store) == [1, 2]
        store.bring_up_to_date()
        assert owed(store) == [1, 2]
    with closing(FirestoreStore(firestore_project, "(default)")) as store:
        assert owed(store) == [1, 2]
