"""A store of version 11 or 13, whose cases lack what they are counted by, is counted rightly."""

import sqlite3
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from board_side import answering
from case_builders import OPEN, a_case, day
from homthu.adapters.case_records import case_record
from homthu.adapters.firestore.client import CallRefused, FirestoreClient
from homthu.adapters.firestore.documents import FirestoreDocuments
from homthu.adapters.firestore.queries import ABOUT, CASES, RECORDS
from homthu.adapters.firestore.store import FirestoreStore
from homthu.adapters.sqlite.store import SqliteStore
from homthu.domain.cases.case import AnswerKind
from samples import WARD, now

#: By versions, the fields that cases lacked.
LACKED = {11: ("promised_by", "over_since"), 13: ("over_since",)}
PROMISE = replace(answering(), answer_kind=AnswerKind.PROMISED, due_on=day(20))
LEFT = [
    replace(a_case((2, OPEN)), id="open", ward=WARD),
    replace(a_case((2, OPEN), (3, PROMISE)), id="promised", ward=WARD),
    replace(a_case((2, OPEN), (4, answering())), id="over", ward=WARD),
]


def owed(store: FirestoreStore | SqliteStore) -> list[int]:
    """What is owed on the day before the promised one, and on that day; and what is over since the 4th."""
    counts = [store.count_owed(WARD, day(number)) for number in (19, 20)]
    return [*counts, store.count_over(WARD, first=day(4), before=day(5))]


@pytest.mark.parametrize("version", LACKED)
def test_a_file_is_given_what_its_cases_are_counted_by(tmp_path: Path, version: int) -> None:
    path = tmp_path / "box.db"
    with closing(SqliteStore(path, now)) as store:
        for case in LEFT:
            store.create_case(case)
    with closing(sqlite3.connect(path)) as file:
        for column in LACKED[version]:
            file.execute(f"DROP INDEX cases_{column.partition('_')[0]}")
            file.execute(f"ALTER TABLE cases DROP COLUMN {column}")
        if version < 13:
            file.execute("DROP TABLE typed_weeks")
        file.execute(f"PRAGMA user_version = {version}")
    with closing(SqliteStore(path, now)) as store:
        store.check()
        store.bring_up_to_date()
        assert owed(store) == [1, 2, 1]


@pytest.mark.emulator
@pytest.mark.parametrize("version", LACKED)
def test_a_database_is_counted_before_its_first_report_and_after(
    firestore_project: str, version: int
) -> None:
    with closing(FirestoreClient(firestore_project, "(default)")) as client:
        documents = FirestoreDocuments(client)
        left = {(ABOUT, RECORDS): {"version": version}}
        for case in LEFT:
            record = {name: value for name, value in case_record(case).items() if name not in LACKED[version]}
            left[CASES, case.id] = record
        for (collection, id), record in left.items():
            # Refused, a first attempt stored it, whose answer was too slow.
            with suppress(CallRefused):
                documents.create(collection, id, record)
    with closing(FirestoreStore(firestore_project, "(default)")) as store:
        assert owed(store) == [1, 2, 1]
        store.bring_up_to_date()
        assert owed(store) == [1, 2, 1]
    with closing(FirestoreStore(firestore_project, "(default)")) as store:
        assert owed(store) == [1, 2, 1]
