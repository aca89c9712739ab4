"""What `submit` may rely on, whatever the store."""

import pytest
from homthu.domain.submissions.submission import Channel
from homthu.ports import IdTaken, Store
from samples import FUTURE, WARD, a_submission, at_once, fill


def test_a_store_that_can_be_used_passes_its_check_full_or_empty(store: Store) -> None:
    store.check()
    store.add("a", a_submission(), "d1")
    store.check()
    assert store.digest("a") == "d1"


def test_a_closed_store_opens_again_with_all_that_it_held(store: Store) -> None:
    store.add("a", a_submission(), "d1")
    store.close()
    assert store.digest("a") == "d1"


def test_an_added_submission_comes_back_equal(store: Store) -> None:
    submission = a_submission()
    store.add("a", submission, "d1")
    (stored,) = store.everything(WARD)
    assert (stored.id, stored.submission) == ("a", submission)


def test_answers_come_back_whatever_their_questions_are_called(store: Store) -> None:
    """An office cannot know which names a database keeps for itself."""
    ids = (
        "__proto__",
        "__name__",
        "__x__",
        "__",
        "_",
        "0",
        "constructor",
        "a_b",
        "null",
        "text",
        "answers",
        "id",
    )
    submission = a_submission(answers={id: str(number) for number, id in enumerate(ids)})
    store.add("a", submission, "d1")
    (stored,) = store.everything(WARD)
    assert stored.submission == submission
    assert list(store.assign_week(WARD, FUTURE))
    (in_week,) = store.in_week(WARD, FUTURE)
    assert in_week.submission == submission


def test_the_digest_of_an_added_submission_is_known(store: Store) -> None:
    store.add("a", a_submission(), "d1")
    assert store.digest("a") == "d1"


def test_nothing_is_known_of_an_id_that_was_not_added(store: Store) -> None:
    assert store.digest("a") is None


def test_adding_the_same_id_twice_raises_id_taken_with_the_first_digest(store: Store) -> None:
    store.add("a", a_submission(), "d1")
    with pytest.raises(IdTaken) as caught:
        store.add("a", a_submission(), "d2")
    assert caught.value.digest == "d1"


def test_a_refused_submission_leaves_the_first_as_it_was(store: Store) -> None:
    store.add("a", a_submission(text="lời thứ nhất"), "d1")
    with pytest.raises(IdTaken):
        store.add("a", a_submission(text="lời thứ hai"), "d2")
    assert [one.submission.text for one in store.everything(WARD)] == ["lời thứ nhất"]


def test_an_id_stays_taken_when_its_submission_is_assigned(store: Store) -> None:
    store.add("a", a_submission(), "d1")
    list(store.assign_week(WARD, FUTURE))
    with pytest.raises(IdTaken) as caught:
        store.add("a", a_submission(), "d2")
    assert caught.value.digest == store.digest("a") == "d1"


def test_of_twenty_that_add_one_id_at_once_one_wins_and_all_others_learn_its_digest(store: Store) -> None:
    def add(digest: str) -> str:
        try:
            store.add("a", a_submission(), digest)
        except IdTaken as taken:
            return taken.digest
        return "won"

    outcomes = at_once(add, [f"d{n}" for n in range(20)])
    assert outcomes.count("won") == 1
    winner = f"d{outcomes.index('won')}"
    assert [one for one in outcomes if one != "won"] == [winner] * 19
    assert store.digest("a") == winner


def test_of_many_that_add_at_once_none_is_lost(store: Store) -> None:
    ids = [f"{n:04d}" for n in range(320)]
    fill(store, ids)
    assert [one.id for one in store.everything(WARD)] == ids
    assert store.digest("0123") == "digest of 0123"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Đề nghị phường mở thêm quầy, “một cửa” đông quá ạ!",
        "Thủ tục đất đai chậm.\nXin cảm ơn.\tHết",
        "👍🏽 👨‍👩‍👧‍👦 rất tốt",
        """'; DROP TABLE submissions; -- "x" \\ %s {} $where `id`""",
        "=1+1",
        "a" * 8000,
    ],
    ids=["empty", "vietnamese", "lines", "emoji", "quotes", "formula", "long"],
)
def test_a_text_comes_back_letter_for_letter(store: Store, text: str) -> None:
    store.add("a", a_submission(text=text, answers={"khac": text[:100]}), "d1")
    (stored,) = store.everything(WARD)
    assert stored.submission == a_submission(text=text, answers={"khac": text[:100]})


def test_a_submission_with_nothing_optional_in_it_comes_back_equal(store: Store) -> None:
    bare = a_submission(
        answers={},
        text="",
        service="",
        flags=(),
        assisted=False,
        channel=Channel.PAPER,
        text_kind=None,
        do_not_quote=False,
    )
    store.add("a", bare, "d1")
    assert [one.submission for one in store.everything(WARD)] == [bare]
