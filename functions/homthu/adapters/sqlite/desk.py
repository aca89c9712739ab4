"""What the desk and the board need of SQLite: submissions by id, reviews, mailed links, desk terms."""

from collections.abc import Iterator

from homthu.adapters.review_records import review_of, review_record
from homthu.adapters.sqlite.records import SqliteRecords
from homthu.adapters.sqlite.rows import DESK_TERM, LINK_MAIL, REVIEW, SUBMISSION, insert, microseconds, select
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
from homthu.domain.cases.link_mail import LINK_PAUSE, LinkMail
from homthu.domain.cases.review import Review
from homthu.domain.submissions.submission import StoredSubmission, SubmissionStatus
from homthu.domain.week import Week
from homthu.ports import Conflict

_EXPIRED = "DELETE FROM link_mails WHERE sent_at <= ? AND id <> ?"
_ASSIGNED = select("submissions", SUBMISSION, "id = ? AND week IS NOT NULL")


class SqliteDesk(SqliteRecords):
    """Reads single submissions; keeps reviews, mailed links and desk terms."""

    def submission_status(self, id: str) -> SubmissionStatus | None:
        """The ward, week and place of a submission, or None."""
        found = self._read(select("submissions", TRACE, "id = ?"), TRACE, id)
        return submission_status_of(found[0]) if found else None

    def submission(self, id: str) -> StoredSubmission | None:
        """The submission with this id if its week is closed, else None."""
        found = self._read(_ASSIGNED, SUBMISSION, id)
        return stored_submission(id, found[0]) if found else None

    def place_in_week(self, ward: str, week: Week, id: str) -> int:
        """The position of a submission in its week, from 1, in order of id."""
        columns = ("count(*)",)
        found = self._read(
            select("submissions", columns, "ward = ? AND week = ? AND id <= ?"), columns, ward, str(week), id
        )
        number: int = found[0]["count(*)"]
        return number

    def create_review(self, review: Review) -> Review:
        """Store the first decision about a text. Raise `Conflict` if there is one."""
        record = review_record(review)
        if not self._write(insert("reviews", REVIEW), {**record, "id": review.id, "revision": 1}):
            raise Conflict(review.id)
        return review_of(review.id, record, 1)

    def replace_review(self, old: Review, new: Review) -> Review:
        """Store `new` if the stored review is still `old`, else raise `Conflict`."""
        record = review_record(new)
        return review_of(old.id, record, self._replace("reviews", "id", old.id, record, old.revision))

    def review(self, id: str) -> Review | None:
        """The decisions about a text, or None."""
        found = self._read(select("reviews", REVIEW, "id = ?"), REVIEW, id)
        return _review(found[0]) if found else None

    def reviews_of(self, ward: str, week: Week, *, first: str = "", last: str = "~") -> Iterator[Review]:
        """The decisions about a week's texts, in order of id, from the id `first` to `last`."""
        query = select("reviews", REVIEW, "ward = ? AND week = ? AND id >= ? AND id <= ? ORDER BY id")
        yield from map(_review, self._read(query, REVIEW, ward, str(week), first, last))

    def count_reviews(self, ward: str, week: Week) -> int:
        """How many texts of a week have been passed on, masked or withheld; a theme alone does not count."""
        columns = ("count(*)",)
        where = "ward = ? AND week = ? AND only_theme = 0"
        found = self._read(select("reviews", columns, where), columns, ward, str(week))
        count: int = found[0]["count(*)"]
        return count

    def reviews_since(self, ward: str, week: Week) -> Iterator[Review]:
        """The decisions whose latest change is in this week or later."""
        query = select("reviews", REVIEW, "ward = ? AND changed >= ? ORDER BY changed, id")
        yield from map(_review, self._read(query, REVIEW, ward, str(week)))

    def link_mail(self, id: str) -> LinkMail | None:
        """The last link mailed under this id, or None."""
        found = self._read(select("link_mails", LINK_MAIL, "id = ?"), LINK_MAIL, id)
        return link_mail_of(id, found[0], found[0]["revision"]) if found else None

    def create_link_mail(self, mail: LinkMail) -> LinkMail:
        """Store the first link mailed under its id. Raise `Conflict` if there is one."""
        self._sweep(mail)
        record = link_mail_record(mail)
        if not self._write(insert("link_mails", LINK_MAIL), {**record, "id": mail.id, "revision": 1}):
            raise Conflict(mail.id)
        return link_mail_of(mail.id, record, 1)

    def replace_link_mail(self, old: LinkMail, new: LinkMail) -> LinkMail:
        """Store `new` if the stored one is still `old`, else raise `Conflict`."""
        self._sweep(new)
        record = link_mail_record(new)
        return link_mail_of(old.id, record, self._replace("link_mails", "id", old.id, record, old.revision))

    def desk_term(self, ward: str) -> DeskTerm | None:
        """Since when the ward's list of recipients has been as it is, or None."""
        found = self._read(select("desk_terms", DESK_TERM, "ward = ?"), DESK_TERM, ward)
        return desk_term_of(ward, found[0], found[0]["revision"]) if found else None

    def create_desk_term(self, term: DeskTerm) -> DeskTerm:
        """Store a ward's first term. Raise `Conflict` if it has one."""
        record = desk_term_record(term)
        if not self._write(insert("desk_terms", DESK_TERM), {**record, "ward": term.ward, "revision": 1}):
            raise Conflict(term.ward)
        return desk_term_of(term.ward, record, 1)

    def replace_desk_term(self, old: DeskTerm, new: DeskTerm) -> DeskTerm:
        """Store `new` if the stored one is still `old`, else raise `Conflict`."""
        record = desk_term_record(new)
        revision = self._replace("desk_terms", "ward", old.ward, record, old.revision)
        return desk_term_of(old.ward, record, revision)

    def _sweep(self, newest: LinkMail) -> None:
        """Delete what has expired when another link is mailed: there are few, and it needs no clock."""
        with self._database.writing() as connection:
            connection.execute(_EXPIRED, (microseconds(newest.sent_at - LINK_PAUSE), newest.id))


def _review(record: Record) -> Review:
    return review_of(record["id"], record, record["revision"])
