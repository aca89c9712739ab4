"""What the reviews of texts may rely on, whatever the store."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from homthu.domain.cases.review import Decision, Review, ReviewEvent, ReviewKind, WithholdReason
from homthu.domain.week import Week
from homthu.ports import Conflict, Store
from samples import OTHER_WARD, WARD, at_once

PASSED = ReviewEvent(
    decision=Decision(kind=ReviewKind.MASK, text="Ông […]\nở quầy 3"),
    who="Bí thư «A» <b>",
    on=date(2026, 11, 30),
    idempotency_key="k1",
)
WITHHELD = ReviewEvent(
    decision=Decision(kind=ReviewKind.WITHHOLD, reason=WithholdReason.INSULT),
    who="Ban Chỉ đạo",
    on=date(2026, 12, 8),
    idempotency_key="k2",
)
ABOUT = ReviewEvent(
    decision=Decision(kind=ReviewKind.THEME, theme="duong_den"),
    who="Ban Chỉ đạo",
    on=date(2026, 12, 9),
    idempotency_key="k3",
)


def a_review(id: str = "r1", **changes: object) -> Review:
    review = Review(id=id, ward=WARD, week=Week(2026, 48), number=7, history=(PASSED,))
    return replace(review, **changes)


def wins(act: Callable[[], object]) -> bool:
    try:
        act()
    except Conflict:
        return False
    return True


def test_a_review_comes_back_equal_and_is_replaced_once(store: Store) -> None:
    made = store.create_review(a_review())
    assert made == store.review("r1") == a_review()
    assert store.review("r2") is None
    after = made.after(WITHHELD)
    assert store.replace_review(made, after) == store.review("r1") == a_review(history=(PASSED, WITHHELD))
    with pytest.raises(Conflict):
        store.replace_review(made, after)
    with pytest.raises(Conflict):
        store.create_review(a_review())
    newest = store.review("r1")
    assert newest is not None
    told = store.replace_review(newest, newest.after(ABOUT))
    assert told == store.review("r1") == a_review(history=(PASSED, WITHHELD, ABOUT))
    assert told.theme == "duong_den"


def test_a_theme_alone_decides_nothing_about_a_text(store: Store) -> None:
    store.create_review(a_review("r1"))
    made = store.create_review(a_review("r2", history=(ABOUT,)))
    assert store.count_reviews(WARD, Week(2026, 48)) == 1
    store.replace_review(made, made.after(PASSED))
    assert store.count_reviews(WARD, Week(2026, 48)) == 2


def test_of_ten_that_decide_about_a_text_at_once_one_wins(store: Store) -> None:
    assert sum(at_once(lambda n: wins(lambda: store.create_review(a_review(number=n))), range(10))) == 1
    made = store.review("r1")
    assert made is not None
    after = made.after(WITHHELD)
    assert sum(at_once(lambda _: wins(lambda: store.replace_review(made, after)), range(10))) == 1


def test_reviews_are_found_by_the_week_of_the_text_and_by_that_of_the_newest_decision(store: Store) -> None:
    for id in ("r3", "r1", "r2"):
        store.create_review(a_review(id))
    store.create_review(a_review("r4", week=Week(2026, 47), history=(PASSED, WITHHELD)))
    store.create_review(a_review("r5", ward=OTHER_WARD))
    assert [one.id for one in store.reviews_of(WARD, Week(2026, 48))] == ["r1", "r2", "r3"]
    assert [one.id for one in store.reviews_of(WARD, Week(2026, 49))] == []
    assert [one.id for one in store.reviews_since(WARD, Week(2026, 48))] == ["r1", "r2", "r3", "r4"]
    assert [one.id for one in store.reviews_since(WARD, Week(2026, 49))] == ["r1", "r2", "r3", "r4"]
    assert [one.id for one in store.reviews_since(WARD, Week(2026, 50))] == ["r4"]
    assert [one.id for one in store.reviews_since(WARD, Week(2026, 51))] == []
