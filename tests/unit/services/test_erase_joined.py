"""Withdrawing a form that is dealt with in the case of another: whose words go, and what comes back."""

from dataclasses import replace
from datetime import date

import pytest
from builders import SIGNS
from erasing import WORDING, erasure, reference
from fakes.memory_eraser import MemoryEraser
from homthu.domain.cases.case import ActionKind, AnswerKind, Case, CaseAction, CaseEvent, CaseState
from homthu.domain.cases.matter import Actor
from homthu.domain.reports.quotations import Quotations, quotations_name
from homthu.domain.submissions.reference import id_of
from homthu.render.report.anchor import plain_text
from homthu.services.erase import Erasure, erase
from homthu.services.frozen_content import is_mail
from homthu.services.matters import join_case
from homthu.services.verify import verify_reports
from published_ward import PublishedWard, unpacked
from report_harness import SECRETS, W47, W48, ReportHarness, monday

LEADS = "Quầy số ba hỏng máy lấy số đã hai tuần mà không ai sửa"
MEMBERS = "Máy lấy số hỏng mãi phường sửa giúp bà con"


def id_in(number: int) -> str:
    return id_of(reference(number), SECRETS.current)


def erased(harness: ReportHarness, number: int, eraser: MemoryEraser | None = None) -> Erasure:
    store = harness.store
    return erase(erasure(store, lambda: harness.now, eraser=eraser or MemoryEraser(store)), reference(number))


def step(kind: ActionKind, on: date, **what: object) -> CaseEvent:
    action = CaseAction(kind=kind, **what)  # type: ignore[arg-type]
    return CaseEvent(action=action, who="Chị A", on=on, idempotency_key=f"{kind}-key")


def matter(subject: str, member: str = MEMBERS, lead: str = LEADS) -> ReportHarness:
    """A week of two texts, the second dealt with in the first one's answered case, which a report tells."""
    harness = PublishedWard()
    for text in (lead, member):
        harness.receive(W47.begins_at, text=text)
    harness.receive(W47.begins_at, 12)
    harness.report(monday(W47))
    on = W48.monday
    answer = step(ActionKind.ANSWER, on, subject=subject, text="Đã sửa", answer_kind=AnswerKind.DONE)
    about = {"id": id_in(1), "ward": harness.ward, "place": "tt01", "service": "", "week": W47, "number": 1}
    steps = (step(ActionKind.OPEN, on), answer)
    harness.store.create_case(Case(**about, is_petition=False, history=steps))  # type: ignore[arg-type]
    store, by = harness.store, Actor(who="Chị A", on=on, idempotency_key="join")
    join_case(store, store, SIGNS, ward=harness.ward, id=id_in(2), to=id_in(1), seen=0, by=by)
    harness.now = monday(W48)
    harness.report(harness.now)
    return harness


def mails(harness: ReportHarness) -> str:
    """All that the frozen mails and their files say, in one line."""
    found = [one for name, one in harness.store.contents.items() if is_mail(name)]
    files = b"".join(piece for one in found for piece in unpacked(one)).decode("utf-8", "replace")
    return " ".join(" ".join([*map(plain_text, found), files]).split())


def test_what_the_leads_case_repeats_goes_for_the_withdrawn_forms_sake_and_the_chain_holds() -> None:
    harness = matter(subject=MEMBERS)
    assert (LEADS in mails(harness), MEMBERS in mails(harness)) == (True, True)
    erased(harness, 2)
    assert MEMBERS not in mails(harness)
    assert LEADS in mails(harness), "the lead's author withdrew nothing"
    verdict = verify_reports(harness.store, harness.store, harness.ward)
    assert (verdict.fault, len(verdict.erased)) == ("", 2)
    erased(harness, 1)
    assert LEADS not in mails(harness)
    assert verify_reports(harness.store, harness.store, harness.ward).fault == ""


def test_words_that_both_wrote_stay_the_leads() -> None:
    harness = matter(subject=MEMBERS, lead=MEMBERS)
    erased(harness, 2)
    assert MEMBERS in mails(harness)
    assert verify_reports(harness.store, harness.store, harness.ward).fault == ""


def test_words_are_not_gone_for_the_sake_of_a_form_that_nobody_erased() -> None:
    harness = matter(subject=MEMBERS)
    erased(harness, 2)
    store = harness.store
    for name in filter(is_mail, list(store.contents)):
        kept = Quotations.from_bytes(store.contents[quotations_name(name)])
        bent = (replace(one, erased_for=id_in(3)) if one.erased_for else one for one in kept.places)
        store.contents[quotations_name(name)] = Quotations(tuple(bent)).to_bytes()
    assert verify_reports(store, store, harness.ward).fault == "changed"


@pytest.mark.parametrize("sake", ["", "f" * 32])
def test_a_record_of_before_is_read_and_written_as_it_was(sake: str) -> None:
    stored = b'[["1:text/plain", 3, 4, "0f", "ab", "cd", ""]]'
    kept = Quotations.from_bytes(stored)
    assert kept.to_bytes() == stored
    gone = Quotations((kept.places[0].erased("[x]", sake),))
    assert Quotations.from_bytes(gone.to_bytes()) == gone
    assert gone.erased == {sake or "0f"}


def case_of(harness: ReportHarness, number: int) -> Case:
    case = harness.store.case(id_in(number))
    assert case
    return case


@pytest.mark.parametrize("short", ["Đèn đường ngõ 12", "Đèn đường ngõ 12 tối quá đi"])
def test_an_answer_that_names_the_matter_as_a_short_form_does_stays_for_everybody(short: str) -> None:
    harness = matter(subject=f"Đã xem {short}", member=short)
    before = case_of(harness, 1).public_answer
    erased(harness, 2)
    assert case_of(harness, 1).public_answer == before is not None
    assert case_of(harness, 2).is_erased, "its own is erased whole"


@pytest.mark.parametrize("short", ["Đèn đường ngõ 12", "Đèn đường ngõ 12 tối quá đi"])
def test_an_answer_that_names_the_matter_as_the_withdrawn_lead_did_is_handed_on(short: str) -> None:
    harness = matter(subject=f"Đã xem {short}", lead=short, member="Ngõ 12 tối, đèn đường hỏng")
    before = case_of(harness, 1).public_answer
    erased(harness, 1)
    heir = case_of(harness, 2)
    assert before is not None
    assert heir.public_answer == replace(before, on=heir.history[-1].on)
    assert case_of(harness, 1).is_erased


def test_an_answer_that_repeats_the_withdrawn_lead_is_not_handed_on() -> None:
    harness = matter(subject=LEADS)
    erased(harness, 1)
    assert case_of(harness, 2).answer is None
    assert LEADS not in str(case_of(harness, 2))


def test_an_answer_that_goes_all_the_same_brings_the_case_back_to_the_desk() -> None:
    harness = matter(subject=MEMBERS)
    today = harness.now.date()
    assert not case_of(harness, 1).is_owed(today)
    erased(harness, 2)
    lead = case_of(harness, 1)
    assert (lead.public_answer, lead.state, lead.is_owed(today)) == (None, CaseState.RECEIVED, True)
    assert (lead.history[-1].action.kind, lead.history[-1].who) == (ActionKind.REOPEN, WORDING.who)
    assert MEMBERS not in str(lead)
    erased(harness, 2)
    assert case_of(harness, 1) == lead


def test_an_older_answer_does_not_come_out_again_in_the_place_of_the_one_that_goes() -> None:
    harness = matter(subject="Máy lấy số")
    lead = case_of(harness, 1)
    newer = step(
        ActionKind.ANSWER, W48.monday, subject="Máy", text=f"Xong: {MEMBERS}", answer_kind=AnswerKind.DONE
    )
    harness.store.replace_case(lead, lead.after(newer))
    erased(harness, 2)
    assert (case_of(harness, 1).answer, case_of(harness, 1).state) == (None, CaseState.RECEIVED)
