"""What a unit sees of the desk: the one case that was assigned to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from homthu.domain.boxes.box import MAX_ANSWER, Box
from homthu.domain.cases.action_form import ActionProblem
from homthu.domain.cases.case import ActionKind, Case
from homthu.domain.week import short_name
from homthu.render.numbers import format_count, format_date
from homthu.render.page.inline import Page
from homthu.render.page.options import PageOptions
from homthu.render.page.shell import Shell
from homthu.render.texts import Texts

_OPTIONS = PageOptions()


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitPage:
    """One case: `words` as the unit may read them, `notice` the result of the form that was sent, and `typed`
    what is given back with it.
    """

    box: Box
    unit: str
    case: Case
    words: str
    token: str
    today: date
    idempotency_key: str
    base_url: str
    notice: str = ""
    typed: str = ""
    problems: Sequence[ActionProblem] = field(default=())


class UnitPages:
    """Makes them with the tools of the desk's pages."""

    _texts: Texts
    _shell: Shell

    def unit_door(self, token: str, base_url: str) -> Page:
        """What a unit's link opens: a button and nothing else, because programs follow links too."""
        return self._shell.fill("unit_door", _OPTIONS, base_url, box=None, token=token)

    def unit(self, page: UnitPage) -> Page:
        """The case, and the form that says what was done."""
        case, texts = page.case, self._texts
        due = case.assignment.due_on if case.assignment else None
        days = (page.today - due).days if due else 0
        name = short_name(case.week, case.number)
        problems: Mapping[str, str] = {
            one.field: texts(f"desk.problem.{one.fault}", limit=one.limit) for one in page.problems
        }
        return self._shell.fill(
            "unit",
            _OPTIONS,
            page.base_url,
            box=page.box,
            unit=page.unit,
            title=texts("desk.named", name=name) if name else texts("desk.task.title"),
            due=texts("desk.task.due", day=format_date(due)) if due else "",
            late=texts("desk.late", days=format_count(days)) if days > 0 and not case.unit_report else "",
            words=page.words,
            reports=[
                {"what": texts("desk.task.step", day=format_date(event.on)), "text": event.action.text}
                for event in case.history[case.assigned_at or 0 :]
                if event.action.kind is ActionKind.REPORT
            ],
            notice=texts(f"desk.task.{page.notice}") if page.notice else "",
            is_wrong=page.notice == "overtaken",
            token=page.token,
            seen=len(case.history),
            typed=page.typed,
            problems=problems,
            limit=format_count(MAX_ANSWER),
            idempotency_key=page.idempotency_key,
        )
