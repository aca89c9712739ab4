"""A case of another ward is nobody's, and one that is gone while a form is on its way is no answer."""

from datetime import date

import pytest
from homthu.domain.cases.case import ActionKind, CaseAction
from homthu.ports import StoreUnavailable
from homthu.services.cases import NoSuchSuggestion, act_on_case, same_or_overtaken, with_text
from report_harness import W48, ReportHarness, monday

ANSWER = CaseAction(kind=ActionKind.ANSWER, text="Đã thay ghế.")


@pytest.fixture
def harness() -> ReportHarness:
    harness = ReportHarness()
    harness.receive(W48.begins_at, text="Ghế ở phòng chờ bị hỏng")
    harness.receive(W48.begins_at)
    harness.report(monday(W48))
    return harness


def test_a_text_is_found_in_its_own_ward_alone_and_none_where_none_was_written(
    harness: ReportHarness,
) -> None:
    found = list(harness.store.everything(harness.ward))
    (written,) = (one for one in found if one.submission.text)
    (bare,) = (one for one in found if not one.submission.text)
    assert with_text(harness.store, harness.ward, written.id).submission.text
    for ward, id in (("99999", written.id), (harness.ward, bare.id), (harness.ward, "0" * 32)):
        with pytest.raises(NoSuchSuggestion):
            with_text(harness.store, ward, id)


def test_no_step_is_added_to_a_case_that_is_not_there(harness: ReportHarness) -> None:
    with pytest.raises(NoSuchSuggestion):
        act_on_case(
            harness.store,
            ward=harness.ward,
            id="0" * 32,
            seen=1,
            action=ANSWER,
            who="A",
            on=date(2026, 11, 30),
            idempotency_key="lan-1",
        )


def test_a_case_that_vanished_is_told_as_the_stores_trouble(harness: ReportHarness) -> None:
    with pytest.raises(StoreUnavailable, match="vanished"):
        same_or_overtaken(harness.store, "0" * 32, ANSWER, "lan-1")
