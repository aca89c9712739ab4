"""The desk as a unit sees it: its link opens one case, and takes its report of what was done."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response

from homthu.domain.boxes.box import MAX_ANSWER
from homthu.domain.cases.action_form import ActionFault, ActionProblem
from homthu.domain.cases.case import ActionKind, CaseAction, NotPossible
from homthu.domain.fields import DeskField
from homthu.domain.submissions.reference import is_key, make_key
from homthu.domain.text import clean
from homthu.domain.week import local_date
from homthu.http.desk_door import DeskDoor
from homthu.http.desk_fields import number_in
from homthu.http.parts import DeskParts
from homthu.http.request import RequestRefused
from homthu.http.responses import page_response
from homthu.log import log
from homthu.render.desk.inputs import DeskMessage
from homthu.render.desk.unit_pages import UnitPage
from homthu.render.page.inline import Page
from homthu.services.cases import Overtaken, act_on_case
from homthu.services.unit_access import UnitTask, is_genuine, open_unit_pass

#: The fields of each form, by the last part of its address.
UNIT_FIELDS = {
    "viec": frozenset({DeskField.PASS}),
    "bao": frozenset({DeskField.PASS, DeskField.ONCE, DeskField.SEEN, DeskField.ANSWER}),
}


@dataclass(frozen=True, slots=True)
class DeskUnit:
    """The answers to a unit's pass."""

    parts: DeskParts

    @property
    def door(self) -> DeskDoor:
        """Answers every invalid pass alike."""
        return DeskDoor(self.parts)

    def open(self, token: str) -> Response:
        """What a unit's link leads to."""
        pages, base_url = self.parts.desk_pages, self.parts.base_url
        return self.door.behind_link(
            lambda: self._task(token),
            lambda _: pages.unit_door(token, base_url),
            denied=DeskMessage.UNIT_DENIED,
        )

    def work(self, form: str, fields: Mapping[str, str]) -> Response:
        """Show the case, or take a report about it."""
        task = self._task(fields.get(DeskField.PASS, ""))
        if task is None:
            return self._given_back(fields)
        if set(fields) - UNIT_FIELDS[form]:
            raise RequestRefused(400)
        if form == "viec":
            return page_response(self._page(task, fields))
        return self._report(task, fields)

    def _report(self, task: UnitTask, fields: Mapping[str, str]) -> Response:
        seen, once = fields.get(DeskField.SEEN, ""), fields.get(DeskField.ONCE, "")
        step = number_in(seen)
        if not is_key(once):
            raise RequestRefused(400)
        text = clean(fields.get(DeskField.ANSWER, ""))
        if problem := _problem(text):
            return page_response(self._page(task, fields, typed=text, problem=problem), 422)
        try:
            act_on_case(
                self.parts.cases,
                ward=task.box.ward.code,
                id=task.case.id,
                seen=step,
                action=CaseAction(kind=ActionKind.REPORT, text=text),
                who=task.unit.name,
                on=local_date(self.parts.clock()),
                idempotency_key=once,
            )
        except Overtaken:
            log("unit_overtaken", ward=task.box.ward.code)
            return self._again(fields, text)
        except NotPossible:
            raise RequestRefused(400) from None
        log("unit_reported", ward=task.box.ward.code)
        newest = self._task(fields[DeskField.PASS])
        return page_response(self._page(newest, fields, notice="done")) if newest else self._denied()

    def _again(self, fields: Mapping[str, str], text: str) -> Response:
        """The case in its current state, with what was typed."""
        newest = self._task(fields[DeskField.PASS])
        if newest is None:
            return self._given_back(fields)
        return page_response(self._page(newest, fields, notice="overtaken", typed=text), 409)

    def _page(
        self,
        task: UnitTask,
        fields: Mapping[str, str],
        *,
        notice: str = "",
        typed: str = "",
        problem: ActionProblem | None = None,
    ) -> Page:
        parts = self.parts
        return parts.desk_pages.unit(
            UnitPage(
                box=task.box,
                unit=task.unit.name,
                case=task.case,
                words=task.words,
                token=fields[DeskField.PASS],
                today=local_date(parts.clock()),
                idempotency_key=make_key(parts.random_bytes(16)),
                base_url=parts.base_url,
                notice=notice,
                typed=typed,
                problems=(problem,) if problem else (),
            )
        )

    def _task(self, token: str) -> UnitTask | None:
        parts = self.parts
        return open_unit_pass(parts.desk_seal, parts.boxes, parts.finder, parts.cases, parts.reviews, token)

    def _given_back(self, fields: Mapping[str, str]) -> Response:
        """What was typed about a case that is no longer the unit's; nothing where it never was."""
        is_theirs = is_genuine(self.parts.desk_seal, fields.get(DeskField.PASS, ""))
        return self._denied(clean(fields.get(DeskField.ANSWER, "")) if is_theirs else "")

    def _denied(self, typed: str = "") -> Response:
        return self.door.message(DeskMessage.UNIT_DENIED, 403, typed)


def _problem(text: str) -> ActionProblem | None:
    if not text:
        return ActionProblem(field=DeskField.ANSWER, fault=ActionFault.REQUIRED)
    if len(text) > MAX_ANSWER:
        return ActionProblem(field=DeskField.ANSWER, fault=ActionFault.TOO_LONG, limit=MAX_ANSWER)
    return None
