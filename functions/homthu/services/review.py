"""Review: decide about a text, so that those who do not read words are shown it, or not."""

from datetime import date

from homthu.domain.cases.review import Decision, NotReviewable, Review, ReviewEvent
from homthu.domain.cases.sorting import stands_apart
from homthu.domain.errors import HomThuError
from homthu.domain.submissions.signs import Signs
from homthu.domain.text import clean
from homthu.ports import Cases, Conflict, Reviews, StoreUnavailable, SubmissionFinder
from homthu.services.cases import NoSuchSuggestion


class ReviewedMeanwhile(HomThuError):
    """Somebody else decided about the text; `review` is its current state."""

    def __init__(self, review: Review) -> None:
        super().__init__(review.id)
        self.review = review


def review_text(
    finder: SubmissionFinder,
    cases: Cases,
    reviews: Reviews,
    signs: Signs,
    *,
    ward: str,
    id: str,
    seen: int,
    decision: Decision,
    who: str,
    on: date,
    idempotency_key: str,
) -> Review:
    """Add a decision about a text, of which the reader saw `seen`; the same form again adds none.

    Raise `NoSuchSuggestion`, `NotReviewable` for what is set apart or erased, or `ReviewedMeanwhile` if there
    are decisions they have not seen. May raise `StoreUnavailable`.
    """
    stored = finder.submission(id)
    if stored is None or stored.submission.ward != ward or not clean(stored.submission.text):
        raise NoSuchSuggestion(id)
    if stands_apart(stored.submission, signs, cases.case(id)):
        raise NotReviewable(id)
    event = ReviewEvent(decision=decision, who=who, on=on, idempotency_key=idempotency_key)
    review = reviews.review(id)
    if review and review.has(idempotency_key, decision):
        return review
    if review and len(review.history) != seen:
        raise ReviewedMeanwhile(review)
    try:
        if review:
            return reviews.replace_review(review, review.after(event))
        number = finder.place_in_week(ward, stored.week, id)
        return reviews.create_review(
            Review(id=id, ward=ward, week=stored.week, number=number, history=(event,))
        )
    except Conflict:
        newest = reviews.review(id)
    if newest is None:
        raise StoreUnavailable("vanished")
    if newest.has(idempotency_key, decision):
        return newest
    raise ReviewedMeanwhile(newest)
