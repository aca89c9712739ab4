"""What the services need of a store to remember what readers decided about texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from homthu.domain.cases.review import Review
    from homthu.domain.week import Week


class Reviews(Protocol):
    """What readers of words decided about texts. Every method may raise `StoreUnavailable`."""

    def create_review(self, review: Review) -> Review:
        """Store the first decision about a text. Raise `Conflict` if there is one."""

    def replace_review(self, old: Review, new: Review) -> Review:
        """Store `new` if the stored review is still `old`, else raise `Conflict`."""

    def review(self, id: str) -> Review | None:
        """The review of the text of a submission, or None."""

    def reviews_of(self, ward: str, week: Week, *, first: str = "", last: str = "~") -> Iterator[Review]:
        """The reviews of a week's texts, all or from one id to another, in the order of ids."""

    def count_reviews(self, ward: str, week: Week) -> int:
        """For how many texts of a week it was decided whether they are passed on."""

    def reviews_since(self, ward: str, week: Week) -> Iterator[Review]:
        """The reviews whose newest decision is of this week or a later one, streamed."""
