"""What the desk and the board may rely on, whatever the store."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from builders import box
from homthu.domain.boxes.box import Box, Recipient
from homthu.domain.cases.case import ActionKind, AnswerKind, Case, CaseAction, CaseEvent
from homthu.domain.cases.desk_term import DeskTerm
from homthu.domain.cases.link_mail import LinkMail
from homthu.domain.submissions.paper_batch import PaperBatch
from homthu.domain.week import Week, local_date
from homthu.ports import Conflict, Store
from homthu.services.desk_term import current_term
from samples import FUTURE, OTHER_WARD, WARD, a_submission, at_once, now

SENT_AT = datetime(2026, 11, 30, 3, 4, 5, 678901, tzinfo=UTC)
OPENED = CaseEvent(
    action=CaseAction(kind=ActionKind.OPEN), who="Ban Chỉ đạo", on=date(2026, 11, 30), idempotency_key="k1"
)
ASSIGNED = CaseEvent(
    action=CaseAction(kind=ActionKind.ASSIGN, text="Tổ một cửa\nphường", due_on=date(2026, 12, 7)),
    who="Bí thư «A» <b>",
    on=date(2026, 12, 1),
    idempotency_key="k2",
)


def a_case(id: str = "c1", **changes: object) -> Case:
    case = Case(
        id=id,
        ward=WARD,
        place="mot-cua",
        service="ho-tich",
        week=Week(2026, 48),
        is_petition=True,
        history=(OPENED,),
    )
    return replace(case, **changes)


def box_named(*emails: str) -> Box:
    return box(recipients=tuple(Recipient(name="Bí thư", email=email) for email in emails))


def wins(act: Callable[[], object]) -> bool:
    try:
        act()
    except Conflict:
        return False
    return True


def assign_week(store: Store, week: Week = FUTURE) -> None:
    assert sum(store.assign_week(WARD, week)) == 1


def test_a_trace_tells_where_an_unassigned_submission_belongs(store: Store) -> None:
    store.add("s1", a_submission(), "digest")
    submission_status = store.submission_status("s1")
    assert submission_status is not None
    assert (submission_status.ward, submission_status.is_closed) == (WARD, False)
    assert submission_status.week == Week.of(submission_status.received_on)
    assert abs(submission_status.received_on - local_date(now())) <= timedelta(days=1)
    assert store.submission_status("s2") is None


def test_a_trace_tells_the_week_of_an_assigned_submission(store: Store) -> None:
    store.add("s1", a_submission(), "digest")
    assign_week(store)
    submission_status = store.submission_status("s1")
    assert submission_status is not None
    assert (submission_status.ward, submission_status.week, submission_status.is_closed) == (
        WARD,
        FUTURE,
        True,
    )


def test_a_submission_is_found_by_its_id_once_its_week_is_closed(store: Store) -> None:
    store.add("s1", a_submission(), "digest")
    assert store.submission("s1") is None
    assign_week(store)
    found = store.submission("s1")
    assert found is not None
    assert (found.id, found.submission, found.week) == ("s1", a_submission(), FUTURE)
    assert store.submission("s2") is None


def test_a_created_case_comes_back_equal(store: Store) -> None:
    case = a_case(history=(OPENED, ASSIGNED))
    assert store.create_case(case) == case
    assert store.case("c1") == case
    assert store.case("c2") is None


@pytest.mark.parametrize("kind", AnswerKind)
def test_an_answer_comes_back_with_its_kind_and_what_belongs_to_it(store: Store, kind: AnswerKind) -> None:
    action = CaseAction(
        kind=ActionKind.ANSWER,
        subject="Việc",
        text="Nội dung",
        answer_kind=kind,
        due_on=date(2026, 12, 31),
        passed_to="Điện lực",
    )
    case = a_case(history=(OPENED, replace(OPENED, action=action)))
    store.create_case(case)
    assert store.case("c1") == case


def test_a_second_case_of_a_submission_is_a_conflict(store: Store) -> None:
    store.create_case(a_case())
    with pytest.raises(Conflict):
        store.create_case(a_case(service=""))
    assert store.case("c1") == a_case()


def test_of_ten_that_open_a_case_at_once_one_wins(store: Store) -> None:
    cases = [a_case(service=str(n)) for n in range(10)]
    won = at_once(lambda case: wins(lambda: store.create_case(case)), cases)
    assert won.count(True) == 1
    assert store.case("c1") == cases[won.index(True)]


def test_a_case_is_replaced_by_who_holds_the_last_one(store: Store) -> None:
    created = store.create_case(a_case())
    replaced = store.replace_case(created, replace(created, history=(OPENED, ASSIGNED)))
    assert store.case("c1") == replaced == a_case(history=(OPENED, ASSIGNED))
    with pytest.raises(Conflict):
        store.replace_case(created, created)
    read = store.case("c1")
    assert read is not None
    store.replace_case(read, a_case(is_petition=False))
    assert store.case("c1") == a_case(is_petition=False)


def test_a_case_that_is_not_there_is_not_replaced(store: Store) -> None:
    created = store.create_case(a_case())
    with pytest.raises(Conflict):
        store.replace_case(replace(created, id="c2"), a_case("c2"))
    with pytest.raises(Conflict):
        store.replace_case(a_case(), a_case())
    assert store.case("c2") is None


def test_of_ten_that_replace_a_case_at_once_one_wins(store: Store) -> None:
    created = store.create_case(a_case())
    cases = [a_case(service=str(n)) for n in range(10)]
    won = at_once(lambda case: wins(lambda: store.replace_case(created, case)), cases)
    assert won.count(True) == 1
    assert store.case("c1") == cases[won.index(True)]


JOINED = CaseEvent(
    action=CaseAction(kind=ActionKind.JOIN, other="c1"), who="A", on=date(2026, 12, 2), idempotency_key="k3"
)
GATHERED = replace(JOINED, action=CaseAction(kind=ActionKind.GATHER, other="c2"))


def test_cases_are_changed_together_or_not_at_all(store: Store) -> None:
    """A new one beside one that is replaced, and neither of them where one has changed meanwhile."""
    first = store.create_case(a_case(is_petition=False))
    lead = replace(first, history=(OPENED, GATHERED))
    joined = a_case("c2", is_petition=False, history=(OPENED, JOINED))
    changed = store.change_cases([(None, joined), (first, lead)])
    assert changed == [joined, lead] == [store.case("c2"), store.case("c1")]
    assert (changed[0].joined_to, changed[1].gathered) == ("c1", ("c2",))
    for changes in (
        [(changed[0], a_case("c2")), (first, a_case())],  # the lead is another one by now
        [(None, a_case("c3")), (None, a_case("c2"))],  # there is one
    ):
        with pytest.raises(Conflict):
            store.change_cases(changes)
    assert (store.case("c2"), store.case("c1"), store.case("c3")) == (joined, lead, None)
    again = store.change_cases([(one, replace(one, service="")) for one in changed])
    assert [one.service for one in again] == ["", ""]


def test_of_ten_that_change_two_cases_at_once_one_wins(store: Store) -> None:
    both = [store.create_case(a_case(id)) for id in ("c1", "c2")]

    def change(number: int) -> bool:
        changes = [(one, replace(one, service=str(number))) for one in both]
        # Each other one in the other order: whoever waits for a lock must not wait for ever.
        return wins(lambda: store.change_cases(changes if number % 2 else changes[::-1]))

    won = at_once(change, list(range(10)))
    assert won.count(True) == 1
    assert {one.service for one in store.cases_changed_since(WARD, date.min)} == {str(won.index(True))}


def test_one_that_expired_is_replaced_like_any_and_says_when(store: Store) -> None:
    old = store.create_link_mail(LinkMail(id="l1", sent_at=SENT_AT))
    new = LinkMail(id="l1", sent_at=SENT_AT + timedelta(days=3))
    assert not old.is_due(old.expires_at - timedelta(microseconds=1))
    assert old.is_due(old.expires_at)
    assert store.replace_link_mail(old, new) == store.link_mail("l1") == new
    with pytest.raises(Conflict):
        store.create_link_mail(new)


def test_what_has_not_expired_stays_when_another_link_is_mailed(store: Store) -> None:
    for minutes, id in ((0, "l1"), (9, "l2"), (19, "l3")):
        store.create_link_mail(LinkMail(id=id, sent_at=SENT_AT + timedelta(minutes=minutes)))
    last = store.link_mail("l2")
    assert last is None or last.expires_at <= SENT_AT + timedelta(minutes=19)
    assert store.link_mail("l3") is not None
    store.create_link_mail(LinkMail(id="l4", sent_at=SENT_AT + timedelta(minutes=20)))
    assert store.link_mail("l3") is not None


def test_a_term_comes_back_equal_and_is_replaced_once(store: Store) -> None:
    first = store.create_desk_term(DeskTerm(ward=WARD, people="aa", name="n1"))
    assert store.desk_term(WARD) == first == DeskTerm(ward=WARD, people="aa", name="n1")
    assert store.desk_term(OTHER_WARD) is None
    with pytest.raises(Conflict):
        store.create_desk_term(first)
    later = [DeskTerm(ward=WARD, people="bb", name=f"m{n}") for n in range(10)]
    won = at_once(lambda term: wins(lambda: store.replace_desk_term(first, term)), later)
    assert won.count(True) == 1
    assert store.desk_term(WARD) == later[won.index(True)]


def test_a_batch_of_slips_comes_back_equal_and_is_withdrawn_once(store: Store) -> None:
    made = PaperBatch(id="b1" * 16, ward=WARD, label="Lô «Sỏi»", slips=50, made_on=date(2026, 11, 23))
    first = store.create_paper_batch(made)
    store.create_paper_batch(replace(made, id="a1" * 16))
    store.create_paper_batch(replace(made, id="c1" * 16, ward=OTHER_WARD))
    assert store.paper_batch(made.id) == first == made
    assert store.paper_batch("d1" * 16) is None
    assert [one.id[:2] for one in store.paper_batches(WARD)] == ["a1", "b1"]
    with pytest.raises(Conflict):
        store.create_paper_batch(made)
    withdrawn = replace(made, is_revoked=True)
    assert store.replace_paper_batch(first, withdrawn) == store.paper_batch(made.id) == withdrawn
    with pytest.raises(Conflict):
        store.replace_paper_batch(first, made)


def test_a_list_changed_and_changed_back_is_of_another_term(store: Store) -> None:
    a = box_named("a@example.org")
    names = [current_term(store, box, os.urandom).name for box in (a, a, box_named("b@example.org"), a)]
    assert names[0] == names[1]
    assert len(set(names)) == 3


def test_of_ten_that_see_a_changed_list_at_once_all_go_by_one_term(store: Store) -> None:
    current_term(store, box_named("a@example.org"), os.urandom)
    changed = box_named("b@example.org")
    names = at_once(lambda _: current_term(store, changed, os.urandom).name, list(range(10)))
    assert len(set(names)) == 1


def test_a_mailed_link_comes_back_equal_and_is_replaced_once(store: Store) -> None:
    first = store.create_link_mail(LinkMail(id="l1", sent_at=SENT_AT))
    assert store.link_mail("l1") == first == LinkMail(id="l1", sent_at=SENT_AT)
    assert store.link_mail("l2") is None
    with pytest.raises(Conflict):
        store.create_link_mail(first)
    later = [LinkMail(id="l1", sent_at=SENT_AT + timedelta(minutes=n)) for n in range(10, 20)]
    won = at_once(lambda mail: wins(lambda: store.replace_link_mail(first, mail)), later)
    assert won.count(True) == 1
    assert store.link_mail("l1") == later[won.index(True)]


def test_a_move_comes_back_with_who_and_day(store: Store) -> None:
    store.create_case(a_case(is_petition=False))
    read = store.case("c1")
    assert read is not None
    move = CaseEvent(
        action=CaseAction(kind=ActionKind.SET_APART), who="Bí thư", on=date(2026, 12, 2), idempotency_key="k3"
    )
    assert store.replace_case(read, read.after(move)) == store.case("c1")
    (kept,) = store.cases_of_week(WARD, Week(2026, 48))
    assert (kept.is_petition, kept.was_petition, kept.history[-1]) == (True, False, move)
