"""Two readers decide about one text at the same moment."""

from datetime import date

import pytest
from builders import SIGNS
from homthu.domain.cases.review import Decision, Review, ReviewEvent, ReviewKind
from homthu.ports import Conflict, StoreUnavailable
from homthu.services.cases import NoSuchSuggestion
from homthu.services.review import ReviewedMeanwhile, review_text
from report_harness import W48, ReportHarness, monday

PASS, THANK = Decision(kind=ReviewKind.PASS), Decision(kind=ReviewKind.THANK)


class Meanwhile:
    """The store's reviews, into which another request writes just before ours; or a conflict over nothing."""

    def __init__(self, harness: ReportHarness, other: ReviewEvent | None) -> None:
        self._store, self._other = harness.store, other

    def review(self, id: str) -> Review | None:
        return self._store.review(id)

    def create_review(self, review: Review) -> Review:
        if self._other:
            self._store.create_review(
                Review(
                    id=review.id,
                    ward=review.ward,
                    week=review.week,
                    number=review.number,
                    history=(self._other,),
                )
            )
        raise Conflict(review.id)


@pytest.fixture
def harness() -> ReportHarness:
    harness = ReportHarness()
    harness.receive(W48.begins_at, text="Ghế ở phòng chờ bị hỏng")
    harness.report(monday(W48))
    return harness


def decide(harness: ReportHarness, reviews: Meanwhile, decision: Decision, *, ward: str = "") -> Review:
    (one,) = harness.store.everything(harness.ward)
    return review_text(
        harness.store,
        harness.store,
        reviews,
        SIGNS,
        ward=ward or harness.ward,
        id=one.id,
        seen=0,
        decision=decision,
        who="Ban Chỉ đạo",
        on=date(2026, 11, 30),
        idempotency_key="lan-1",
    )


def event(decision: Decision, key: str) -> ReviewEvent:
    return ReviewEvent(decision=decision, who="Thường trực", on=date(2026, 11, 30), idempotency_key=key)


def test_the_same_form_twice_at_once_is_one_decision(harness: ReportHarness) -> None:
    stands = decide(harness, Meanwhile(harness, event(PASS, "lan-1")), PASS)
    assert [one.decision for one in stands.history] == [PASS]


def test_of_two_decisions_at_once_the_second_reader_sees_the_first(harness: ReportHarness) -> None:
    with pytest.raises(ReviewedMeanwhile) as told:
        decide(harness, Meanwhile(harness, event(THANK, "lan-2")), PASS)
    assert [one.decision for one in told.value.review.history] == [THANK]


def test_a_conflict_over_nothing_is_no_decision(harness: ReportHarness) -> None:
    with pytest.raises(StoreUnavailable, match="vanished"):
        decide(harness, Meanwhile(harness, None), PASS)


def test_another_wards_text_is_none(harness: ReportHarness) -> None:
    with pytest.raises(NoSuchSuggestion):
        decide(harness, Meanwhile(harness, None), PASS, ward="99999")
