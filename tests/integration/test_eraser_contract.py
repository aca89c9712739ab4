"""What taking words out of a store may rely on, whatever the store."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from fakes.memory_eraser import MemoryEraser
from fakes.memory_store import MemoryStore
from homthu.adapters.firestore.eraser import FirestoreEraser
from homthu.adapters.firestore.ledger import PART_BYTES
from homthu.adapters.firestore.store import FirestoreStore
from homthu.adapters.sqlite.eraser import SqliteEraser
from homthu.adapters.sqlite.store import SqliteStore
from homthu.ports import IdTaken, Store, StoreUnavailable
from homthu.services.erase import Eraser
from samples import A_VERDICT, FUTURE, OTHER_WARD, WARD, a_submission, now

ON = date(2026, 11, 26)
Both = tuple[Store, Eraser]


@pytest.fixture(params=["memory", "sqlite", pytest.param("firestore", marks=pytest.mark.emulator)])
def both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Both]:
    """An empty store, and the way into it that an erasure has."""
    store: Store
    eraser: MemoryEraser | SqliteEraser | FirestoreEraser
    if request.param == "memory":
        store = MemoryStore(now)
        eraser = MemoryEraser(store)
    elif request.param == "sqlite":
        store = SqliteStore(tmp_path / "box.db", now)
        store.check()
        eraser = SqliteEraser(tmp_path / "box.db")
    else:
        project = request.getfixturevalue("firestore_project")
        store, eraser = FirestoreStore(project, "(default)"), FirestoreEraser(project, "(default)")
    yield store, eraser
    eraser.close()
    store.close()


@pytest.mark.parametrize("is_closed", [False, True])
def test_a_blanked_submission_counts_on_without_words_and_answers(both: Both, is_closed: bool) -> None:
    store, eraser = both
    store.add("a1", a_submission(), "digest")
    store.add("b2", a_submission(text="Của người khác"), "other digest")
    if is_closed:
        assert sum(store.assign_week(WARD, FUTURE)) == 2
    eraser.blank("a1", ON)
    first, second = store.everything(WARD)
    one = first.submission
    assert (one.text, dict(one.answers), one.service, first.erased_on) == ("", {}, "", ON)
    assert (one.text_kind, one.do_not_quote) == (None, False)
    kept = ("ward", "place", "channel", "assisted", "questionnaire", "round", "flags")
    assert [getattr(one, name) for name in kept] == [getattr(a_submission(), name) for name in kept]
    assert (second.submission.text, second.erased_on) == ("Của người khác", None)
    submission_status = store.submission_status("a1")
    assert submission_status is not None
    assert (submission_status.erased_on, submission_status.is_closed) == (ON, is_closed)
    assert store.count_in_week(WARD, FUTURE) == (2 if is_closed else 0)


def test_words_and_answers_can_go_each_at_its_own_time(both: Both) -> None:
    store, eraser = both
    store.add("a1", a_submission(), "digest")
    eraser.blank("a1", ON, answers=False)
    (one,) = store.everything(WARD)
    assert (one.submission.text, dict(one.submission.answers)) == ("", dict(a_submission().answers))
    eraser.blank("a1", ON.replace(day=27), words=False)
    (one,) = store.everything(WARD)
    assert (dict(one.submission.answers), one.submission.service, one.erased_on) == (
        {},
        "",
        date(2026, 11, 27),
    )


def test_a_blanked_submission_is_closed_with_its_week_like_any_other(both: Both) -> None:
    store, eraser = both
    store.add("a1", a_submission(), "digest")
    eraser.blank("a1", ON)
    assert sum(store.assign_week(WARD, FUTURE)) == 1
    (one,) = store.in_week(WARD, FUTURE)
    assert one.erased_on == ON


def test_what_its_author_said_of_the_answer_loses_its_words_and_counts_on(both: Both) -> None:
    store, eraser = both
    for id in ("a001", "b2"):
        store.add(id, a_submission(), "digest")
        store.create_verdict(replace(A_VERDICT, id=id))
    eraser.blank("a001", ON)
    assert store.verdict("a001") == replace(A_VERDICT, words="")
    assert store.verdict("b2") == replace(A_VERDICT, id="b2")


def test_a_telephone_that_sends_it_again_does_not_bring_it_back(both: Both) -> None:
    store, eraser = both
    store.add("a1", a_submission(), "digest")
    eraser.blank("a1", ON)
    with pytest.raises(IdTaken) as taken:
        store.add("a1", a_submission(), "digest")
    assert taken.value.digest == "digest"
    (one,) = store.everything(WARD)
    assert one.submission.text == ""


def test_what_is_not_there_cannot_be_blanked(both: Both) -> None:
    store, eraser = both
    with pytest.raises(StoreUnavailable):
        eraser.blank("a1", ON)
    assert list(store.everything(WARD)) == []


@pytest.mark.parametrize("sizes", [(10, 20), (2 * PART_BYTES + 5, 7), (7, 2 * PART_BYTES + 5)])
def test_contents_are_replaced_whole_and_made_if_new(both: Both, sizes: tuple[int, int]) -> None:
    store, eraser = both
    before, after = (bytes([size % 256]) * size for size in sizes)
    store.save_content(f"{WARD}.2026-W47.a", before)
    store.save_content(f"{OTHER_WARD}.2026-W47.a", before)
    eraser.replace_contents({f"{WARD}.2026-W47.a": after, f"{WARD}.2026-W47.a.erased": b"{}"})
    assert store.content(f"{WARD}.2026-W47.a") == after
    assert store.content(f"{WARD}.2026-W47.a.erased") == b"{}"
    assert store.content(f"{OTHER_WARD}.2026-W47.a") == before
    assert list(eraser.contents(WARD)) == [f"{WARD}.2026-W47.a", f"{WARD}.2026-W47.a.erased"]
    eraser.wipe()
    assert store.content(f"{WARD}.2026-W47.a") == after


@pytest.mark.emulator
def test_parts_that_a_crash_left_without_their_list_go(firestore_project: str) -> None:
    store, eraser = (
        FirestoreStore(firestore_project, "(default)"),
        FirestoreEraser(firestore_project, "(default)"),
    )
    store.save_content(f"{WARD}.2026-W47.a", b"whole")
    store._documents.create("contents", f"{WARD}.2026-W47.b.000", {"bytes": b"words"})
    store._documents.create("contents", f"{OTHER_WARD}.2026-W47.b.000", {"bytes": b"words"})
    assert list(eraser.contents(WARD)) == [f"{WARD}.2026-W47.a"]
    assert store._documents.get("contents", f"{WARD}.2026-W47.b.000") is None
    assert store._documents.get("contents", f"{OTHER_WARD}.2026-W47.b.000") is not None
    assert store.content(f"{WARD}.2026-W47.a") == b"whole"
    eraser.close()
    store.close()


def test_what_was_freed_in_a_file_is_overwritten_though_a_box_uses_it(tmp_path: Path) -> None:
    path = tmp_path / "box.db"
    store = SqliteStore(path, now)
    for number in range(300):
        words = "Bí mật của tôi" if number % 7 == 0 else "Lời người khác " * 9
        store.add(f"{number:032x}", a_submission(text=words), "digest")
    one = SqliteEraser(path)
    for number in range(0, 300, 7):
        one.blank(f"{number:032x}", ON)
    one.wipe()
    for file in tmp_path.iterdir():
        assert "Bí mật của tôi".encode() not in file.read_bytes(), file.name
    assert sum(1 for _ in store.everything(WARD)) == 300
    one.close()
    store.close()
