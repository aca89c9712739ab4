"""The desk's pages, for the committee: Vietnamese, without a script, every step a form."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from jinja2 import Environment

from homthu.domain.boxes.box import MAX_ANSWER, Box, Reads
from homthu.domain.boxes.directory import Choice, ListedWard, Listing
from homthu.domain.cases import action_form
from homthu.domain.cases.case import MOVES, ActionKind, Answer, AnswerKind, Case
from homthu.domain.cases.desk import MAX_IN_HAND
from homthu.domain.cases.review import WithholdReason
from homthu.domain.fields import MOST_MARKS, DeskField
from homthu.render.desk.inputs import DeskMessage, HomePage, ItemPage, MatterPage
from homthu.render.desk.unit_pages import UnitPages
from homthu.render.desk.views import Views, week_title
from homthu.render.numbers import format_count, format_date
from homthu.render.page.directory_view import directory_path, directory_view
from homthu.render.page.inline import Page
from homthu.render.page.options import PageOptions
from homthu.render.page.shell import Shell
from homthu.render.texts import Texts

_OPTIONS = PageOptions()
_DESK = "/xu-ly"


class DeskPages(UnitPages):
    """Makes every page of the desk; equal input gives equal bytes."""

    def __init__(self, texts: Texts, templates: Environment, assets: Mapping[str, bytes]) -> None:
        self._texts = texts
        self._shell = Shell("desk", {texts.language: texts}, templates, assets)

    def ask(self, box: Box | None, wards: Sequence[ListedWard], base_url: str) -> Page:
        """The form to ask for a link with: for this ward, or for one of these."""
        return self._shell.fill("ask", _OPTIONS, base_url, wards=wards, box=box)

    def wards(self, listing: Listing, base_url: str) -> Page:
        """The wards to choose from, where they are too many for that form."""
        directory = directory_view(
            listing,
            _OPTIONS,
            self._shell.texts(_OPTIONS),
            path=_DESK,
            ward_address=lambda code: directory_path(_DESK, Choice(ward=code), _OPTIONS),
        )
        return self._shell.fill("wards", _OPTIONS, base_url, directory=directory, box=None)

    def door(self, box: Box, token: str, base_url: str) -> Page:
        """What a link opens: a button and nothing else, because programs follow links too."""
        return self._shell.fill("door", _OPTIONS, base_url, box=box, token=token)

    def message(
        self,
        kind: DeskMessage,
        base_url: str,
        fields: Mapping[str, str] | None = None,
        form: str = "",
        typed: str = "",
    ) -> Page:
        """A page with one message; the `fields` of a form can be sent again by a button, and what was `typed`
        and not used can be copied.
        """
        return self._shell.fill(
            "message",
            _OPTIONS,
            base_url,
            box=None,
            kind=kind.value,
            fields=dict(fields or {}),
            form=form,
            typed=typed,
        )

    def home(self, page: HomePage) -> Page:
        """The desk."""
        member, desk = page.member, page.desk
        views = Views(member, self._texts, page.today)
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
            types=bool(member.box.target) and Reads.FIGURES in member.reads,
            reads_words=Reads.WORDS in member.reads,
            reads_petitions=Reads.PETITIONS in member.reads,
            unread=format_count(desk.unread) if desk.unread else "",
            open_count=desk.open_count,
            done_count=desk.done_count,
            overdue=format_count(desk.overdue) if desk.overdue else "",
            columns=views.columns(desk),
            most=MAX_IN_HAND,
            most_marks=MOST_MARKS,
            wanted=page.search.values,
            choices=views.choices(desk),
            week=desk.week and week_title(desk.week.week, self._texts),
            week_value=str(desk.week.week) if desk.week else "",
            counts=desk.week
            and self._texts(
                "desk.counts" if Reads.PETITIONS in member.reads else "desk.counts_of_all",
                readable=format_count(desk.week.readable),
                petitions=format_count(desk.week.petitions),
            ),
            page=".".join(page.pages),
            next_page=".".join(page.next_pages),
            previous_page=".".join(page.pages[:-1]),
            idempotency_key=page.idempotency_key,
        )

    def printed(self, page: HomePage) -> Page:
        """The list to be printed: possible petitions appear on no paper."""
        member = page.member
        columns = Views(member, self._texts, page.today).columns(page.desk)
        return self._shell.fill(
            "printed",
            _OPTIONS,
            page.base_url,
            box=member.box,
            member=member,
            today=format_date(page.today),
            columns=columns,
        )

    def matter(self, page: MatterPage) -> Page:
        """The choice which of several suggestions leads: the one in hand, if any."""
        views = Views(page.member, self._texts, page.today)
        items = views.numbered(page.items)
        lead = next((item for item in items if item.state), items[0] if items else None)
        return self._shell.fill(
            "matter",
            _OPTIONS,
            page.base_url,
            box=page.member.box,
            member=page.member,
            items=items,
            lead=lead,
            is_late=page.is_late,
            idempotency_key=page.idempotency_key,
        )

    def item(self, page: ItemPage) -> Page:
        """One suggestion with its case and what can be done."""
        member, item = page.member, page.item
        views = Views(member, self._texts, page.today)
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
            theme=views.theme(item),
            themes=views.themes(),
            reasons=[(one.value, self._texts(f"desk.withhold.{one}")) for one in WithholdReason],
            kinds=[(one.value, self._texts(f"desk.kind.{one}")) for one in AnswerKind],
            steps=list(views.steps(case, page.known)) if case else [],
            answer=_answer_of(case),
            verdicts=[
                {
                    "what": self._texts(
                        "desk.verdict.step",
                        day=format_date(day),
                        verdict=self._texts(f"desk.verdict.{kind}"),
                    ),
                    "text": words,
                }
                for kind, day, words in page.verdicts
            ],
            values={
                **dict.fromkeys(action_form.FIELDS, ""),
                **_suggested(case, member.box, page.today),
                DeskField.MASKED: item.passed or item.text,
                DeskField.WHY: "",
                **page.values,
            },
            problems=problems,
            asks_confirmation=any(p.fault is action_form.ActionFault.PERSONAL for p in page.problems),
            possible={action.value for action in possible},
            moves=sorted(item.moves),
            templates=[one.name for one in member.box.answers],
            matter=views.numbered(page.matter),
            is_joined=bool(case and case.joined_to),
            earlier=list(views.earlier(page.earlier)),
            today=page.today.isoformat(),
            tomorrow=(page.today + timedelta(days=1)).isoformat(),
            limits={
                "unit": action_form.MAX_UNIT,
                "subject": action_form.MAX_SUBJECT,
                "answer": format_count(MAX_ANSWER),
                "reason": action_form.MAX_REASON,
            },
            week_value=str(item.week),
            idempotency_key=page.idempotency_key,
        )


def _answer_of(case: Case | None) -> Answer | None:
    return case.answer if case else None


def _suggested(case: Case | None, box: Box, today: date) -> dict[str, str]:
    """What a form holds before anything is typed: the answer to be corrected or what the unit says that it
    did, the unit to go on, and the last day that the ward allows itself."""
    if case is None:
        return {}
    held: dict[str, str] = {action_form.DUE: max(today, box.deadlines.answer_by(case.since)).isoformat()}
    if assigned := case.assignment:
        field = action_form.UNIT if box.unit(assigned.text) or not box.units else action_form.OTHER_UNIT
        held[field] = assigned.text
    if report := case.unit_report:
        held |= {action_form.ANSWER: report.action.text, action_form.KIND: AnswerKind.DONE.value}
    if answer := case.answer:
        held |= {
            action_form.SUBJECT: answer.subject,
            action_form.ANSWER: answer.text,
            action_form.KIND: str(answer.kind or AnswerKind.DONE),
            action_form.PROMISED: answer.by.isoformat() if answer.by else "",
            action_form.PASSED_TO: answer.passed_to,
        }
    return held
