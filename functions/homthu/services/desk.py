"""Read the desk: what a member is shown of a ward's closed weeks and of its cases."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice

from homthu.domain.cases.case import Case
from homthu.domain.cases.desk import ClosedWeek, Desk, Item
from homthu.domain.cases.sorting import stands_apart
from homthu.domain.reports.attribution import NOBODY, Attribution
from homthu.domain.reports.ledger import FrozenReport, newest_counts
from homthu.domain.reports.tally import Fact
from homthu.domain.submissions.personal_data import mask_personal_data
from homthu.domain.submissions.signs import Signs
from homthu.domain.submissions.submission import StoredSubmission
from homthu.domain.text import clean
from homthu.domain.week import Week, short_name
from homthu.ports import Cases, Ledger, SubmissionArchive, SubmissionFinder
from homthu.services.cases import NoSuchSuggestion

#: So many suggestions on one page, and so many cases in hand above them.
PAGE_SIZE = 30
MAX_IN_HAND = 30
#: How far back weeks can be chosen.
_WEEKS_BACK = 53


def read_desk(
    archive: SubmissionArchive,
    finder: SubmissionFinder,
    ledger: Ledger,
    cases: Cases,
    signs: Signs,
    *,
    ward: str,
    today: date,
    week: Week | None,
    page: int,
) -> Desk:
    """The desk with one page of one closed week, the newest unless another is asked for."""
    newest = newest_counts(ledger.reports(ward, Week.of(today).shift(-_WEEKS_BACK)))
    attribution = Attribution.of({week: report.tally for week, report in newest.items()})
    by_id = {case.id: case for case in cases.cases(ward)}
    weeks = [_closed_week(report, by_id.values()) for _, report in sorted(newest.items())]
    weeks.reverse()
    chosen = next((one for one in weeks if one.week == week), weeks[0] if weeks else None)
    shown = list(_page(archive, attribution, signs, ward, chosen.week, page, by_id)) if chosen else []
    items = shown[:PAGE_SIZE]
    open_cases = sorted(
        (case for case in by_id.values() if case.state.is_open), key=lambda case: _urgency(case, today)
    )
    return Desk(
        weeks=tuple(weeks),
        week=chosen,
        items=tuple(item for item in items if not item.is_petition),
        petitions=tuple(item for item in items if item.is_petition),
        page=page,
        has_more=len(shown) > PAGE_SIZE,
        cases=tuple(_items_of(finder, signs, open_cases[:MAX_IN_HAND])),
        in_hand=len(open_cases),
        overdue=sum(case.is_overdue(today) for case in open_cases),
    )


def _closed_week(report: FrozenReport, cases: Iterable[Case]) -> ClosedWeek:
    """As its report counted it, and with what was moved since."""
    texts, petitions = report.tally.count(Fact.TEXT), report.tally.count(Fact.PETITION)
    petitions += sum(case.is_petition - case.was_petition for case in cases if case.week == report.week)
    return ClosedWeek(week=report.week, readable=texts - petitions, petitions=petitions)


def read_item(finder: SubmissionFinder, cases: Cases, signs: Signs, *, ward: str, id: str) -> Item:
    """One suggestion with its case. Raise `NoSuchSuggestion` for another ward's or an open week's."""
    stored = finder.submission(id)
    if stored is None or stored.submission.ward != ward or not clean(stored.submission.text):
        raise NoSuchSuggestion(id)
    return _item(stored, cases.case(id), signs)


def _page(
    archive: SubmissionArchive,
    attribution: Attribution,
    signs: Signs,
    ward: str,
    week: Week,
    page: int,
    by_id: dict[str, Case],
) -> Iterator[Item]:
    """One page and one more, which tells whether there is a next."""
    numbered = enumerate(archive.in_week(ward, week), 1)
    with_text = ((number, one) for number, one in numbered if clean(one.submission.text))
    for number, stored in islice(with_text, page * PAGE_SIZE, (page + 1) * PAGE_SIZE + 1):
        yield _item(stored, by_id.get(stored.id), signs, number, attribution)


def _items_of(finder: SubmissionFinder, signs: Signs, cases: list[Case]) -> Iterator[Item]:
    for case in cases:
        if stored := finder.submission(case.id):
            yield _item(stored, case, signs)


def _item(
    stored: StoredSubmission,
    case: Case | None,
    signs: Signs,
    number: int = 0,
    attribution: Attribution = NOBODY,
) -> Item:
    one, text = stored.submission, clean(stored.submission.text)
    is_petition = stands_apart(one, signs, case)
    # Whoever took it in hand is known by name; before that it is nobody's to know.
    return Item(
        id=stored.id,
        name=short_name(stored.week, case.number if case else number),
        place=one.place if case else attribution.place(stored.week, one.place),
        service=one.service if case else attribution.service(stored.week, one.service),
        week=stored.week,
        text="" if is_petition and case is None else mask_personal_data(text),
        is_petition=is_petition,
        do_not_quote=one.do_not_quote,
        case=case,
    )


def _urgency(case: Case, today: date) -> tuple[object, ...]:
    """Overdue first, then unassigned, then by the due day; the oldest first among equals."""
    due = case.assignment.due_on if case.assignment else None
    return (not case.is_overdue(today), due is not None, due or case.opened_on, case.opened_on, case.id)
