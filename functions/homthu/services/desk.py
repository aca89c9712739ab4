"""Read the desk: what a member is shown of a ward's closed weeks and of its cases."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import islice

from homthu.domain.boxes.box import Reads
from homthu.domain.boxes.deadlines import USUAL, Deadlines
from homthu.domain.cases.case import Case
from homthu.domain.cases.deadline import deadline, overdue_days
from homthu.domain.cases.desk import ClosedWeek, Desk, Item
from homthu.domain.cases.review import Review, may_read
from homthu.domain.cases.sorting import stands_apart
from homthu.domain.reports.attribution import NOBODY, Attribution
from homthu.domain.reports.ledger import FrozenReport, newest_counts
from homthu.domain.reports.tally import Fact
from homthu.domain.submissions.personal_data import mask_personal_data
from homthu.domain.submissions.signs import Signs
from homthu.domain.submissions.submission import StoredSubmission
from homthu.domain.text import clean
from homthu.domain.week import Week, short_name
from homthu.ports import Cases, Ledger, Reviews, SubmissionArchive, SubmissionFinder
from homthu.services.cases import NoSuchSuggestion
from homthu.services.reviewed import passed_text

#: So many suggestions on one page, and so many cases in hand above them.
PAGE_SIZE = 30
MAX_IN_HAND = 30
#: So many of the most urgent cases are looked at for those that a member may read.
_LOOKED_AT = 90
#: How far back weeks can be chosen.
_WEEKS_BACK = 53


def read_desk(
    archive: SubmissionArchive,
    finder: SubmissionFinder,
    ledger: Ledger,
    cases: Cases,
    reviews: Reviews,
    signs: Signs,
    *,
    ward: str,
    reads: frozenset[Reads],
    today: date,
    week: Week | None,
    page: int,
    deadlines: Deadlines = USUAL,
) -> Desk:
    """The desk with one page of one closed week, the newest unless another is asked for.

    It holds what one who reads this may read, and of everything else only how much there is.
    """
    newest = newest_counts(ledger.reports(ward, Week.of(today).shift(-_WEEKS_BACK)))
    weeks = sorted(newest, reverse=True)
    shown: list[Item] = []
    unread = 0
    chosen = None
    if weeks:
        report = newest[week] if week in newest else newest[weeks[0]]
        attribution = Attribution.of({report.week: report.tally})
        by_id = {case.id: case for case in cases.cases_of_week(ward, report.week)}
        chosen = _closed_week(report, by_id.values())
        decided = {review.id: review for review in reviews.reviews_of(ward, chosen.week)}
        unread = max(0, chosen.readable - len(decided))
        found = _week_items(archive.in_week(ward, chosen.week), attribution, signs, by_id, decided)
        readable = (_shown_to(reads, item) for item in found if _is_shown(item, reads))
        # One more than a page tells whether there is a next.
        shown = list(islice(readable, page * PAGE_SIZE, (page + 1) * PAGE_SIZE + 1))
    items = shown[:PAGE_SIZE]
    open_cases = [case for case in cases.open_cases(ward) if case.is_owed(today)]
    open_cases.sort(key=lambda case: _urgency(case, deadlines, today))
    if Reads.PETITIONS not in reads:
        # What is set apart is no number to others: in a small week it would tell what somebody answered.
        chosen = _untold(chosen) if chosen else None
    return Desk(
        weeks=tuple(weeks),
        week=chosen,
        items=tuple(item for item in items if not item.is_petition),
        petitions=tuple(item for item in items if item.is_petition),
        page=page,
        has_more=len(shown) > PAGE_SIZE,
        cases=tuple(islice(_items_of(finder, reviews, signs, open_cases[:_LOOKED_AT], reads), MAX_IN_HAND)),
        in_hand=len(open_cases),
        overdue=sum(bool(overdue_days(case, deadlines, today)) for case in open_cases),
        unread=unread,
    )


def _closed_week(report: FrozenReport, cases: Iterable[Case]) -> ClosedWeek:
    """As its report counted it, and with what was moved since."""
    texts, petitions = report.tally.count(Fact.TEXT), report.tally.count(Fact.PETITION)
    petitions += sum(case.is_petition - case.was_petition for case in cases)
    return ClosedWeek(week=report.week, readable=texts - petitions, petitions=petitions)


def _untold(week: ClosedWeek) -> ClosedWeek:
    return ClosedWeek(week=week.week, readable=week.readable + week.petitions, petitions=0)


def read_item(
    finder: SubmissionFinder,
    cases: Cases,
    reviews: Reviews,
    signs: Signs,
    *,
    ward: str,
    reads: frozenset[Reads],
    id: str,
) -> Item:
    """One suggestion with its case.

    Raise `NoSuchSuggestion` for another ward's, an open week's, or what one who reads this may not read.
    """
    stored = finder.submission(id)
    if stored is None or stored.submission.ward != ward or not clean(stored.submission.text):
        raise NoSuchSuggestion(id)
    item = _item(stored, cases.case(id), reviews.review(id), signs)
    if not _is_shown(item, reads):
        raise NoSuchSuggestion(id)
    return _shown_to(reads, item)


def _week_items(
    submissions: Iterator[StoredSubmission],
    attribution: Attribution,
    signs: Signs,
    by_id: Mapping[str, Case],
    decided: Mapping[str, Review],
) -> Iterator[Item]:
    """Every text of a week."""
    for number, stored in enumerate(submissions, 1):
        if clean(stored.submission.text):
            yield _item(stored, by_id.get(stored.id), decided.get(stored.id), signs, number, attribution)


def _items_of(
    finder: SubmissionFinder, reviews: Reviews, signs: Signs, cases: Iterable[Case], reads: frozenset[Reads]
) -> Iterator[Item]:
    """The texts of these cases, as far as one who reads this may read them."""
    for case in cases:
        if case.is_petition and Reads.PETITIONS not in reads:
            continue
        if stored := finder.submission(case.id):
            item = _item(stored, case, reviews.review(case.id), signs)
            if _is_shown(item, reads):
                yield _shown_to(reads, item)


def _is_shown(item: Item, reads: frozenset[Reads]) -> bool:
    return may_read(reads, is_set_apart=item.is_petition, is_passed=bool(item.passed))


def _shown_to(reads: frozenset[Reads], item: Item) -> Item:
    """With that text alone which one who reads this may read."""
    return item if item.is_petition or Reads.WORDS in reads else replace(item, text=item.passed)


def _item(
    stored: StoredSubmission,
    case: Case | None,
    review: Review | None,
    signs: Signs,
    number: int = 0,
    attribution: Attribution = NOBODY,
) -> Item:
    one, text = stored.submission, clean(stored.submission.text)
    is_petition = stands_apart(one, signs, case)
    # Whoever took it in hand is known by name; before that it is nobody's to know.
    named = NOBODY if is_petition else attribution
    known = case or review
    return Item(
        id=stored.id,
        name=short_name(stored.week, known.number if known else number),
        place=one.place if case else named.place(stored.week, one.place),
        service=one.service if case else named.service(stored.week, one.service),
        week=stored.week,
        text=mask_personal_data(text),
        is_petition=is_petition,
        do_not_quote=one.do_not_quote,
        case=case,
        review=review,
        passed="" if is_petition else _passed(text, review),
    )


def _passed(text: str, review: Review | None) -> str:
    return mask_personal_data(passed_text(text, review.decision if review else None))


def _urgency(case: Case, deadlines: Deadlines, today: date) -> tuple[object, ...]:
    """Overdue first, then unassigned, then by the deadline; the oldest first among equals."""
    due, is_late = deadline(case, deadlines), bool(overdue_days(case, deadlines, today))
    return (not is_late, case.assignment is not None, due or case.opened_on, case.opened_on, case.id)
