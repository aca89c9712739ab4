"""What can become of a case."""

from itertools import product

import pytest
from board_side import ASSIGNED, CLOSED, REOPENED, answering
from case_builders import OPEN, a_case, day
from homthu.domain.cases.case import (
    MAX_STEPS,
    ActionKind,
    Case,
    CaseAction,
    CaseEvent,
    CaseState,
    NotPossible,
)

ACTIONS = {
    ActionKind.ASSIGN: ASSIGNED,
    ActionKind.ANSWER: answering(),
    ActionKind.CLOSE: CLOSED,
    ActionKind.REOPEN: REOPENED,
}
POSSIBLE = {
    CaseState.RECEIVED: {ActionKind.ASSIGN, ActionKind.ANSWER, ActionKind.CLOSE},
    CaseState.ASSIGNED: {ActionKind.ASSIGN, ActionKind.ANSWER, ActionKind.CLOSE},
    CaseState.ANSWERED: {ActionKind.ANSWER, ActionKind.CLOSE, ActionKind.REOPEN},
    CaseState.CLOSED: {ActionKind.REOPEN},
}


@pytest.mark.parametrize(("action", "is_petition"), list(product(ACTIONS, (False, True))))
def test_each_state_takes_its_actions_and_no_others(action: ActionKind, is_petition: bool) -> None:
    ways = {
        CaseState.RECEIVED: (),
        CaseState.ASSIGNED: (ASSIGNED,),
        CaseState.ANSWERED: (answering(),),
        CaseState.CLOSED: (CLOSED,),
    }
    for state, actions in ways.items():
        case = a_case((2, OPEN), *((3, action) for action in actions), is_petition=is_petition)
        assert case.state is state
        event = CaseEvent(action=ACTIONS[action], who="B", on=day(4), idempotency_key="x")
        if action in POSSIBLE[state] and not (is_petition and action is ActionKind.ANSWER):
            after = case.after(event)
            assert after.history == (*case.history, event)
        else:
            with pytest.raises(NotPossible):
                case.after(event)


def test_reopening_takes_unit_and_answer_back_but_keeps_the_history() -> None:
    case = a_case((2, OPEN), (3, ASSIGNED), (4, answering()), (5, REOPENED))
    assert (case.state, case.assignment, case.answer, case.public_answer) == (
        CaseState.RECEIVED,
        None,
        None,
        None,
    )
    assert len(case.history) == 4


def test_a_corrected_answer_is_the_one_that_holds() -> None:
    case = a_case((2, OPEN), (3, answering("A", "1")), (4, answering("A", "2")), (5, CLOSED))
    assert case.public_answer
    assert (case.public_answer.text, case.public_answer.on) == ("2", day(4))


def test_a_petition_has_no_public_answer() -> None:
    assert a_case((2, OPEN), (3, answering()), is_petition=True).public_answer is None


def test_a_case_without_end_takes_no_more() -> None:
    case = a_case((2, OPEN), *((3, ASSIGNED) for _ in range(MAX_STEPS - 1)))
    assert case.possible == frozenset()


# A move: to those who receive petitions, or back.


def moved(case: Case, *kinds: ActionKind) -> Case:
    for number, kind in enumerate(kinds):
        event = CaseEvent(action=CaseAction(kind=kind), who="B", on=day(5), idempotency_key=f"m{number}")
        case = case.after(event)
    return case


@pytest.mark.parametrize("actions", [(), (ASSIGNED,), (CLOSED,)])
@pytest.mark.parametrize("is_petition", [False, True])
def test_a_text_is_moved_either_way_and_the_case_stands_where_it_stood(
    actions: tuple[CaseAction, ...], is_petition: bool
) -> None:
    case = a_case((2, OPEN), *((3, action) for action in actions), is_petition=is_petition)
    there, back = ActionKind.SET_APART, ActionKind.SET_BACK
    move, other = (back, there) if is_petition else (there, back)
    after = moved(case, move)
    assert (after.is_petition, after.was_petition) == (not is_petition, is_petition)
    assert (after.state, after.stands_since, after.assignment) == (
        case.state,
        case.stands_since,
        case.assignment,
    )
    assert moved(case, move, other).is_petition is is_petition
    with pytest.raises(NotPossible):
        moved(case, other)


def test_an_answer_is_public_no_more_once_its_text_is_set_apart_and_again_once_it_is_not() -> None:
    case = a_case((2, OPEN), (3, answering()))
    assert moved(case, ActionKind.SET_APART).public_answer is None
    assert moved(case, ActionKind.SET_APART, ActionKind.SET_BACK).public_answer == case.public_answer


def test_a_look_back_shows_no_words_of_what_was_set_apart_since() -> None:
    case = moved(a_case((2, OPEN)), ActionKind.SET_APART)
    then = case.as_of(day(3))
    assert then is not None
    assert (len(then.history), then.is_petition) == (1, True)
