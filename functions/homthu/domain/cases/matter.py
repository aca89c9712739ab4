"""A matter: several forms that say the same, dealt with in one case and told as one.

Each form keeps a case of its own, which says in which other one it is dealt with; that one notes whom it
gathered. Both are written together, so that no case is ever joined to one that is joined itself, and
joining is undone without anything being lost.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from homthu.domain.cases.case import ActionKind, Case, CaseAction, CaseEvent, CaseState

#: What a case hands over to the one that takes its place.
_HANDED_ON = (ActionKind.ASSIGN, ActionKind.REPORT, ActionKind.ANSWER, ActionKind.CLOSE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """Who acts on several cases, on which day, with which form; its methods give the
    cases as they are then.
    """

    who: str
    on: date
    idempotency_key: str

    def join(self, case: Case, lead: Case, members: Iterable[Case]) -> list[Case]:
        """Put a case, and the `members` that it gathered itself, into the lead. Raise `NotPossible`."""
        moved = []
        for member in members:
            case = self._does(case, ActionKind.RELEASE, member.id)
            parted = self._does(member, ActionKind.PART, case.id)
            moved.append(self._does(parted, ActionKind.JOIN, lead.id))
            lead = self._does(lead, ActionKind.GATHER, member.id)
        return [
            self._does(case, ActionKind.JOIN, lead.id),
            self._does(lead, ActionKind.GATHER, case.id),
            *moved,
        ]

    def leave(self, case: Case, others: Iterable[Case]) -> list[Case]:
        """Take a case out of its matter, so that each stands by itself again: `others` is the one that it was
        joined to, or all that it gathered. Raise `NotPossible`.
        """
        after = []
        for other in others:
            is_lead = other.id == case.joined_to
            mine, theirs = ActionKind.PART, ActionKind.RELEASE
            if not is_lead:
                mine, theirs = theirs, mine
            after.append(self._does(other, theirs, case.id))
            case = self._does(case, mine, other.id)
        return [case, *after]

    def hand_on(self, lead: Case, members: Iterable[Case], is_said: Callable[[str], bool]) -> list[Case]:
        """A matter whose lead is being erased: its first member takes the lead's place.

        The newest assignment, the unit's report, the answer and the closing are handed over, dated by this
        day, without what repeats the erased words. Nothing comes out where no member has words left.
        """
        left = [one for one in members if not one.is_erased]
        if not left:
            return []
        cases = {one.id: one for one in self.leave(lead, left)}
        heir = self._restated(cases[left[0].id], lead, is_said)
        for member in left[1:]:
            cases[member.id] = self._does(cases[member.id], ActionKind.JOIN, heir.id)
            heir = self._does(heir, ActionKind.GATHER, member.id)
        return list({**cases, heir.id: heir}.values())

    def _restated(self, heir: Case, lead: Case, is_said: Callable[[str], bool]) -> Case:
        """Not by `after`: an erasure must not fail for the number of steps."""
        newest: dict[ActionKind, CaseEvent] = {}
        for event in lead.since_opening():
            action = event.action
            if action.kind is ActionKind.REPORT and ActionKind.ASSIGN in newest:
                # Somebody else's, who had it before.
                continue
            if action.kind in _HANDED_ON and not (is_said(action.subject) or is_said(action.text)):
                newest.setdefault(action.kind, event)
        events = [
            replace(newest[kind], on=self.on, idempotency_key=self.idempotency_key)
            for kind in _HANDED_ON
            if kind in newest
        ]
        if heir.state in (CaseState.ANSWERED, CaseState.CLOSED):
            again = CaseAction(kind=ActionKind.REOPEN)
            events.insert(0, self._event(again))
        return replace(heir, history=(*heir.history, *events))

    def take_from(self, case: Case, is_said: Callable[[str], bool]) -> Case:
        """A case without what repeats the words of a form that was dealt with in it and is being erased; it
        is to be dealt with again if that takes away the answer of those whose words remain.

        Not by `after`: an erasure must not fail for the number of steps.
        """
        after = case.without(is_said)
        if after.answer == case.answer:
            return after
        again = self._event(CaseAction(kind=ActionKind.REOPEN))
        return replace(after, history=(*after.history, again))

    def _does(self, case: Case, kind: ActionKind, other: str) -> Case:
        return case.after(self._event(CaseAction(kind=kind, other=other)))

    def _event(self, action: CaseAction) -> CaseEvent:
        return CaseEvent(action=action, who=self.who, on=self.on, idempotency_key=self.idempotency_key)
