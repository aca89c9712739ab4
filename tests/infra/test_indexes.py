"""What the code asks of Firestore, held against the indexes that are declared for it.

The emulator answers a query without its index; Google refuses it. The rules are those of Firestore's
page on indexes: equalities in the order of ids, and an order by one field alone, are served by the
automatic indexes of single fields, and an order by any other field needs a composite index that begins
with the equalities.
"""

import inspect
import typing
from datetime import UTC, datetime
from pathlib import Path

from homthu.adapters.firestore import queries
from homthu.adapters.firestore.queries import COMPOSITE_INDEXES, EXPIRING, UNINDEXED, Query
from homthu.domain.week import Week

WEEK = Week(2026, 47)
#: Every query there is; a test sees to that.
QUERIES = {
    "first_without_week": queries.first_without_week("00001", datetime(2026, 1, 1, tzinfo=UTC)),
    "received_after": queries.received_after("00001", datetime(2026, 1, 1, tzinfo=UTC)),
    "without_week": queries.without_week("00001"),
    "submissions": queries.submissions("00001"),
    "in_week": queries.in_week("00001", WEEK),
    "paper_batches": queries.paper_batches("00001"),
    "manifests": queries.manifests(),
    "reports": queries.reports("00001", WEEK),
    "reports_of_week": queries.reports_of_week("00001", WEEK),
    "deliveries": queries.deliveries("00001", WEEK),
    "cases": queries.cases("00001"),
    "cases_of_week": queries.cases_of_week("00001", WEEK),
    "open_cases": queries.open_cases("00001"),
    "promised_cases": queries.promised_cases("00001", WEEK.monday),
    "cases_over": queries.cases_over("00001", WEEK.monday, WEEK.sunday),
    "cases_changed_since": queries.cases_changed_since("00001", WEEK.monday),
    "cases_unchanged_since": queries.cases_unchanged_since("00001", WEEK.monday),
    "answered_cases": queries.answered_cases("00001"),
    "reviews_of": queries.reviews_of("00001", WEEK),
    "themes_of": queries.themes_of("00001", WEEK),
    "reviews_since": queries.reviews_since("00001", WEEK),
    "next_ward": queries.next_ward("submissions", "00001"),
    "owed": queries.owed("00001"),
    "owed_unit_mails": queries.owed_unit_mails("00001"),
    "bounced_unit_mails": queries.bounced_unit_mails("00001"),
    "verdicts_of": queries.verdicts_of("00001", WEEK),
    "typed_weeks": queries.typed_weeks("00001", 2026),
    "everything": queries.everything("contents", only=("parts", "sha256")),
}


def needed(query: Query) -> tuple[str, ...] | None:
    """The composite index that Google would refuse the query without."""
    if query.ordered_by == "__name__":
        return None
    if not query.equals and query.ordered_by not in UNINDEXED.get(query.collection, ()):
        # The order of one field alone is its automatic index's.
        return None
    return (*query.equals, in_order(query))


def in_order(query: Query) -> str:
    """The field that the documents come in order of, as an index names it."""
    return f"{query.ordered_by} DESC" if query.newest_first else query.ordered_by


def test_every_query_is_looked_at() -> None:
    builders = {
        name
        for name, function in inspect.getmembers(queries, inspect.isfunction)
        if typing.get_type_hints(function).get("return") is Query
    }
    assert builders == set(QUERIES)


def test_every_query_has_the_index_it_needs() -> None:
    wanted = {name: (query.collection, needed(query)) for name, query in QUERIES.items()}
    for name, (collection, index) in wanted.items():
        assert index is None or index in COMPOSITE_INDEXES[collection], name


def test_every_index_serves_a_query() -> None:
    served = {
        (query.collection, (*query.equals, *([in_order(query)] if query.ordered_by != "__name__" else [])))
        for query in QUERIES.values()
    }
    for collection, indexes in COMPOSITE_INDEXES.items():
        for index in indexes:
            assert (collection, index) in served, index


def test_no_query_relies_on_an_index_that_is_switched_off() -> None:
    for name, query in QUERIES.items():
        exempt = set(UNINDEXED.get(query.collection, ()))
        composite = needed(query)
        by_single_fields = set(query.equals) | ({query.ordered_by} if composite is None else set())
        assert not by_single_fields & exempt, name


def test_the_time_that_something_expires_at_is_not_indexed() -> None:
    """A time that only grows makes its index a hot spot, and Firestore needs none to delete by it."""
    for collection, field in EXPIRING.items():
        assert field in UNINDEXED[collection]


def test_the_code_asks_for_nothing_behind_the_module_of_queries() -> None:
    """Only that module builds a query, so that the list above is all there is."""
    users = [
        path.name
        for path in sorted(Path(queries.__file__).parent.glob("*.py"))
        if "StructuredQuery(" in path.read_text("utf-8")
    ]
    assert users == ["queries.py"]
