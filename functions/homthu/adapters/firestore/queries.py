"""Every query sent to Firestore, and the indexes that they need.

Most ask for equality and go by document id, which the automatic indexes of single fields serve by
merging. `COMPOSITE_INDEXES` names what has to be declared beside these, since the emulator does not
enforce it: one for each field that a ward's documents are put in order by, and (ward, week) to spare the
longest query the merge. `UNINDEXED` names the fields whose automatic index no query uses and which would
only cost time and money.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from homthu.adapters.firestore.client import StructuredQuery
from homthu.adapters.firestore.values import Document, encode
from homthu.domain.reports.ledger import DeliveryState, report_id
from homthu.domain.week import Week

SUBMISSIONS = "submissions"
HEADS = "heads"
REPORTS = "reports"
CONTENTS = "contents"
DELIVERIES = "deliveries"
CASES = "cases"
LINK_MAILS = "link_mails"
#: One document, `RECORDS`, with the version of the program that last reported: see decision 21.
ABOUT = "about"
RECORDS = "records"
DESK_TERMS = "desk_terms"
REVIEWS = "reviews"
PAPER_BATCHES = "paper_batches"
UNIT_MAILS = "unit_mails"
VERDICTS = "verdicts"
TYPED_WEEKS = "typed_weeks"

#: Per collection, the fields of each composite index, ascending unless it is said.
COMPOSITE_INDEXES = {
    SUBMISSIONS: [("ward", "received_at"), ("ward", "week")],
    CASES: [
        ("ward", "answered_on DESC"),
        ("ward", "changed_on"),
        ("ward", "open_since"),
        ("ward", "over_since"),
        ("ward", "promised_by"),
    ],
    REVIEWS: [("ward", "changed")],
}
#: Per collection, the field with the time from which on Firestore itself deletes a document.
EXPIRING = {LINK_MAILS: "expires_at"}
#: Per collection, the fields to be exempted from indexing.
UNINDEXED = {
    # The time of receipt is served by its composite index; one of its own, of a value that only grows,
    # would bound how fast anybody's submissions are taken.
    SUBMISSIONS: ("answers", "text", "flags", "digest", "received_at", "seed"),
    REPORTS: ("tally",),
    CONTENTS: ("bytes", "sha256"),
    CASES: ("answered_on", "changed_on", "history", "open_since", "over_since", "promised_by"),
    REVIEWS: ("history",),
    LINK_MAILS: ("sent_at", "expires_at"),
    UNIT_MAILS: ("tasks",),
    VERDICTS: ("words",),
    TYPED_WEEKS: ("history",),
}

_EQUAL = StructuredQuery.FieldFilter.EQUAL
_IN = StructuredQuery.FieldFilter.IN
_LESS = StructuredQuery.FieldFilter.LESS_THAN
_GREATER = StructuredQuery.FieldFilter.GREATER_THAN
_AT_LEAST = StructuredQuery.FieldFilter.GREATER_THAN_OR_EQUAL
_ID = "__name__"


@dataclass(frozen=True, kw_only=True, slots=True)
class Query:
    """Documents of a collection whose fields equal these, or one of these, in the order of ids.

    `since` is the first id, `until` the last. With `ordered_by` they go by that field, `first` included,
    `before` and `beyond` not; `newest_first` turns that about. `only` names the fields to be read; all, if
    empty.
    """

    collection: str
    equals: Mapping[str, str | bool | int | list[str]]
    since: str = ""
    until: str = ""
    ordered_by: str = _ID
    first: str | None = None
    before: str | datetime | None = None
    beyond: str | datetime | None = None
    newest_first: bool = False
    only: tuple[str, ...] = ()


def first_without_week(ward: str, before: datetime | None = None) -> Query:
    """Submissions with a time of receipt, oldest first: index (ward, received_at)."""
    return Query(
        collection=SUBMISSIONS,
        equals={"ward": ward},
        ordered_by="received_at",
        before=before,
        only=("received_at",),
    )


def received_after(ward: str, instant: datetime) -> Query:
    """Submissions received after an instant: index (ward, received_at)."""
    return Query(
        collection=SUBMISSIONS,
        equals={"ward": ward},
        ordered_by="received_at",
        beyond=instant,
        only=("received_at",),
    )


def without_week(ward: str, before: datetime | None = None) -> Query:
    """Submissions without a week, in full, oldest first: index (ward, received_at)."""
    return Query(collection=SUBMISSIONS, equals={"ward": ward}, ordered_by="received_at", before=before)


def submissions(ward: str) -> Query:
    """All of a ward."""
    return Query(collection=SUBMISSIONS, equals={"ward": ward})


def in_week(ward: str, week: Week, *, since: str = "") -> Query:
    """Submissions of a week, from an id on: index (ward, week)."""
    return Query(collection=SUBMISSIONS, equals={"ward": ward, "week": str(week)}, since=since)


def next_ward(collection: str, ward: str) -> Query:
    """One document of the next ward after this one, in order of code."""
    return Query(collection=collection, equals={}, ordered_by="ward", beyond=ward, only=("ward",))


def everything(collection: str, *, only: tuple[str, ...] = ()) -> Query:
    """All documents of a collection, for a backup."""
    return Query(collection=collection, equals={}, only=only)


def manifests() -> Query:
    """The manifests of frozen mails: only they have the field that the query orders by."""
    return Query(collection=CONTENTS, equals={}, ordered_by="parts")


def reports(ward: str, since: Week) -> Query:
    """A ward's reports from a week on."""
    return Query(collection=REPORTS, equals={"ward": ward}, since=report_id(ward, since))


def reports_of_week(ward: str, week: Week) -> Query:
    """The reports of every edition of one week; their ids share a prefix."""
    id = report_id(ward, week)
    return Query(collection=REPORTS, equals={"ward": ward}, since=id, until=f"{id}~")


def deliveries(ward: str, week: Week) -> Query:
    """The deliveries of a week's reports."""
    return Query(collection=DELIVERIES, equals={"ward": ward, "week": str(week)})


def owed(ward: str) -> Query:
    """A ward's deliveries still to be sent, in one query: between two queries one could slip by."""
    states = [state.value for state in DeliveryState if state.is_owed]
    return Query(collection=DELIVERIES, equals={"ward": ward, "state": states})


def cases(ward: str) -> Query:
    """All cases of a ward, whichever version wrote them."""
    return Query(collection=CASES, equals={"ward": ward})


def cases_of_week(ward: str, week: Week) -> Query:
    """Cases opened from a week's submissions."""
    return Query(collection=CASES, equals={"ward": ward, "week": str(week)})


def open_cases(ward: str) -> Query:
    """Open cases, oldest first: index (ward, open_since)."""
    return Query(collection=CASES, equals={"ward": ward}, ordered_by="open_since", beyond="")


def promised_cases(ward: str, day: date) -> Query:
    """Cases with a promise for a later day: index (ward, promised_by)."""
    return Query(collection=CASES, equals={"ward": ward}, ordered_by="promised_by", beyond=str(day))


def cases_changed_since(ward: str, day: date, before: date | None = None) -> Query:
    """Cases last changed on a day or later: index (ward, changed_on)."""
    end = str(before) if before else None
    return Query(collection=CASES, equals={"ward": ward}, ordered_by="changed_on", first=str(day), before=end)


def cases_unchanged_since(ward: str, day: date) -> Query:
    """Cases last changed before a day: index (ward, changed_on)."""
    return Query(collection=CASES, equals={"ward": ward}, ordered_by="changed_on", before=str(day))


def cases_over(ward: str, first: date, before: date) -> Query:
    """Cases finished between two days: index (ward, over_since)."""
    return Query(
        collection=CASES, equals={"ward": ward}, ordered_by="over_since", first=str(first), before=str(before)
    )


def answered_cases(ward: str) -> Query:
    """Cases with a public answer, newest first: index (ward, answered_on DESC)."""
    return Query(
        collection=CASES, equals={"ward": ward}, ordered_by="answered_on", beyond="", newest_first=True
    )


def reviews_of(ward: str, week: Week) -> Query:
    """Reviews of a week's texts."""
    return Query(collection=REVIEWS, equals={"ward": ward, "week": str(week)})


def themes_of(ward: str, week: Week) -> Query:
    """Reviews of a week's texts that decide nothing but a theme."""
    return Query(collection=REVIEWS, equals={"ward": ward, "week": str(week), "only_theme": True})


def reviews_since(ward: str, week: Week) -> Query:
    """Reviews last changed in a week or later: index (ward, changed)."""
    return Query(collection=REVIEWS, equals={"ward": ward}, ordered_by="changed", beyond=str(week.shift(-1)))


def owed_unit_mails(ward: str) -> Query:
    """A ward's mails to units and clerks that are still to be sent."""
    states = [state.value for state in DeliveryState if state.is_owed]
    return Query(collection=UNIT_MAILS, equals={"ward": ward, "state": states})


def bounced_unit_mails(ward: str) -> Query:
    """A ward's mails to units and clerks that bounced."""
    return Query(collection=UNIT_MAILS, equals={"ward": ward, "state": DeliveryState.BOUNCED.value})


def verdicts_of(ward: str, *weeks: Week) -> Query:
    """Verdicts given in these weeks, in one query: one that finds nothing costs a read as well."""
    return Query(collection=VERDICTS, equals={"ward": ward, "week": [str(week) for week in weeks]})


def typed_weeks(ward: str, year: int) -> Query:
    """Typed weeks of a ward in a year."""
    return Query(collection=TYPED_WEEKS, equals={"ward": ward, "year": year})


def paper_batches(ward: str) -> Query:
    """All of a ward."""
    return Query(collection=PAPER_BATCHES, equals={"ward": ward})


def structured(query: Query, documents: str, *, limit: int = 0, after: Document | None = None) -> Any:
    """A query in the form that the API takes.

    `documents` is the name of the database's root, `limit` how many at most, and `after` the
    document behind which to begin.
    """
    message = StructuredQuery()
    message.from_.add(collection_id=query.collection)
    for field, op, value in _conditions(query):
        # A filter without conditions is refused.
        message.where.composite_filter.op = StructuredQuery.CompositeFilter.AND
        _add_filter(message.where.composite_filter, field, op, value)
    # By the id as well: of those received in the same microsecond none may be left out or come twice.
    order = (query.ordered_by,) if query.ordered_by == _ID else (query.ordered_by, _ID)
    direction = StructuredQuery.DESCENDING if query.newest_first else StructuredQuery.ASCENDING
    for field in order:
        message.order_by.add(direction=direction).field.field_path = field
    for field in query.only:
        message.select.fields.add(field_path=field)
    if after or query.since:
        if after and query.ordered_by != _ID:
            encode(after.record[query.ordered_by], message.start_at.values.add())
        name = f"{documents}/{query.collection}/{after.id if after else query.since}"
        message.start_at.values.add(reference_value=name)
        message.start_at.before = not after
    if query.until:
        message.end_at.values.add(reference_value=f"{documents}/{query.collection}/{query.until}")
    if limit:
        message.limit.value = limit
    return message


def _conditions(query: Query) -> Iterator[tuple[str, int, object]]:
    for field, value in query.equals.items():
        yield field, _IN if isinstance(value, list) else _EQUAL, value
    for op, end in ((_AT_LEAST, query.first), (_LESS, query.before), (_GREATER, query.beyond)):
        if end is not None:
            yield query.ordered_by, op, end


def _add_filter(filters: Any, field: str, op: int, value: object) -> None:
    one = filters.filters.add().field_filter
    one.field.field_path = field
    one.op = op
    encode(value, one.value)
