"""What the desk and the board need of Firestore: submissions by id, reviews, mailed links, desk terms."""

from collections.abc import Iterator
from dataclasses import replace

from homthu.adapters.firestore.queries import (
    DESK_TERMS,
    EXPIRING,
    LINK_MAILS,
    REVIEWS,
    SUBMISSIONS,
    in_week,
    reviews_of,
    reviews_since,
    themes_of,
)
from homthu.adapters.firestore.records import FirestoreRecords
from homthu.adapters.review_records import review_of, review_record
from homthu.adapters.store_records import (
    TRACE,
    Record,
    desk_term_of,
    desk_term_record,
    link_mail_of,
    link_mail_record,
    stored_submission,
    submission_status_of,
)
from homthu.domain.cases.desk_term import DeskTerm
from homthu.domain.cases.link_mail import LinkMail
from homthu.domain.cases.review import Review
from homthu.domain.submissions.submission import StoredSubmission, SubmissionStatus
from homthu.domain.week import Week


class FirestoreDesk(FirestoreRecords):
    """Reads single submissions; keeps reviews, mailed links and desk terms."""

    def submission_status(self, id: str) -> SubmissionStatus | None:
        """The ward, week and place of a submission, or None; its words are not even fetched."""
        document = self._documents.get(SUBMISSIONS, id, only=TRACE)
        return submission_status_of(document.record) if document else None

    def submission(self, id: str) -> StoredSubmission | None:
        """The submission with this id if its week is closed, else None."""
        document = self._documents.get(SUBMISSIONS, id)
        if document is None or not document.record.get("week"):
            return None
        return stored_submission(id, document.record)

    def place_in_week(self, ward: str, week: Week, id: str) -> int:
        """The position of a submission in its week, from 1, in order of id."""
        all_of_it, from_here = in_week(ward, week), in_week(ward, week, since=id)
        return self._documents.count(all_of_it) - self._documents.count(from_here) + 1

    def create_review(self, review: Review) -> Review:
        """Store the first decision about a text. Raise `Conflict` if there is one."""
        record = review_record(review)
        return review_of(review.id, record, self._create(REVIEWS, review.id, record))

    def replace_review(self, old: Review, new: Review) -> Review:
        """Store `new` if the stored review is still `old`, else raise `Conflict`."""
        record = review_record(new)
        return review_of(old.id, record, self._replace(REVIEWS, old.id, record, old.revision))

    def review(self, id: str) -> Review | None:
        """The decisions about a text, or None."""
        document = self._documents.get(REVIEWS, id)
        return review_of(id, document.record, document.revision) if document else None

    def reviews_of(self, ward: str, week: Week, *, first: str = "", last: str = "~") -> Iterator[Review]:
        """The decisions about a week's texts, in order of id, from the id `first` to `last`."""
        query = replace(reviews_of(ward, week), since=first, until=last)
        for document in self._documents.stream(query):
            yield review_of(document.id, document.record, document.revision)

    def count_reviews(self, ward: str, week: Week) -> int:
        """How many texts of a week have been passed on, masked or withheld; a theme alone does not count."""
        # Subtracted, because those of before say nothing of it.
        themes = self._documents.count(themes_of(ward, week))
        return self._documents.count(reviews_of(ward, week)) - themes

    def reviews_since(self, ward: str, week: Week) -> Iterator[Review]:
        """The decisions whose latest change is in this week or later."""
        for document in self._documents.stream(reviews_since(ward, week)):
            yield review_of(document.id, document.record, document.revision)

    def link_mail(self, id: str) -> LinkMail | None:
        """The last link mailed under this id, or None."""
        document = self._documents.get(LINK_MAILS, id)
        return link_mail_of(id, document.record, document.revision) if document else None

    def create_link_mail(self, mail: LinkMail) -> LinkMail:
        """Store the first link mailed under its id. Raise `Conflict` if there is one."""
        record = _link_mail_record(mail)
        return link_mail_of(mail.id, record, self._create(LINK_MAILS, mail.id, record))

    def replace_link_mail(self, old: LinkMail, new: LinkMail) -> LinkMail:
        """Store `new` if the stored one is still `old`, else raise `Conflict`."""
        record = _link_mail_record(new)
        return link_mail_of(old.id, record, self._replace(LINK_MAILS, old.id, record, old.revision))

    def desk_term(self, ward: str) -> DeskTerm | None:
        """Since when the ward's list of recipients has been as it is, or None."""
        document = self._documents.get(DESK_TERMS, ward)
        return desk_term_of(ward, document.record, document.revision) if document else None

    def create_desk_term(self, term: DeskTerm) -> DeskTerm:
        """Store a ward's first term. Raise `Conflict` if it has one."""
        record = desk_term_record(term)
        return desk_term_of(term.ward, record, self._create(DESK_TERMS, term.ward, record))

    def replace_desk_term(self, old: DeskTerm, new: DeskTerm) -> DeskTerm:
        """Store `new` if the stored one is still `old`, else raise `Conflict`."""
        record = desk_term_record(new)
        return desk_term_of(old.ward, record, self._replace(DESK_TERMS, old.ward, record, old.revision))


def _link_mail_record(mail: LinkMail) -> Record:
    """A record with the time at which Firestore deletes it; one stored before that field existed stays."""
    return {**link_mail_record(mail), EXPIRING[LINK_MAILS]: mail.expires_at}
