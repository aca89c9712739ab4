"""What Google looks at from outside is what the functions answer, and tells when a report is overdue."""

import json
from datetime import UTC, datetime, timedelta
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from canaries import HEADERS
from fakes.memory_store import MemoryStore
from homthu.domain.reports.ledger import Head
from homthu.domain.week import Week
from homthu.services.in_time import AT_ONCE, FRESH, overdue_wards
from infra.roots import Root

MONDAY = datetime(2026, 11, 23, tzinfo=UTC) - timedelta(hours=7)  # midnight in Viet Nam


def ledger(**last_weeks: str) -> MemoryStore:
    store = MemoryStore(lambda: MONDAY)
    for ward, week in last_weeks.items():
        store.create_head(Head(ward=ward, last_week=Week.parse(week)))
    return store


@pytest.mark.terraform
def test_every_look_from_outside_sees_its_function(applied: Root, box: str) -> None:
    looks = applied.resources().of("google_monitoring_uptime_check_config")
    assert len(looks) == 6
    for name, one in looks.items():
        http = one["http_check"][0]
        request = Request(box + http["path"], headers=HEADERS, method=http["request_method"])
        try:
            with urlopen(request) as answer:
                status, text = answer.status, answer.read().decode()
        except HTTPError as refused:
            status, text = refused.code, refused.read().decode()
        assert status == http["accepted_response_status_codes"][0]["status_value"], name
        assert one["content_matchers"][0]["content"] in text, name


@pytest.mark.parametrize(
    ("after_monday", "last", "is_overdue"),
    [
        (timedelta(hours=9, minutes=29), "2026-W46", False),
        (timedelta(hours=9, minutes=30), "2026-W46", True),
        (timedelta(hours=9, minutes=30), "2026-W47", False),
        (timedelta(days=6), "2026-W46", True),
        (timedelta(days=7, hours=9), "2026-W47", False),
        (timedelta(days=7, hours=10), "2026-W47", True),
    ],
)
def test_a_report_is_overdue_from_half_past_nine_on_monday(
    after_monday: timedelta, last: str, is_overdue: bool
) -> None:
    overdue = overdue_wards(ledger(a=last), ["a"], MONDAY + after_monday)
    assert overdue == (["a"] if is_overdue else [])


def test_a_box_that_is_new_owes_nothing() -> None:
    store = ledger()
    store.create_head(Head(ward="begun"))
    assert overdue_wards(store, ["begun", "new"], MONDAY + timedelta(days=2)) == []


def test_a_provinces_wards_are_all_looked_at_in_turn() -> None:
    wards = [f"{number:05}" for number in range(3 * AT_ONCE + 7)]
    store = ledger(**dict.fromkeys(wards, "2026-W40"))
    seen: set[str] = set()
    for turn in range(len(wards)):
        overdue = overdue_wards(store, wards, MONDAY + timedelta(days=2) + turn * FRESH)
        assert len(overdue) == AT_ONCE
        seen |= set(overdue)
        if len(seen) == len(wards):
            break
    assert seen == set(wards)
    assert turn < 8, "a few turns are enough"


def test_what_is_told_outside_names_nothing_but_wards(box: str) -> None:
    with urlopen(Request(f"{box}/suc-khoe", headers=HEADERS)) as answer:
        told = json.load(answer)
    version = told.pop("version")
    assert told.pop("reports") == "in time"
    # What a box on one machine knows of itself, beside what a function knows.
    assert set(told) == {"ok", "store", "disk", "jobs"}
    assert set(told.values()) == {"yes"}
    assert version
