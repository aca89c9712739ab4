"""What erasing one text of a matter leaves of the others."""

from datetime import date

import pytest
from board_side import answering
from builders import SIGNS
from erasing import erasure, is_kept, reference
from homthu.domain.cases.case import (
    ActionKind,
    CaseAction,
    CaseState,
)
from homthu.services.erase import erase
from homthu.services.matters import join_case
from matter_side import SAID, act, actor, case_of, found, id_of, join
from report_harness import W47, ReportHarness, monday


@pytest.fixture
def harness() -> ReportHarness:
    """A closed week of three texts about one lamp and one about something else."""
    made = ReportHarness()
    for text in SAID:
        made.receive(W47.begins_at, text=text)
    list(made.store.assign_week(made.ward, W47))
    return made


def erased(harness: ReportHarness, number: int) -> None:
    erase(erasure(harness.store, lambda: harness.now), reference(number + 1))


def test_erasing_the_lead_leaves_the_matter_to_the_next_with_its_answer(harness: ReportHarness) -> None:
    join(harness, 1, to=0)
    join(harness, 2, to=0)
    act(harness, 0, CaseAction(kind=ActionKind.ASSIGN, text="Tổ điện", due_on=date(2026, 12, 9)))
    act(harness, 0, answering("Ngõ 12 tối", "Đã thay bóng"))
    erased(harness, 0)
    heir = case_of(harness, 1)
    assert (heir.joined_to, heir.forms, heir.state) == ("", 2, CaseState.ANSWERED)
    assert (heir.assignment and heir.assignment.text) == "Tổ điện"
    for number in (1, 2):
        case = found(harness, number)
        assert (case and case.public_answer and case.public_answer.text) == "Đã thay bóng"


def test_erasing_one_of_a_matter_finds_its_words_in_the_case_of_another(harness: ReportHarness) -> None:
    words = "Nhà tôi đối diện cột đèn số bảy nên tối nào cũng sợ ngã xuống mương"
    harness.receive(W47.begins_at, text=words)
    list(harness.store.assign_week(harness.ward, W47))
    (id,) = (one.id for one in harness.store.everything(harness.ward) if one.submission.text == words)
    join_case(
        harness.store,
        harness.store,
        SIGNS,
        ward=harness.ward,
        id=id,
        to=id_of(harness, 0),
        seen=0,
        by=actor(),
    )
    act(harness, 0, CaseAction(kind=ActionKind.CLOSE, text=f"Theo phiếu: {words}"))
    act(harness, 0, CaseAction(kind=ActionKind.REOPEN))
    harness.report(monday(W47))
    assert is_kept(harness.store, "đối diện")
    erased(harness, 4)
    assert "đối diện" not in str(list(harness.store.cases_changed_since(harness.ward, date.min)))
    assert not is_kept(harness.store, "đối diện")
    lead = case_of(harness, 0)
    assert (lead.state, lead.forms) == (CaseState.RECEIVED, 2)
