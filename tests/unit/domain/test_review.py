"""What readers decide: which masked versions may be taken, and what counts on which day."""

import random
import re
from datetime import date

import pytest
from homthu.domain.boxes.box import Reads
from homthu.domain.cases.review import (
    Decision,
    MaskFault,
    NotReviewable,
    Review,
    ReviewEvent,
    ReviewKind,
    mask_fault,
    masked_as,
    may_read,
)
from homthu.domain.week import Week

SAID = "Ông Tuấn ở quầy 3 rất chậm,\nxin đổi người. Gọi […] nhé"


@pytest.mark.parametrize(
    "masked",
    [
        "Ông […] ở quầy 3 rất chậm,\nxin đổi người. Gọi […] nhé",
        "[...] ở quầy 3 rất chậm, xin đổi người.   Gọi [ … ] nhé",
        "[…], xin đổi người. Gọi […] nhé",
        "Ông Tuấn ở quầy 3 rất […]",
        "Ông […] […] chậm, […] nhé",
        "[…] quầy 3 […]",
    ],
)
def test_words_may_be_masked_anywhere(masked: str) -> None:
    assert mask_fault(masked, SAID) is None


@pytest.mark.parametrize(
    ("masked", "fault"),
    [
        ("Ông […] ở quầy 3 rất nhanh, xin đổi người. Gọi […] nhé", MaskFault.CHANGED),
        ("Ông T[…] ở quầy 3 rất chậm, xin đổi người. Gọi […] nhé", MaskFault.CHANGED),
        ("Ông […] Tuấn ở quầy 3 rất chậm, xin đổi người. Gọi […] nhé", MaskFault.CHANGED),
        ("ông […] ở quầy 3 rất chậm, xin đổi người. Gọi […] nhé", MaskFault.CHANGED),
        ("xin đổi người. […] Ông Tuấn", MaskFault.CHANGED),
        ("Ông Tuấn ở quầy 3", MaskFault.CHANGED),
        ("Ông Tuấn ở quầy 3 rất chậm, xin đổi người. Gọi 0912345678 nhé", MaskFault.CHANGED),
        (SAID, MaskFault.NOTHING_MASKED),
        (SAID.replace("\n", " "), MaskFault.NOTHING_MASKED),
        ("", MaskFault.ALL_MASKED),
        ("[…] […], […].", MaskFault.ALL_MASKED),
    ],
)
def test_nothing_else_may_be_changed(masked: str, fault: MaskFault) -> None:
    assert mask_fault(masked, SAID) is fault


def test_any_words_taken_away_fit_and_any_other_word_does_not() -> None:
    chance = random.Random(14)
    words = ["đèn", "đường", "ngõ", "hỏng", "hai", "tuần", "nay", "chưa", "ai", "sửa", "đường", "tối", "đèn"]
    for _ in range(2000):
        said = [chance.choice(words) for _ in range(chance.randint(2, 14))]
        taken = {at for at in range(len(said)) if chance.random() < 0.4}
        masked = " ".join("[…]" if at in taken else word for at, word in enumerate(said))
        expected = (
            MaskFault.NOTHING_MASKED
            if not taken
            else MaskFault.ALL_MASKED
            if len(taken) == len(said)
            else None
        )
        assert mask_fault(masked, " ".join(said)) is expected, (said, masked)
        put_in = chance.randint(0, len(said))
        longer = masked.split()
        longer.insert(put_in, "bịa")
        assert mask_fault(" ".join(longer), " ".join(said)) is not None


def test_a_mask_is_kept_in_one_spelling() -> None:
    assert re.findall(r"\[[^\]]*\]", masked_as("Ông [...] [ … ] quầy [..] 3")) == ["[…]", "[…]"]


def test_a_hostile_mask_is_answered_at_once() -> None:
    said = "a " * 1000
    assert mask_fault("a […] " * 300 + "b", said) is MaskFault.CHANGED


def event(kind: ReviewKind, day: int, **changes: str) -> ReviewEvent:
    return ReviewEvent(
        decision=Decision(kind=kind, **changes), who="A", on=date(2026, 11, day), idempotency_key=f"k{day}"
    )


def test_a_review_stands_as_of_a_day() -> None:
    review = Review(
        id="r",
        ward="07210",
        week=Week(2026, 47),
        number=1,
        history=(event(ReviewKind.PASS, 24), event(ReviewKind.WITHHOLD, 30)),
    )
    assert review.as_of(date(2026, 11, 23)) is None
    then = review.as_of(date(2026, 11, 29))
    assert then is not None
    assert then.decision.passes
    assert not review.decision.passes
    assert review.changed == Week(2026, 49)


def test_what_was_erased_holds_no_words_and_takes_no_decision() -> None:
    review = Review(
        id="r",
        ward="07210",
        week=Week(2026, 47),
        number=1,
        history=(event(ReviewKind.MASK, 24, text="[…] x"),),
    )
    erased = review.erased(on=date(2026, 12, 1))
    assert erased.erased(on=date(2026, 12, 2)) == erased
    assert not any(one.decision.text for one in erased.history)
    assert not erased.decision.passes
    with pytest.raises(NotReviewable):
        erased.after(event(ReviewKind.PASS, 25))


@pytest.mark.parametrize("is_passed", [False, True])
def test_nothing_read_includes_anything_else(is_passed: bool) -> None:
    assert not may_read(frozenset({Reads.FIGURES, Reads.WORDS}), is_set_apart=True, is_passed=is_passed)
    assert may_read(frozenset({Reads.PETITIONS}), is_set_apart=True, is_passed=False)
    assert may_read(frozenset({Reads.PETITIONS}), is_set_apart=False, is_passed=is_passed) is is_passed
    assert may_read(frozenset({Reads.WORDS}), is_set_apart=False, is_passed=False)
