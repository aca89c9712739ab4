"""What the desk and the board do with Firestore: single submissions, cases, mailed links, lists' terms."""

from collections.abc import Iterator, Sequence

from homthu.adapters.firestore.queries import (
    CASES,
    DESK_TERMS,
    EXPIRING,
    LINK_MAILS,
    REVIEWS,
    SUBMISSIONS,
    cases,
    in_week,
    reviews_of,
    reviews_since,
)
from homthu.adapters.firestore.records import FirestoreRecords
from homthu.adapters.review_records import review_of, review_record
from homthu.adapters.store_records import (
    TRACE,
    Record,
    case_of,
    case_record,
    desk_term_of,
    desk_term_record,
    link_mail_of,
    link_mail_record,
    stored_submission,
    submission_status_of,
)
from homthu.domain.cases.case import Case
from homthu.domain.cases.desk_term import DeskTerm
from homthu.domain.cases.link_mail import LinkMail
from homthu.domain.cases.review import Review
from homthu.domain.submissions.submission import StoredSubmission, SubmissionStatus
from homthu.domain.week import Week


class FirestoreDesk(FirestoreRecords):
    """Single submissions to be read; cases and mailed links, to be kept."""

    def submission_status(self, id: str) -> SubmissionStatus | None:
        """Where a submission belongs; its words are not even asked for."""
        document = self._documents.get(SUBMISSIONS, id, only=TRACE)
        return submission_status_of(document.record) if document else None

    def submission(self, id: str) -> StoredSubmission | None:
        """The submission under this id if its week is closed."""
        document = self._documents.get(SUBMISSIONS, id)
        if document is None or not document.record.get("week"):
            return None
        return stored_submission(id, document.record)

    def place_in_week(self, ward: str, week: Week, id: str) -> int:
        """Which one this is in the order of ids."""
        all_of_it, from_here = in_week(ward, week), in_week(ward, week, since=id)
        return self._documents.count(all_of_it) - self._documents.count(from_here) + 1

    def create_case(self, case: Case) -> Case:
        """Store a new case."""
        record = case_record(case)
        return case_of(case.id, record, self._create(CASES, case.id, record))

    def replace_case(self, old: Case, new: Case) -> Case:
        """Store `new` if the stored case is still `old`."""
        record = case_record(new)
        return case_of(old.id, record, self._replace(CASES, old.id, record, old.revision))

    def change_cases(self, changes: Sequence[tuple[Case | None, Case]]) -> list[Case]:
        """Store each in the place of another, or as a new one, in one commit."""
        written = [(new.id, case_record(new), old.revision if old else None) for old, new in changes]
        revisions = self._change_all(CASES, written)
        return [case_of(id, record, to) for (id, record, _), to in zip(written, revisions, strict=True)]

    def case(self, id: str) -> Case | None:
        """The case of a submission."""
        document = self._documents.get(CASES, id)
        return case_of(id, document.record, document.revision) if document else None

    def cases(self, ward: str) -> Iterator[Case]:
        """The ward's cases in the order of their ids."""
        for document in self._documents.stream(cases(ward)):
            yield case_of(document.id, document.record, document.revision)

    def create_review(self, review: Review) -> Review:
        """Store the first decision about a text."""
        record = review_record(review)
        return review_of(review.id, record, self._create(REVIEWS, review.id, record))

    def replace_review(self, old: Review, new: Review) -> Review:
        """Store `new` if the stored review is still `old`."""
        record = review_record(new)
        return review_of(old.id, record, self._replace(REVIEWS, old.id, record, old.revision))

    def review(self, id: str) -> Review | None:
        """What was decided about a text."""
        document = self._documents.get(REVIEWS, id)
        return review_of(id, document.record, document.revision) if document else None

    def reviews_of(self, ward: str, week: Week) -> Iterator[Review]:
        """What was decided about a week's texts, in the order of ids."""
        for document in self._documents.stream(reviews_of(ward, week)):
            yield review_of(document.id, document.record, document.revision)

    def reviews_since(self, ward: str, week: Week) -> Iterator[Review]:
        """What was last decided in a week or later."""
        for document in self._documents.stream(reviews_since(ward, week)):
            yield review_of(document.id, document.record, document.revision)

    def link_mail(self, id: str) -> LinkMail | None:
        """The last link mailed under this id."""
        document = self._documents.get(LINK_MAILS, id)
        return link_mail_of(id, document.record, document.revision) if document else None

    def create_link_mail(self, mail: LinkMail) -> LinkMail:
        """Store the first one mailed under its id."""
        record = _link_mail_record(mail)
        return link_mail_of(mail.id, record, self._create(LINK_MAILS, mail.id, record))

    def replace_link_mail(self, old: LinkMail, new: LinkMail) -> LinkMail:
        """Store `new` if what is stored is still `old`."""
        record = _link_mail_record(new)
        return link_mail_of(old.id, record, self._replace(LINK_MAILS, old.id, record, old.revision))

    def desk_term(self, ward: str) -> DeskTerm | None:
        """Since when the ward's list of recipients stands."""
        document = self._documents.get(DESK_TERMS, ward)
        return desk_term_of(ward, document.record, document.revision) if document else None

    def create_desk_term(self, term: DeskTerm) -> DeskTerm:
        """Store a ward's first."""
        record = desk_term_record(term)
        return desk_term_of(term.ward, record, self._create(DESK_TERMS, term.ward, record))

    def replace_desk_term(self, old: DeskTerm, new: DeskTerm) -> DeskTerm:
        """Store `new` if what is stored is still `old`."""
        record = desk_term_record(new)
        return desk_term_of(old.ward, record, self._replace(DESK_TERMS, old.ward, record, old.revision))


def _link_mail_record(mail: LinkMail) -> Record:
    """With the time that Firestore deletes it by. One from before that was kept has none, and stays."""
    return {**link_mail_record(mail), EXPIRING[LINK_MAILS]: mail.expires_at}
