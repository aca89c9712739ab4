"""The desk's pages, for the committee: Vietnamese, without a script, every step a form."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from jinja2 import Environment

from homthu.domain.boxes.box import Box, Reads
from homthu.domain.boxes.questionnaire import say
from homthu.domain.cases import action_form
from homthu.domain.cases.case import MOVES, ActionKind, Answer, AnswerKind, Case, CaseEvent
from homthu.domain.cases.deadline import overdue_days
from homthu.domain.cases.desk import ClosedWeek, Item
from homthu.domain.cases.review import Decision, Review, WithholdReason
from homthu.domain.fields import DeskField
from homthu.domain.week import Week, short_name
from homthu.render.answer_kind import answer_kind
from homthu.render.desk.inputs import DeskMember, DeskMessage, HomePage, ItemPage
from homthu.render.numbers import format_count, format_date, format_dates, format_week
from homthu.render.page.inline import Page
from homthu.render.page.options import PageOptions
from homthu.render.page.shell import Shell
from homthu.render.texts import Texts

_OPTIONS = PageOptions()


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemView:
    """A suggestion in words. `number` tells the forms of one page apart.

    `review` says what readers decided, and `decisions` how often; both only where the member may decide.
    `passed` is the masked version that was let pass.
    """

    id: str
    number: int
    source: str
    text: str
    is_petition: bool
    state: str
    unit: str
    late: str
    do_not_quote: bool
    can_review: bool
    review: str
    decisions: int
    passed: str


@dataclass(frozen=True, kw_only=True, slots=True)
class WeekView:
    """A week that can be chosen."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class StepView:
    """One line of a history; `is_new` is what somebody else did since the member last looked."""

    what: str
    text: str
    is_new: bool


class DeskPages:
    """Makes every page of the desk; equal input gives equal bytes."""

    def __init__(self, texts: Texts, templates: Environment, assets: Mapping[str, bytes]) -> None:
        self._texts = texts
        self._shell = Shell("desk", {texts.language: texts}, templates, assets)

    def ask(self, boxes: Sequence[Box], base_url: str) -> Page:
        """The form that a link is asked for with."""
        box = boxes[0] if len(boxes) == 1 else None
        return self._shell.fill("ask", _OPTIONS, base_url, boxes=boxes, box=box)

    def door(self, box: Box, token: str, base_url: str) -> Page:
        """What a link opens: a button and nothing else, because programs follow links too."""
        return self._shell.fill("door", _OPTIONS, base_url, box=box, token=token)

    def message(self, kind: DeskMessage, base_url: str, fields: Mapping[str, str] | None = None) -> Page:
        """One thing that has to be said; `fields` can be sent again by a button."""
        return self._shell.fill(
            "message", _OPTIONS, base_url, box=None, kind=kind.value, fields=dict(fields or {})
        )

    def home(self, page: HomePage) -> Page:
        """The desk."""
        member, desk = page.member, page.desk
        views = _Views(member, self._texts, page.today)
        shown = len(desk.cases)
        return self._shell.fill(
            "home",
            _OPTIONS,
            page.base_url,
            box=member.box,
            member=member,
            until=format_date(member.until),
            reads=", ".join(self._texts(f"desk.reads.{one}") for one in Reads if one in member.reads),
            decided=views.decided(page.decided) if page.decided else "",
            has_moved=page.has_moved,
            reads_words=Reads.WORDS in member.reads,
            reads_petitions=Reads.PETITIONS in member.reads,
            unread=format_count(desk.unread) if desk.unread else "",
            in_hand=format_count(desk.in_hand),
            overdue=format_count(desk.overdue) if desk.overdue else "",
            left_out=format_count(desk.in_hand - shown) if desk.in_hand > shown else "",
            cases=views.items(desk.cases),
            weeks=[_week_view(one, desk.week, self._texts) for one in desk.weeks],
            week=desk.week and _week_title(desk.week.week, self._texts),
            week_value=str(desk.week.week) if desk.week else "",
            counts=desk.week
            and self._texts(
                "desk.counts" if Reads.PETITIONS in member.reads else "desk.counts_of_all",
                readable=format_count(desk.week.readable),
                petitions=format_count(desk.week.petitions),
            ),
            items=views.items(desk.items),
            petitions=views.items(desk.petitions, first=len(desk.items)),
            page=desk.page,
            has_more=desk.has_more,
            idempotency_key=page.idempotency_key,
        )

    def item(self, page: ItemPage) -> Page:
        """One suggestion with its case and what can be done."""
        member, item = page.member, page.item
        views = _Views(member, self._texts, page.today)
        case = item.case
        possible = case.possible - MOVES if case else frozenset({ActionKind.OPEN})
        problems = {
            problem.field: self._texts(f"desk.problem.{problem.fault}", limit=problem.limit)
            for problem in page.problems
        }
        return self._shell.fill(
            "item",
            _OPTIONS,
            page.base_url,
            box=member.box,
            member=member,
            item=views.item(item),
            seen=len(case.history) if case else 0,
            notices=views.notices(page),
            is_wrong=page.is_review or (page.known is not None and not page.is_done),
            decisions=list(views.decisions(item)),
            reasons=[(one.value, self._texts(f"desk.withhold.{one}")) for one in WithholdReason],
            kinds=[(one.value, self._texts(f"desk.kind.{one}")) for one in AnswerKind],
            steps=list(views.steps(case, page.known)) if case else [],
            answer=_answer_of(case),
            values={
                **dict.fromkeys(action_form.FIELDS, ""),
                **_suggested(case),
                DeskField.MASKED: item.passed or item.text,
                DeskField.WHY: "",
                **page.values,
            },
            problems=problems,
            asks_confirmation=any(p.fault is action_form.ActionFault.PERSONAL for p in page.problems),
            possible={action.value for action in possible},
            moves=sorted(item.moves),
            today=page.today.isoformat(),
            tomorrow=(page.today + timedelta(days=1)).isoformat(),
            limits={
                "unit": action_form.MAX_UNIT,
                "subject": action_form.MAX_SUBJECT,
                "answer": format_count(action_form.MAX_ANSWER),
                "reason": action_form.MAX_REASON,
            },
            week_value=str(item.week),
            idempotency_key=page.idempotency_key,
        )


@dataclass(frozen=True, slots=True)
class _Views:
    """Words suggestions and their histories as they stand on one day."""

    member: DeskMember
    texts: Texts
    today: date

    @property
    def box(self) -> Box:
        return self.member.box

    def items(self, items: Sequence[Item], *, first: int = 0) -> list[ItemView]:
        """Several, numbered on from the first."""
        return [self.item(item, number) for number, item in enumerate(items, first)]

    def item(self, item: Item, number: int = 0) -> ItemView:
        """One suggestion and where its case stands."""
        case = item.case
        assigned = case.assignment if case else None
        can_review = Reads.WORDS in self.member.reads and not item.is_petition
        return ItemView(
            id=item.id,
            number=number,
            source=self._source(item),
            text=item.text,
            is_petition=item.is_petition,
            state=self.texts(f"desk.state.{case.state}") if case else "",
            unit=self.texts("desk.assigned", unit=assigned.text, day=format_date(assigned.due_on))
            if assigned and assigned.due_on
            else "",
            late=self._late(case) if case else "",
            do_not_quote=item.do_not_quote,
            can_review=can_review and not (item.review and item.review.is_erased),
            review=self._review(item.review) if can_review else "",
            decisions=len(item.review.history) if item.review else 0,
            passed=item.passed if can_review and item.passed != item.text else "",
        )

    def _late(self, case: Case) -> str:
        """For how many days it is overdue; empty if it is not."""
        days = overdue_days(case, self.box.deadlines, self.today)
        return self.texts("desk.late", days=format_count(days)) if days else ""

    def _review(self, review: Review | None) -> str:
        """What holds now of what readers decided."""
        return self._decided(review.decision) if review else self.texts("desk.review.unread")

    def _decided(self, decision: Decision) -> str:
        if decision.reason is None:
            return self.texts(f"desk.review.{decision.kind}")
        return self.texts("desk.review.withheld", reason=self.texts(f"desk.withhold.{decision.reason}"))

    def decided(self, review: Review) -> str:
        """What the member has just decided, by the suggestion's name."""
        name = short_name(review.week, review.number)
        return self.texts("desk.review.done", name=name, decision=self._decided(review.decision))

    def decisions(self, item: Item) -> Iterator[str]:
        """Every decision about a text, oldest first, for those who may decide."""
        if Reads.WORDS not in self.member.reads or item.review is None:
            return
        for event in item.review.history:
            day, decision = format_date(event.on), self._decided(event.decision)
            yield self.texts("desk.review.step", day=day, who=event.who, decision=decision)

    def _source(self, item: Item) -> str:
        """What it is called, its week, and its place and service as far as they are shown."""
        named = self.texts("desk.named", name=item.name) if item.name else ""
        parts = [
            named or self.texts("desk.of", week=format_week(item.week)),
            self._place(item.place) if item.place else "",
            self._service(item.service) if item.service else "",
        ]
        if not item.place:
            parts.append(self.texts("desk.unnamed"))
        return " ".join(f"{part}." for part in parts if part)

    def steps(self, case: Case, known: int | None) -> Iterator[StepView]:
        """The history, oldest first."""
        for number, step in enumerate(case.history):
            yield StepView(
                what=self.texts(f"desk.step.{step.action.kind}", who=step.who, day=format_date(step.on)),
                text=self._step_text(step),
                is_new=known is not None and number >= known,
            )

    def notices(self, page: ItemPage) -> list[str]:
        """What became of the form that was sent, and what others did meanwhile; nothing without one."""
        if page.is_review:
            key = "problems" if page.problems else "reviewed"
            return [self.texts(f"desk.notice.{key}")]
        if page.known is None:
            return []
        history = page.item.case.history if page.item.case else ()
        is_news = len(history) > page.known
        said = []
        if page.is_done:
            said.append(self._notice("done", history[page.known - 1]))
        if is_news and page.is_done:
            said.append(self._notice("changed", history[-1]))
        # Not done, though nothing that was typed is wrong: somebody was quicker.
        elif history and not page.is_done and (is_news or not page.problems):
            said.append(self._notice("overtaken", history[-1]))
        if page.problems:
            said.append(self.texts("desk.notice.problems"))
        return said

    def _notice(self, key: str, step: CaseEvent) -> str:
        return self.texts(f"desk.notice.{key}", who=step.who, day=format_date(step.on))

    def _step_text(self, step: CaseEvent) -> str:
        action = step.action
        if action.kind is ActionKind.ASSIGN and action.due_on:
            return self.texts("desk.assigned", unit=action.text, day=format_date(action.due_on))
        if action.answer_kind:
            kind = answer_kind(Answer.of(step), self.texts, prefix="desk.answer_kind")
            return f"{action.subject}\n{kind}: {action.text}"
        return f"{action.subject}\n{action.text}".strip()

    def _place(self, code: str) -> str:
        place = self.box.place(code)
        if place is None:
            return self.texts("desk.gone_place", code=code)
        if not place.former_ward:
            return place.name
        return self.texts("desk.former", place=place.name, former=place.former_ward)

    def _service(self, id: str) -> str:
        services = {option.id: option for option in self.box.questionnaire.services}
        return say(services[id].label, "vi") if id in services else self.texts("desk.no_service")


def _week_title(week: Week, texts: Texts) -> str:
    return texts("desk.week", week=format_week(week), dates=format_dates(week.monday, week.sunday))


def _week_view(week: Week, chosen: ClosedWeek | None, texts: Texts) -> WeekView:
    is_chosen = chosen is not None and week == chosen.week
    return WeekView(value=str(week), label=_week_title(week, texts), is_chosen=is_chosen)


def _answer_of(case: Case | None) -> Answer | None:
    return case.answer if case else None


def _suggested(case: Case | None) -> dict[str, str]:
    """What a form holds before anything is typed: the answer to be corrected, the unit to go on."""
    answer, assigned = _answer_of(case), case.assignment if case else None
    given: dict[str, str] = (
        {}
        if answer is None
        else {
            action_form.SUBJECT: answer.subject,
            action_form.ANSWER: answer.text,
            action_form.KIND: str(answer.kind or AnswerKind.DONE),
            action_form.PROMISED: answer.by.isoformat() if answer.by else "",
            action_form.PASSED_TO: answer.passed_to,
        }
    )
    return {
        **given,
        **({action_form.UNIT: assigned.text} if assigned else {}),
    }
