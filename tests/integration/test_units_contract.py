"""What every store keeps of mails to units and of verdicts, memory included."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from homthu.domain.cases.unit_mail import Task, assignment_mail_id, reminder_mail_id
from homthu.domain.cases.verdict import VerdictKind
from homthu.domain.reports.ledger import DeliveryState
from homthu.domain.week import Week
from homthu.ports import Conflict, Store
from samples import A_UNIT_MAIL, A_VERDICT, OTHER_WARD, WARD, at_once


def wins(act: Callable[[], object]) -> bool:
    try:
        act()
    except Conflict:
        return False
    return True


def test_a_mail_that_is_owed_comes_back_equal_and_is_owed_once(store: Store) -> None:
    store.owe_unit_mail(A_UNIT_MAIL)
    store.owe_unit_mail(replace(A_UNIT_MAIL, unit="Đơn vị khác"))
    assert store.unit_mail(A_UNIT_MAIL.id) == A_UNIT_MAIL
    assert store.unit_mail("x") is None


def test_what_is_owed_to_a_ward_s_units_is_what_is_not_done(store: Store) -> None:
    for number, state in enumerate(DeliveryState):
        store.owe_unit_mail(replace(A_UNIT_MAIL, id=f"m{number}", state=state))
    store.owe_unit_mail(replace(A_UNIT_MAIL, id="other", ward=OTHER_WARD))
    owed = [mail.state for mail in store.owed_unit_mails(WARD)]
    assert owed == [state for state in DeliveryState if state.is_owed]
    assert [mail.state for mail in store.bounced_unit_mails(WARD)] == [DeliveryState.BOUNCED]


def test_of_ten_that_take_a_mail_at_once_one_wins(store: Store) -> None:
    store.owe_unit_mail(A_UNIT_MAIL)
    seen = store.unit_mail(A_UNIT_MAIL.id)
    assert seen
    taken = [
        replace(
            seen,
            state=DeliveryState.SENDING,
            attempts=number,
            lease_until=datetime(2026, 11, 27, 1, tzinfo=UTC),
            not_before=None,
        )
        for number in range(10)
    ]
    won = at_once(lambda one: wins(lambda: store.replace_unit_mail(seen, one)), taken)
    assert won.count(True) == 1
    assert store.unit_mail(A_UNIT_MAIL.id) in taken


def test_a_verdict_is_given_once_for_each_reference(store: Store) -> None:
    verdicts = [replace(A_VERDICT, words=str(number)) for number in range(10)]
    won = at_once(lambda one: wins(lambda: store.create_verdict(one)), verdicts)
    assert won.count(True) == 1
    assert store.verdict(A_VERDICT.id) == verdicts[won.index(True)]
    assert store.verdict("x") is None


def test_verdicts_are_found_by_the_week_they_were_given_in(store: Store) -> None:
    later = replace(A_VERDICT, id="v2", on=date(2026, 11, 30), kind=VerdictKind.SETTLED)
    for one in (later, A_VERDICT, replace(A_VERDICT, id="v3", ward=OTHER_WARD)):
        store.create_verdict(one)
    assert list(store.verdicts_of(WARD, Week(2026, 48))) == [A_VERDICT]
    assert list(store.verdicts_of(WARD, Week(2026, 49))) == [later]
    both = sorted((A_VERDICT, later), key=lambda verdict: verdict.id)
    assert list(store.verdicts_of(WARD, Week(2026, 48), Week(2026, 49))) == both


def test_a_verdict_can_lose_its_words_and_a_stale_change_loses_nothing(store: Store) -> None:
    first = store.create_verdict(A_VERDICT)
    bare = store.replace_verdict(first, replace(first, words=""))
    assert store.verdict(A_VERDICT.id) == bare == replace(A_VERDICT, words="")
    with pytest.raises(Conflict):
        store.replace_verdict(first, first)


def test_an_id_tells_neither_the_case_nor_the_address_and_differs_for_each_task_and_day() -> None:
    tasks = [Task(case="c1", step=1), Task(case="c1", step=2), Task(case="c11", step=1)]
    ids = {assignment_mail_id(WARD, task) for task in tasks}
    ids |= {reminder_mail_id(WARD, "a@example.org", date(2026, 11, day)) for day in (26, 27)}
    assert len(ids) == 5
    assert not any("@" in id for id in ids)
    assert reminder_mail_id(WARD, "A@Example.org", date(2026, 11, 26)) in ids
