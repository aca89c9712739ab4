"""Formats suggestions, their cases and the decisions about them for the desk's pages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from homthu.domain.boxes.box import Box, Reads
from homthu.domain.boxes.questionnaire import say
from homthu.domain.cases.case import ActionKind, Answer, Case, CaseEvent
from homthu.domain.cases.deadline import overdue_days
from homthu.domain.cases.desk import Desk, Item
from homthu.domain.cases.desk_search import STATES
from homthu.domain.cases.review import Decision, Review, ReviewKind
from homthu.domain.fields import DeskField
from homthu.domain.reports.themes import OTHER, UNKNOWN, ThemeFinder
from homthu.domain.week import Week, short_name
from homthu.render.answers import answer_kind
from homthu.render.desk.inputs import DeskMember, ItemPage
from homthu.render.numbers import format_count, format_date, format_dates, format_week
from homthu.render.texts import Texts


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemView:
    """A suggestion as displayed. `number` tells the forms of one page apart.

    `review` says what readers decided, and `decisions` how often; both only where the member may decide.
    `passed` is the masked version that was passed on.
    """

    id: str
    number: int
    title: str
    source: str
    where: str
    seen: int
    recurs: bool
    can_join: bool
    text: str
    is_petition: bool
    state: str
    unit: str
    late: str
    returned: str
    do_not_quote: bool
    can_review: bool
    review: str
    decisions: int
    passed: str


@dataclass(frozen=True, kw_only=True, slots=True)
class EarlierView:
    """An answered case that may have come back."""

    id: str
    title: str
    subject: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """One list of the desk."""

    title: str
    items: Sequence[ItemView]


@dataclass(frozen=True, kw_only=True, slots=True)
class StepView:
    """One line of a history; `is_new` is what somebody else did since the member last looked."""

    what: str
    text: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class Views:
    """Formats suggestions and their histories as of one day."""

    member: DeskMember
    texts: Texts
    today: date

    @property
    def box(self) -> Box:
        """The member's box."""
        return self.member.box

    def columns(self, desk: Desk) -> dict[str, Column]:
        """The lists of the desk by name, their forms numbered consecutively."""
        lists = {
            "new": (desk.new, format_count(len(desk.new)) + ("+" if desk.next_after else "")),
            "petitions": (desk.petitions, format_count(len(desk.petitions))),
            "in_hand": (desk.in_hand, format_count(desk.open_count)),
            "done": (desk.done, format_count(desk.done_count)),
            "praise": (desk.praise, format_count(len(desk.praise))),
            "others": (desk.others, format_count(len(desk.others))),
        }
        columns, first = {}, 0
        for name, (items, count) in lists.items():
            views = self.numbered(items, first)
            columns[name] = Column(title=self.texts(f"desk.column.{name}", n=count), items=views)
            first += len(views)
        return columns

    def numbered(self, items: Sequence[Item], first: int = 0) -> list[ItemView]:
        """Several suggestions, numbered from the first."""
        return [self.item(item, number) for number, item in enumerate(items, first)]

    def choices(self, desk: Desk) -> dict[str, list[tuple[str, str]]]:
        """The choices of the search: values and labels, by the name of the field."""
        questionnaire = self.box.questionnaire
        return {
            DeskField.WEEK: [(str(week), week_title(week, self.texts)) for week in desk.weeks],
            DeskField.PLACE: [(place.code, self._place(place.code)) for place in self.box.places],
            DeskField.SERVICE: [(one.id, say(one.label, "vi")) for one in questionnaire.services],
            DeskField.STATE: [(one, self.texts(f"desk.wanted.{one}")) for one in STATES],
            DeskField.FOR_UNIT: [(unit, unit) for unit in desk.units],
            DeskField.ABOUT: self.themes(),
        }

    def earlier(self, cases: Sequence[Case]) -> Iterator[EarlierView]:
        """Answered cases as their public answers tell them."""
        for case in cases:
            if answer := case.public_answer:
                name = short_name(case.week, case.number) or format_week(case.week)
                told = self.texts("desk.recur.answered", name=name, day=format_date(answer.on))
                yield EarlierView(id=case.id, title=told, subject=answer.subject, text=answer.text)

    def _title(self, item: Item) -> str:
        """What it is called, and how many forms say it."""
        named = self.texts("desk.named", name=item.name) if item.name else ""
        title = named or self.texts("desk.of", week=format_week(item.week))
        forms = item.case.forms if item.case else 1
        return title if forms == 1 else self.texts("desk.forms", title=title, n=format_count(forms))

    def item(self, item: Item, number: int = 0) -> ItemView:
        """One suggestion and where its case stands."""
        case = item.case
        assigned = case.assignment if case else None
        can_review = Reads.WORDS in self.member.reads and bool(item.text) and not item.is_petition
        return ItemView(
            id=item.id,
            number=number,
            title=self._title(item),
            source=self._source(item),
            where=self._where(item),
            seen=len(case.history) if case else 0,
            recurs=bool(case and case.recurs_from),
            can_join=item.can_join,
            text=item.text or self.texts("board.state.expired"),
            is_petition=item.is_petition,
            state=self._state(item, case) if case else "",
            unit=self.texts("desk.assigned", unit=assigned.text, day=format_date(assigned.due_on))
            if assigned and assigned.due_on
            else "",
            late=self._late(case) if case else "",
            returned=self.texts("desk.returned", day=format_date(item.returned_on))
            if item.returned_on
            else "",
            do_not_quote=item.do_not_quote,
            can_review=can_review and not (item.review and item.review.is_erased),
            review=self._review(item.review) if can_review else "",
            decisions=len(item.review.history) if item.review else 0,
            passed=item.passed if can_review and item.passed != item.text else "",
        )

    def _state(self, item: Item, case: Case) -> str:
        """Where it stands, and who has to act."""
        if item.is_denied:
            return self.texts("desk.denied")
        return self.texts("desk.unit_done" if case.unit_report else f"desk.state.{case.state}")

    def _late(self, case: Case) -> str:
        """How many days it is overdue; empty if it is not."""
        days = overdue_days(case, self.box.deadlines, self.today)
        return self.texts("desk.late", days=format_count(days)) if days else ""

    def _review(self, review: Review | None) -> str:
        """The decision of the readers that holds."""
        decision = review.decision if review else None
        return self._decided(decision) if decision else self.texts("desk.review.unread")

    def theme(self, item: Item) -> str:
        """What the text is about, and who says so."""
        if said := item.review.theme if item.review else "":
            return self.texts("desk.theme.said", theme=self._theme(said))
        found = ThemeFinder(self.box.questionnaire.themes).suggested(item.text)
        return self.texts("desk.theme.suggested", theme=self._theme(found))

    def themes(self) -> list[tuple[str, str]]:
        """The themes to choose from; empty where the questionnaire has none."""
        ids = [one.id for one in self.box.questionnaire.themes]
        return [(id, self._theme(id)) for id in (*ids, OTHER)] if ids else []

    def _theme(self, id: str) -> str:
        known = {one.id: say(one.label, self.texts.language) for one in self.box.questionnaire.themes}
        return known.get(id) or self.texts("desk.theme.unknown" if id == UNKNOWN else "desk.theme.other")

    def _decided(self, decision: Decision) -> str:
        if decision.kind is ReviewKind.THEME:
            return self.texts("desk.theme.said", theme=self._theme(decision.theme))
        if decision.reason is None:
            return self.texts(f"desk.review.{decision.kind}")
        return self.texts("desk.review.withheld", reason=self.texts(f"desk.withhold.{decision.reason}"))

    def decided(self, review: Review) -> str:
        """What the member has just decided, with the suggestion's name."""
        name = short_name(review.week, review.number)
        return self.texts("desk.review.done", name=name, decision=self._decided(review.newest.decision))

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
        return f"{named or self.texts('desk.of', week=format_week(item.week))}. {self._where(item)}"

    def _where(self, item: Item) -> str:
        """Its place and service as far as they are shown."""
        parts = [
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
        """The result of the form that was sent, and what others did meanwhile; empty without a form."""
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
        # Not done although nothing typed is wrong: somebody was quicker.
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


def week_title(week: Week, texts: Texts) -> str:
    """A week by its number and its days."""
    return texts("desk.week", week=format_week(week), dates=format_dates(week.monday, week.sunday))
