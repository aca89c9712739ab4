"""Several forms that say the same are one matter: joined, parted, handed on, told and looked up as one."""

from dataclasses import replace
from datetime import date

import pytest
from board_side import answering
from builders import SIGNS
from case_builders import day
from homthu.domain.cases.case import (
    MOST_FORMS,
    ActionKind,
    CaseAction,
    CaseState,
    NotPossible,
)
from homthu.domain.reports.attribution import NOBODY
from homthu.services.case_statistics import read_case_statistics
from homthu.services.cases import NoSuchSuggestion, Overtaken, open_case
from homthu.services.matters import join_case, part_case
from homthu.services.move_text import move_text
from matter_side import KEYS, LAMP, SAID, act, actor, case_of, found, id_of, join, part
from report_harness import W47, ReportHarness


@pytest.fixture
def harness() -> ReportHarness:
    """A closed week of three texts about one lamp and one about something else."""
    made = ReportHarness()
    for text in SAID:
        made.receive(W47.begins_at, text=text)
    list(made.store.assign_week(made.ward, W47))
    return made


def test_what_nobody_has_in_hand_is_joined_in_one_step_and_noted_on_both_sides(
    harness: ReportHarness,
) -> None:
    joined = join(harness, 1, to=0)
    lead = case_of(harness, 0)
    assert (joined.state, joined.joined_to) == (CaseState.JOINED, lead.id)
    assert (lead.state, lead.gathered, lead.forms) == (CaseState.RECEIVED, (joined.id,), 2)
    assert [(event.action.kind, event.who, event.on) for event in lead.history] == [
        (ActionKind.OPEN, "Bí thư", day(24)),
        (ActionKind.GATHER, "Bí thư", day(24)),
    ]


def test_every_reference_follows_the_case_it_is_dealt_with_in_and_the_board_tells_it_once(
    harness: ReportHarness,
) -> None:
    join(harness, 1, to=0)
    join(harness, 2, to=1)  # stands for the one that it is joined to
    act(harness, 0, answering("Đèn hỏng ở ngõ 12"))
    answers = [case.public_answer for number in (0, 1, 2) if (case := found(harness, number))]
    assert len(answers) == 3
    assert len({answer and answer.text for answer in answers}) == 1
    public = [
        case.public_answer
        for case in harness.store.cases_changed_since(harness.ward, date.min)
        if case.public_answer
    ]
    assert len(public) == 1


def test_parted_it_stands_where_it_stood_and_the_history_tells_both(harness: ReportHarness) -> None:
    joined = join(harness, 1, to=0)
    before = [event.action.kind for event in joined.history]
    parted = part(harness, 1)
    lead = case_of(harness, 0)
    assert (parted.state, parted.joined_to, lead.forms) == (CaseState.RECEIVED, "", 1)
    assert [event.action.kind for event in parted.history] == [*before, ActionKind.PART]
    assert lead.history[-1].action.kind is ActionKind.RELEASE
    with pytest.raises(NotPossible):
        part(harness, 1)


def test_what_gathered_others_takes_them_along(harness: ReportHarness) -> None:
    join(harness, 1, to=0)
    join(harness, 0, to=2)
    lead = case_of(harness, 2)
    assert lead.forms == 3
    assert {case_of(harness, number).joined_to for number in (0, 1)} == {lead.id}
    assert case_of(harness, 0).gathered == ()


def test_a_form_sent_again_changes_nothing_and_one_that_was_overtaken_is_told(
    harness: ReportHarness,
) -> None:
    by = actor()
    joined = join(harness, 1, to=0, by=by)
    assert join(harness, 1, to=0, by=by) == joined
    assert case_of(harness, 0).forms == 2
    with pytest.raises(Overtaken):
        join_case(
            harness.store,
            harness.store,
            SIGNS,
            ward=harness.ward,
            id=joined.id,
            to=id_of(harness, 2),
            seen=1,
            by=actor(),
        )
    undo = actor()
    parted = part(harness, 1, by=undo)
    assert part_case(harness.store, ward=harness.ward, id=parted.id, seen=2, by=undo) == parted


def test_of_two_that_join_a_to_b_and_b_to_a_at_once_one_stands(harness: ReportHarness) -> None:
    """The other's join meets a conflict, looks again, and finds what it wanted to join joined."""
    store, other = harness.store, iter([True])
    change = store.change_cases

    def overtaken(changes: object) -> object:
        if next(other, False):
            join(harness, 1, to=0)
        return change(changes)  # type: ignore[arg-type]

    store.change_cases = overtaken  # type: ignore[method-assign, assignment]
    with pytest.raises((NotPossible, Overtaken)):
        join(harness, 0, to=1)
    leads = [case for case in store.cases_changed_since(harness.ward, date.min) if not case.joined_to]
    assert [case.forms for case in leads] == [2]


def test_petitions_other_wards_and_itself_are_nobodys_matter(harness: ReportHarness) -> None:
    store = harness.store
    with pytest.raises(NotPossible):
        join(harness, 0, to=0)
    stranger = replace(
        open_case(
            store,
            store,
            SIGNS,
            ward=harness.ward,
            id=id_of(harness, 3),
            who="A",
            on=day(24),
            idempotency_key="k",
        ),
        id="x" * 32,
        ward="01234",
    )
    store.create_case(stranger)
    with pytest.raises(NoSuchSuggestion):
        join_case(
            store, store, SIGNS, ward=harness.ward, id=id_of(harness, 0), to=stranger.id, seen=0, by=actor()
        )
    act(harness, 3, CaseAction(kind=ActionKind.SET_APART))
    for ids in ((0, 3), (3, 0)):
        with pytest.raises(NotPossible):
            join(harness, ids[0], to=ids[1])
    assert not [case for case in store.cases_changed_since(harness.ward, date.min) if case.joined_to]


@pytest.mark.parametrize("moved", [0, 1])
def test_what_is_moved_to_who_reads_petitions_leaves_its_matter(harness: ReportHarness, moved: int) -> None:
    join(harness, 1, to=0)
    case = case_of(harness, moved)
    move_text(
        harness.store,
        harness.store,
        SIGNS,
        ward=harness.ward,
        id=case.id,
        seen=len(case.history),
        move=ActionKind.SET_APART,
        who="Bí thư",
        on=day(26),
        idempotency_key=next(KEYS),
    )
    assert case_of(harness, moved).is_petition
    other = case_of(harness, 1 - moved)
    assert (other.is_petition, other.joined_to, other.forms) == (False, "", 1)


def test_a_matter_holds_so_many_forms_and_joining_counts_as_no_step(harness: ReportHarness) -> None:
    join(harness, 1, to=0)
    lead = case_of(harness, 0)
    event = lead.history[-1]
    more = [
        replace(event, action=replace(event.action, other=f"{number}")) for number in range(MOST_FORMS - 3)
    ]
    full = replace(lead, history=(*lead.history, *more))
    assert (full.forms, bool(full.possible)) == (MOST_FORMS - 1, True)
    gather = replace(event, action=replace(event.action, other="last"))
    full = full.after(gather)
    with pytest.raises(NotPossible):
        full.after(replace(event, action=replace(event.action, other="one more")))


def test_a_report_tells_one_matter_with_its_forms_as_of_its_days(harness: ReportHarness) -> None:
    join(harness, 1, to=0, by=actor(day(24)))
    join(harness, 2, to=0, by=actor(date(2026, 12, 1)))

    def told(first: date, last: date) -> tuple[object, ...]:
        one = read_case_statistics(
            harness.store,
            harness.store.submission,
            ward=harness.ward,
            first=first,
            last=last,
            attribution=NOBODY,
        )
        forms = [(case.about, case.forms) for case in one.cases]
        return one.carried, one.taken, one.done, one.joined, one.open, forms

    assert told(day(23), day(29)) == (0, 1, 0, 0, 1, [(LAMP, 2)])
    assert told(day(30), date(2026, 12, 6)) == (1, 0, 0, 0, 1, [(LAMP, 3)])


def test_a_case_that_was_carried_over_and_joined_is_told_as_joined(harness: ReportHarness) -> None:
    for number in (0, 1):
        open_case(
            harness.store,
            harness.store,
            SIGNS,
            ward=harness.ward,
            id=id_of(harness, number),
            who="A",
            on=day(24),
            idempotency_key=next(KEYS),
        )
    join(harness, 1, to=0, by=actor(date(2026, 12, 1)))
    told = read_case_statistics(
        harness.store,
        harness.store.submission,
        ward=harness.ward,
        first=day(30),
        last=date(2026, 12, 6),
        attribution=NOBODY,
    )
    assert (told.carried, told.taken, told.done, told.joined, told.open) == (2, 0, 0, 1, 1)
