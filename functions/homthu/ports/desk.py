"""What the desk needs of a store beside cases: reviews, verdicts, mails to units and clerks, and ticks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from homthu.domain.cases.review import Review
    from homthu.domain.cases.unit_mail import UnitMail
    from homthu.domain.cases.verdict import Verdict
    from homthu.domain.rekeying.typed import TypedWeek
    from homthu.domain.week import Week


class Reviews(Protocol):
    """What readers decided about texts. Every method may raise `StoreUnavailable`."""

    def create_review(self, review: Review) -> Review:
        """Store the first decision about a text. Raise `Conflict` if there is one."""

    def replace_review(self, old: Review, new: Review) -> Review:
        """Store `new` if the stored review is still `old`, else raise `Conflict`."""

    def review(self, id: str) -> Review | None:
        """The review of the text of a submission, or None."""

    def reviews_of(self, ward: str, week: Week, *, first: str = "", last: str = "~") -> Iterator[Review]:
        """The reviews of a week's texts, all or from one id to another, in order of id."""

    def count_reviews(self, ward: str, week: Week) -> int:
        """How many texts of a week have been passed on, masked or withheld; a theme alone does not count."""

    def reviews_since(self, ward: str, week: Week) -> Iterator[Review]:
        """The reviews whose newest decision is of this week or a later one, streamed."""


class UnitMails(Protocol):
    """Mails to units and clerks, owed or sent. Every method may raise `StoreUnavailable`."""

    def owe_unit_mail(self, mail: UnitMail) -> None:
        """Store a mail, unless one with its id exists."""

    def unit_mail(self, id: str) -> UnitMail | None:
        """The mail with this id, or None."""

    def replace_unit_mail(self, old: UnitMail, new: UnitMail) -> UnitMail:
        """Store `new` if the stored mail is still `old`, else raise `Conflict`."""

    def owed_unit_mails(self, ward: str) -> list[UnitMail]:
        """The ward's mails that are neither sent, bounced nor withdrawn, in order of id."""

    def bounced_unit_mails(self, ward: str) -> list[UnitMail]:
        """The ward's mails that bounced, in order of id."""


class VerdictIntake(Protocol):
    """What taking a verdict may do with the store. Every method may raise `StoreUnavailable`."""

    def create_verdict(self, verdict: Verdict) -> Verdict:
        """Store a new verdict. Raise `Conflict` if its submission has one."""

    def verdict(self, id: str) -> Verdict | None:
        """The verdict of a submission, or None."""


class Verdicts(VerdictIntake, Protocol):
    """What else is done with verdicts. Every method may raise `StoreUnavailable`."""

    def verdicts_of(self, ward: str, *weeks: Week) -> Iterator[Verdict]:
        """The verdicts given in these weeks, in order of id."""

    def replace_verdict(self, old: Verdict, new: Verdict) -> Verdict:
        """Store `new` if the stored verdict is still `old`, else raise `Conflict`."""


class TypedWeeks(Protocol):
    """The ticks, one record per ward, target and week. Every method may raise `StoreUnavailable`."""

    def typed_weeks(self, ward: str, year: int) -> Iterator[TypedWeek]:
        """The ticks of a ward in the weeks of a year, for every target, in order of id."""

    def create_typed_week(self, typed: TypedWeek) -> TypedWeek:
        """Store the first ticks of a week. Raise `Conflict` if it has any."""

    def replace_typed_week(self, old: TypedWeek, new: TypedWeek) -> TypedWeek:
        """Store `new` if the stored week is still `old`, else raise `Conflict`."""
