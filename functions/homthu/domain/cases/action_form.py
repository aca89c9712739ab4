"""What a member typed for an action on a case, checked before it is taken."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from homthu.domain.boxes.box import MAX_ANSWER
from homthu.domain.cases.case import ActionKind, AnswerKind, CaseAction
from homthu.domain.cases.review import (
    Decision,
    MaskFault,
    ReviewKind,
    WithholdReason,
    mask_fault,
    masked_as,
)
from homthu.domain.fields import DeskField
from homthu.domain.submissions.personal_data import find_personal_data
from homthu.domain.text import clean, clean_line, fold

#: Lengths in code points after NFC.
MAX_UNIT, MAX_SUBJECT, MAX_REASON = 100, 150, 300
#: Nothing is promised further ahead.
LONGEST_TERM = timedelta(days=366)
#: This many words in a row from a citizen's text are a quotation.
QUOTED_WORDS = 8

UNIT, DUE, SUBJECT = DeskField.UNIT, DeskField.DUE, DeskField.SUBJECT
ANSWER, REASON, CONFIRMED = DeskField.ANSWER, DeskField.REASON, DeskField.CONFIRMED
KIND, PROMISED, PASSED_TO = DeskField.KIND, DeskField.PROMISED, DeskField.PASSED_TO
OTHER_UNIT = DeskField.OTHER_UNIT
FIELDS: frozenset[str] = frozenset(
    {UNIT, OTHER_UNIT, DUE, SUBJECT, ANSWER, REASON, CONFIRMED, KIND, PROMISED, PASSED_TO}
)
_LOCAL_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


class ActionFault(StrEnum):
    """Why a field cannot be taken as it is."""

    REQUIRED = "required"
    TOO_LONG = "too_long"
    NOT_A_DAY = "not_a_day"
    PAST = "past"
    TOO_FAR = "too_far"
    QUOTES = "quotes"
    PERSONAL = "personal"


@dataclass(frozen=True, kw_only=True, slots=True)
class ActionProblem:
    """One field to be looked at again; `limit` is set where it is too long."""

    field: str
    fault: ActionFault | MaskFault
    limit: int = 0


def read_action(
    action: ActionKind, fields: Mapping[str, str], *, today: date, said: str, has_answer: bool
) -> tuple[CaseAction, tuple[ActionProblem, ...]]:
    """The action that the fields describe, and what is wrong with them.

    `said` is what the citizen wrote: a public answer must not repeat it. A case may be closed without an
    answer only for a reason.
    """
    match action:
        case ActionKind.ASSIGN:
            unit = clean_line(fields.get(UNIT) or fields.get(OTHER_UNIT, ""))
            due = read_day(fields.get(DUE, ""))
            problems = [*_length(UNIT, unit, MAX_UNIT), *_term(due, today, DUE)]
            return CaseAction(kind=action, text=unit, due_on=due), tuple(problems)
        case ActionKind.ANSWER:
            return _read_answer(fields, today=today, said=said)
        case ActionKind.CLOSE:
            reason = clean_line(fields.get(REASON, ""))
            found = _length(REASON, reason, MAX_REASON)
            if has_answer and not reason:
                found = []
            return CaseAction(kind=action, text=reason), tuple(found)
        case _:
            return CaseAction(kind=action), ()


def _read_answer(
    fields: Mapping[str, str], *, today: date, said: str
) -> tuple[CaseAction, tuple[ActionProblem, ...]]:
    """An answer of one of the four kinds; fields of other kinds are ignored."""
    kind = next((one for one in AnswerKind if one == fields.get(KIND)), None)
    subject, text = clean_line(fields.get(SUBJECT, "")), clean(fields.get(ANSWER, ""))
    is_confirmed = bool(fields.get(CONFIRMED))
    problems = [] if kind else [ActionProblem(field=KIND, fault=ActionFault.REQUIRED)]
    problems += [*_length(SUBJECT, subject, MAX_SUBJECT), *_length(ANSWER, text, MAX_ANSWER)]
    by, passed_to = None, ""
    if kind is AnswerKind.PROMISED:
        by = read_day(fields.get(PROMISED, ""))
        # A promise of today is no promise.
        problems += _term(by, today + timedelta(days=1), PROMISED)
    if kind is AnswerKind.PASSED_ON:
        passed_to = clean_line(fields.get(PASSED_TO, ""))
        problems += _length(PASSED_TO, passed_to, MAX_UNIT)
    for field, typed in ((SUBJECT, subject), (ANSWER, text), (PASSED_TO, passed_to)):
        problems += _indiscretions(field, typed, said, is_confirmed=is_confirmed)
    answer = CaseAction(
        kind=ActionKind.ANSWER, subject=subject, text=text, due_on=by, answer_kind=kind, passed_to=passed_to
    )
    return answer, tuple(problems)


#: What a reader types or chooses for a decision.
DECISION_FIELDS: frozenset[str] = frozenset({DeskField.MASKED, DeskField.WHY, DeskField.THEME})


def read_decision(
    kind: ReviewKind, fields: Mapping[str, str], *, shown: str
) -> tuple[Decision, tuple[ActionProblem, ...]]:
    """The decision about a text as it was shown, and what is wrong with the fields."""
    match kind:
        case ReviewKind.MASK:
            masked = masked_as(clean(fields.get(DeskField.MASKED, "")))
            fault = mask_fault(masked, shown)
            problems = (ActionProblem(field=DeskField.MASKED, fault=fault),) if fault else ()
            return Decision(kind=kind, text=masked), problems
        case ReviewKind.WITHHOLD:
            reason = next((one for one in WithholdReason if one == fields.get(DeskField.WHY)), None)
            missing = ActionProblem(field=DeskField.WHY, fault=ActionFault.REQUIRED)
            return Decision(kind=kind, reason=reason), () if reason else (missing,)
        case ReviewKind.THEME:
            return Decision(kind=kind, theme=fields.get(DeskField.THEME, "")), ()
        case _:
            return Decision(kind=kind), ()


def read_day(typed: str) -> date | None:
    """A day as a browser's calendar sends it (`2026-12-07`), or as people write it (`7/12/2026`)."""
    if match := _LOCAL_DATE.fullmatch(typed.strip()):
        typed = f"{match[3]}-{int(match[2]):02d}-{int(match[1]):02d}"
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        return None


def quotes(text: str, said: str, in_a_row: int = QUOTED_WORDS) -> bool:
    """Whether a text repeats this many words of the citizen's in a row, or all of a shorter text."""
    words, told = _words(text), _words(said)
    length = min(in_a_row, len(told))
    # A word or two («cảm ơn») say nothing about who wrote them.
    return length >= 4 and not _runs(words, length).isdisjoint(_runs(told, length))


def repeats(text: str, said: str, own: str = "") -> bool:
    """Whether a text repeats eight words in a row of what somebody said, unless its author's `own` form says
    them too: what several people said alike belongs to none of them.
    """
    words, told, mine = (_runs(_words(one), QUOTED_WORDS) for one in (text, said, own))
    return not words.isdisjoint(told - mine)


def _runs(words: list[str], length: int) -> set[tuple[str, ...]]:
    return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", fold(text))


def _length(field: str, text: str, limit: int) -> list[ActionProblem]:
    if not text:
        return [ActionProblem(field=field, fault=ActionFault.REQUIRED)]
    if len(text) > limit:
        return [ActionProblem(field=field, fault=ActionFault.TOO_LONG, limit=limit)]
    return []


def _term(due: date | None, first: date, field: str) -> list[ActionProblem]:
    """What is wrong with a day that must not be before the first."""
    if due is None:
        return [ActionProblem(field=field, fault=ActionFault.NOT_A_DAY)]
    if due < first:
        return [ActionProblem(field=field, fault=ActionFault.PAST)]
    return [ActionProblem(field=field, fault=ActionFault.TOO_FAR)] if due - first > LONGEST_TERM else []


def _indiscretions(field: str, text: str, said: str, *, is_confirmed: bool) -> list[ActionProblem]:
    if quotes(text, said):
        return [ActionProblem(field=field, fault=ActionFault.QUOTES)]
    if find_personal_data(text) and not is_confirmed:
        return [ActionProblem(field=field, fault=ActionFault.PERSONAL)]
    return []
