"""Read the desk: what a member is shown of a ward's closed weeks and of its cases."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import islice, takewhile

from homthu.domain.boxes.box import Reads
from homthu.domain.boxes.deadlines import USUAL_DEADLINES, Deadlines
from homthu.domain.boxes.questionnaire import TextKind, Theme
from homthu.domain.cases.case import Case, CaseState
from homthu.domain.cases.deadline import deadline, overdue_days
from homthu.domain.cases.desk import MAX_IN_HAND, ClosedWeek, Desk, Item
from homthu.domain.cases.desk_search import DeskSearch
from homthu.domain.cases.review import Review, may_read
from homthu.domain.cases.sorting import stands_apart
from homthu.domain.cases.unit_mail import BouncedMails
from homthu.domain.reports.attribution import NOBODY, Attribution
from homthu.domain.reports.ledger import FrozenReport, newest_counts
from homthu.domain.reports.tally import Fact
from homthu.domain.reports.themes import ThemeFinder
from homthu.domain.submissions.personal_data import mask_personal_data
from homthu.domain.submissions.signs import Signs
from homthu.domain.submissions.submission import StoredSubmission
from homthu.domain.text import clean
from homthu.domain.week import Week, short_name
from homthu.ports import Cases, Ledger, Reviews, SubmissionArchive, SubmissionFinder, UnitMails, Verdicts
from homthu.services.cases import NoSuchSuggestion
from homthu.services.judge import denied_cases
from homthu.services.reviewed import passed_text

#: The most suggestions on one page, and the most cases in hand above them.
PAGE_SIZE = 20
#: The most of the urgent cases that are searched for those a member may read.
_LOOKED_AT = 90
#: The same for a search among them.
_SEARCHED = 300
EVERYTHING = DeskSearch()
#: The most weeks that can be chosen.
_WEEKS = 53


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
    after: str = "",
    deadlines: Deadlines = USUAL_DEADLINES,
    search: DeskSearch = EVERYTHING,
    themes: tuple[Theme, ...] = (),
    verdicts: Verdicts | None = None,
    unit_mails: UnitMails | None = None,
) -> Desk:
    """The desk with one page of one closed week, the newest unless another is asked for, and of its cases.

    A search for a suggestion by its name looks in its own week. The page begins behind the
    suggestion `after`, and reads no other page. The desk holds what one who reads this may read and wants,
    and of everything else only how much there is.
    """

    finder_of_themes = ThemeFinder(themes)

    def wants(item: Item) -> bool:
        said = item.review.theme if item.review else ""
        theme = (said or finder_of_themes.suggested(item.text)) if search.asks_for_theme else ""
        is_late = bool(item.case and overdue_days(item.case, deadlines, today))
        return search.matches(item, is_late=is_late, theme=theme)

    weeks = _weeks(ledger, ward)
    week = search.week_of(weeks) or week
    report = _report(ledger, ward, week if week in weeks else None) or _report(ledger, ward, *weeks[:1])
    texts: list[Item] = []
    unread, next_after = 0, ""
    chosen = None
    if report:
        attribution = Attribution.of({report.week: report.tally})
        by_id = {case.id: case for case in cases.cases_of_week(ward, report.week)}
        chosen = _closed_week(report, by_id.values())
        unread = max(0, chosen.readable - reviews.count_reviews(ward, report.week))
        numbered = _numbered(archive, finder, ward, report.week, after)
        found = _week_items(numbered, reviews, attribution, signs, by_id)
        shown = (_shown_to(reads, one) for one in found if _is_shown(one, reads))
        texts, next_after = _page_of(filter(wants, shown))
    open_cases = [case for case in cases.open_cases(ward) if case.is_owed(today)]
    open_cases.sort(key=lambda case: _urgency(case, deadlines, today))
    denied = denied_cases(verdicts, cases, ward=ward, today=today) if verdicts else []
    denied_ids = {case.id for case in denied}
    monday = Week.of(today).monday
    done = [
        case
        for case in cases.cases_changed_since(ward, monday)
        if _is_done(case, monday, today) and case.id not in denied_ids
    ]
    done.sort(key=lambda case: (case.stands_since, case.id), reverse=True)

    bounced = BouncedMails.of(unit_mails.bounced_unit_mails(ward) if unit_mails else ())

    def column(of: list[Case]) -> tuple[Item, ...]:
        looked_at = of[: _SEARCHED if search.is_any else _LOOKED_AT]
        items = _items_of(finder, reviews, signs, looked_at, reads, {item.id: item for item in texts}, search)
        marked = (
            replace(item, is_denied=item.id in denied_ids, returned_on=bounced.day_of(item.case))
            for item in filter(wants, items)
        )
        return tuple(islice(marked, MAX_IN_HAND))

    if Reads.PETITIONS not in reads:
        # What is set apart is no number to others: in a small week it would tell what somebody answered.
        chosen = _untold(chosen) if chosen else None
    units = {one.assignment.text for one in open_cases if one.assignment and not one.is_petition}
    return Desk(
        weeks=weeks,
        week=chosen,
        new=tuple(item for item in texts if item.waits and not item.is_petition),
        petitions=tuple(item for item in texts if item.case is None and item.is_petition),
        praise=tuple(item for item in texts if item.is_thanked),
        others=tuple(item for item in texts if _is_past(item, monday, today) and item.id not in denied_ids),
        in_hand=column([*denied, *open_cases]),
        done=column(done),
        next_after=next_after,
        open_count=len(open_cases),
        overdue=sum(bool(overdue_days(case, deadlines, today)) for case in open_cases),
        done_count=len(done),
        units=tuple(sorted(units)),
        unread=unread,
    )


def _page_of(items: Iterator[Item]) -> tuple[list[Item], str]:
    """The first items, and the one behind which there are more."""
    # One more than a page tells whether there is a next.
    found = list(islice(items, PAGE_SIZE + 1))
    return found[:PAGE_SIZE], found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else ""


def _is_done(case: Case, monday: date, today: date) -> bool:
    """Whether it was answered or closed in the week of this Monday, and nothing more is owed."""
    is_over = case.state in (CaseState.ANSWERED, CaseState.CLOSED) and not case.is_owed(today)
    return is_over and case.stands_since >= monday and not case.is_erased


def _is_past(item: Item, monday: date, today: date) -> bool:
    """Whether it belongs in no other column: withheld, done before this week, or dealt with elsewhere."""
    if item.case is None:
        return not (item.waits or item.is_thanked or item.is_petition)
    return not (item.case.is_owed(today) or _is_done(item.case, monday, today))


def _weeks(ledger: Ledger, ward: str) -> tuple[Week, ...]:
    """The weeks that have a report, newest first; from the first to the last, every week has one."""
    head = ledger.head(ward)
    first = ledger.first_week(ward) if head and head.last_week else None
    if not (head and head.last_week and first):
        return ()
    last = head.last_week
    return tuple(takewhile(first.__le__, (last.shift(-number) for number in range(_WEEKS))))


def _report(ledger: Ledger, ward: str, week: Week | None = None) -> FrozenReport | None:
    """The newest count of a week."""
    return newest_counts(ledger.reports_of_week(ward, week)).get(week) if week else None


def _closed_week(report: FrozenReport, cases: Iterable[Case]) -> ClosedWeek:
    """The week as its report counted it, with what was moved since."""
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

    A case that outlived the words remains readable for the ward. Raise `NoSuchSuggestion` for another ward's,
    an open week's, what is entirely gone, or what this reader may not read.
    """
    stored, case = finder.submission(id), cases.case(id)
    if stored is None or stored.submission.ward != ward:
        raise NoSuchSuggestion(id)
    if not clean(stored.submission.text) and (case is None or case.is_erased):
        raise NoSuchSuggestion(id)
    review = reviews.review(id)
    # What is known already holds its number.
    number = 0 if case or review else finder.place_in_week(ward, stored.week, id)
    item = _item(stored, case, review, signs, number)
    if not _is_shown(item, reads):
        raise NoSuchSuggestion(id)
    return _shown_to(reads, item)


def _numbered(
    archive: SubmissionArchive, finder: SubmissionFinder, ward: str, week: Week, after: str
) -> Iterator[list[StoredSubmission]]:
    """The submissions of a week behind one of them, numbered, page after page as they are asked for."""
    number = finder.place_in_week(ward, week, after) if after else 0
    while page := archive.page_of_week(ward, week, after=after, limit=PAGE_SIZE):
        yield [replace(stored, number=at) for at, stored in enumerate(page, number + 1)]
        number, after = number + len(page), page[-1].id


def _week_items(
    pages: Iterator[list[StoredSubmission]],
    reviews: Reviews,
    attribution: Attribution,
    signs: Signs,
    by_id: Mapping[str, Case],
) -> Iterator[Item]:
    """The suggestions among these submissions."""
    for page in pages:
        ward, week = page[0].submission.ward, page[0].week
        found = reviews.reviews_of(ward, week, first=page[0].id, last=page[-1].id)
        decided = {review.id: review for review in found}
        for one in page:
            if clean(one.submission.text):
                yield _item(one, by_id.get(one.id), decided.get(one.id), signs, one.number, attribution)


def _items_of(
    finder: SubmissionFinder,
    reviews: Reviews,
    signs: Signs,
    cases: Iterable[Case],
    reads: frozenset[Reads],
    known: Mapping[str, Item],
    search: DeskSearch,
) -> Iterator[Item]:
    """The suggestions of these cases, as far as this reader may read them; some are `known` already."""
    for case in cases:
        if case.id in known:
            yield known[case.id]
            continue
        if case.is_petition and Reads.PETITIONS not in reads:
            continue
        if stored := finder.submission(case.id):
            # A reader of words sees them whatever was decided.
            is_needed = Reads.WORDS not in reads or search.asks_for_theme
            review = reviews.review(case.id) if is_needed else None
            item = _item(stored, case, review, signs)
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
    # Taking it in hand records who did; until then nobody is told where a possible petition came from.
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
        is_praise=one.text_kind is TextKind.PRAISE,
    )


def _passed(text: str, review: Review | None) -> str:
    return mask_personal_data(passed_text(text, review.decision if review else None))


def _urgency(case: Case, deadlines: Deadlines, today: date) -> tuple[object, ...]:
    """The sort key: overdue first, then unassigned, then by deadline; the oldest first among equals."""
    due, is_late = deadline(case, deadlines), bool(overdue_days(case, deadlines, today))
    return (not is_late, case.assignment is not None, due or case.opened_on, case.opened_on, case.id)
