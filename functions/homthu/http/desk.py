"""`desk`: the committee's side. A link opens it, every step is a POST, and no cookie is ever set.

The pass travels in the body of each form. A GET shows a form or a button and changes nothing; it
never shows what a citizen wrote, because mail scanners and chats follow links.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import Request, Response

from homthu.domain.boxes.box import Reads
from homthu.domain.cases.action_form import DECISION_FIELDS, ActionProblem, read_action, read_decision
from homthu.domain.cases.action_form import FIELDS as ACTION_FIELDS
from homthu.domain.cases.case import MOVES, ActionKind, NotPossible
from homthu.domain.cases.desk_search import DeskSearch
from homthu.domain.cases.matter import Actor
from homthu.domain.cases.review import NotReviewable, Review, ReviewKind
from homthu.domain.fields import DeskField
from homthu.domain.reports.themes import theme_ids
from homthu.domain.submissions.reference import is_key, make_key
from homthu.domain.text import clean
from homthu.domain.week import local_date
from homthu.http.desk_door import METHODS, DeskDoor
from homthu.http.desk_fields import FIELDS, NOT_HERE, number_in, pages_in
from homthu.http.desk_matters import DeskMatters
from homthu.http.desk_read import (
    desk_for,
    judgements_of,
    matter_of,
    read_for,
    returned,
    said_in,
    shown_member,
)
from homthu.http.desk_rekey import REKEY_FIELDS, DeskRekey
from homthu.http.desk_unit import UNIT_FIELDS, DeskUnit
from homthu.http.errors import Handler, guard
from homthu.http.parts import DeskParts
from homthu.http.request import RequestRefused, check_request, is_cross_site, read_form
from homthu.http.responses import empty, page_response
from homthu.log import log
from homthu.ports import StoreUnavailable
from homthu.render.desk.inputs import DeskMessage, HomePage, ItemPage
from homthu.render.mail.desk_link import DESK
from homthu.render.page.inline import Page
from homthu.services.access import CLERK_DOOR, Member, open_pass
from homthu.services.cases import NoSuchSuggestion, Overtaken, act_on_case, open_case
from homthu.services.matters import part_case
from homthu.services.move_text import move_text
from homthu.services.recur import answered_before, recur_case
from homthu.services.review import ReviewedMeanwhile, review_text
from homthu.services.unit_mails import UNIT_DOOR, tell_unit


def make(parts: DeskParts) -> Handler:
    """The function, built from its parts."""
    return guard("desk", parts, _Desk(parts).answer)


@dataclass(frozen=True, slots=True)
class _Desk:
    parts: DeskParts

    @property
    def door(self) -> DeskDoor:
        return DeskDoor(self.parts)

    def answer(self, request: Request) -> Response:
        rest = request.path.removeprefix(DESK).strip("/")
        if not rest:
            return self.door.entrance(request)
        is_form = any(rest in forms for forms in (FIELDS, UNIT_FIELDS, REKEY_FIELDS))
        if is_form and request.method == "POST":
            return self._work(request, rest)
        check_request(request, ("POST",) if is_form and request.method not in METHODS else METHODS)
        if request.method == "OPTIONS":
            return empty(allow=("POST", "OPTIONS") if is_form else METHODS)
        for door, made in ((UNIT_DOOR, DeskUnit), (CLERK_DOOR, DeskRekey)):
            if (token := request.path.removeprefix(f"{door}/")) != request.path:
                return made(self.parts).open(token)
        # The address of a form, opened again, has no pass: it is answered like any wrong link.
        return self.door.open(rest)

    def _work(self, request: Request, form: str) -> Response:
        """One step at the desk: the pass first, then everything by the pass's ward."""
        check_request(request, ("POST",))
        if is_cross_site(request, self.parts.base_url):
            return self.door.denied()
        fields = read_form(request)
        steps: Mapping[str, Callable[[Member, Mapping[str, str]], Response]] = {
            "ban": self._home,
            "in": self._list,
            "phieu": self._look,
            "lam": self._act,
            "duyet": self._review,
            "gop": self._join,
            "mau": self._begin_answer,
        }
        try:
            if form in UNIT_FIELDS:
                return DeskUnit(self.parts).work(form, fields)
            if form in REKEY_FIELDS:
                return DeskRekey(self.parts).work(form, fields)
            member = open_pass(self.door.passes, fields.get(DeskField.PASS, ""))
            if member is None:
                return self.door.denied()
            if set(fields) - FIELDS[form]:
                raise RequestRefused(400)
            return steps[form](member, fields)
        except NoSuchSuggestion:
            return self.door.message(DeskMessage.MISSING, 404)
        except StoreUnavailable as unavailable:
            return self.door.busy(unavailable, fields, form)

    def _list(self, member: Member, fields: Mapping[str, str]) -> Response:
        """What is new, in hand and done as one list for a meeting, without possible petitions."""
        search = DeskSearch.of(fields)
        page = HomePage(
            member=shown_member(member, fields),
            desk=desk_for(self.parts, member, fields, search),
            search=search,
            today=local_date(self.parts.clock()),
            idempotency_key="",
            base_url=self.parts.base_url,
        )
        return page_response(self.parts.desk_pages.printed(page))

    def _home(
        self,
        member: Member,
        fields: Mapping[str, str],
        *,
        decided: Review | None = None,
        has_moved: bool = False,
    ) -> Response:
        parts, search = self.parts, DeskSearch.of(fields)
        pages = pages_in(fields.get(DeskField.PAGE, ""))
        desk = desk_for(parts, member, fields, search, pages)
        page = HomePage(
            member=shown_member(member, fields),
            desk=desk,
            pages=pages,
            search=search,
            decided=decided,
            has_moved=has_moved,
            today=local_date(parts.clock()),
            idempotency_key=make_key(parts.random_bytes(16)),
            base_url=parts.base_url,
        )
        return page_response(parts.desk_pages.home(page))

    def _look(self, member: Member, fields: Mapping[str, str]) -> Response:
        return page_response(self._item(member, fields))

    def _act(self, member: Member, fields: Mapping[str, str]) -> Response:
        """Do what a form says, and show the result, and what others did meanwhile.

        The form carries how many steps its page showed; every page that follows is made from the current
        case, and tells those steps apart from the new ones.
        """
        kind = next((one for one in ActionKind if one == fields.get(DeskField.ACTION)), None)
        if kind is None or not is_key(fields.get(DeskField.ONCE, "")):
            raise RequestRefused(400)
        seen = number_in(fields.get(DeskField.SEEN, "0"))
        try:
            problems = self._do(member, fields, kind, seen)
        except Overtaken:
            log("desk_overtaken", ward=member.ward, action=kind.value)
            return page_response(self._item(member, fields, known=seen), 409)
        except NotPossible:
            raise RequestRefused(400) from None
        if problems:
            return page_response(self._item(member, fields, known=seen, problems=problems), 422)
        log("desk_done", ward=member.ward, action=kind.value)
        try:
            return page_response(self._item(member, fields, is_done=True))
        except NoSuchSuggestion:
            # It was moved to those who read petitions, and this member does not.
            return self._home(member, fields, has_moved=True)

    def _do(
        self, member: Member, fields: Mapping[str, str], kind: ActionKind, seen: int
    ) -> tuple[ActionProblem, ...]:
        """Open a case, or act on an existing one, unless something typed has to be corrected first."""
        parts, id, idempotency_key = self.parts, fields.get(DeskField.ITEM, ""), fields[DeskField.ONCE]
        # Members can do nothing about what they may not read.
        read_for(self.parts, member, id)
        if kind in NOT_HERE:
            raise NotPossible(kind)
        ward, who, today = member.ward, member.recipient.name, local_date(parts.clock())
        if kind is ActionKind.OPEN:
            open_case(
                parts.finder,
                parts.cases,
                parts.boxes.signs,
                ward=ward,
                id=id,
                who=who,
                on=today,
                idempotency_key=idempotency_key,
            )
            return ()
        if kind in MOVES:
            move_text(
                parts.finder,
                parts.cases,
                parts.boxes.signs,
                ward=ward,
                id=id,
                seen=seen,
                move=kind,
                who=who,
                on=today,
                idempotency_key=idempotency_key,
            )
            return ()
        by = Actor(who=who, on=today, idempotency_key=idempotency_key)
        if kind is ActionKind.RECUR:
            of, signs = fields.get(DeskField.LEAD, ""), parts.boxes.signs
            recur_case(parts.finder, parts.cases, signs, ward=ward, id=id, of=of, seen=seen, by=by)
            return ()
        if kind is ActionKind.PART:
            part_case(parts.cases, ward=ward, id=id, seen=seen, by=by)
            return ()
        case = parts.cases.case(id)
        for said in said_in(parts, member, id, case):
            has_answer = bool(case and case.answer)
            action, problems = read_action(kind, fields, today=today, said=said, has_answer=has_answer)
            if problems:
                break
        # What was done once is not wrong the second time, even if its day has passed since.
        if problems and not (case and case.has(idempotency_key, action)):
            return problems
        case = act_on_case(
            parts.cases,
            ward=ward,
            id=id,
            seen=seen,
            action=action,
            who=who,
            on=today,
            idempotency_key=idempotency_key,
        )
        if kind is ActionKind.ASSIGN:
            tell_unit(parts.unit_post, member.box, case)
        return ()

    def _item(
        self,
        member: Member,
        fields: Mapping[str, str],
        *,
        known: int | None = None,
        is_done: bool = False,
        is_review: bool = False,
        is_draft: bool = False,
        problems: Sequence[ActionProblem] = (),
    ) -> Page:
        """The page of one suggestion: opened anew, or after a form whose sender had seen this many steps, or
        which was done. What was typed is kept unless it was done; `is_review` if it was a decision,
        `is_draft` if nothing was to be done yet."""
        parts = self.parts
        item = returned(self.parts, read_for(self.parts, member, fields.get(DeskField.ITEM, "")))
        typed = {name: clean(fields[name]) for name in ACTION_FIELDS | DECISION_FIELDS if name in fields}
        if is_done and item.case:
            known = item.case.position(fields[DeskField.ONCE])
        return parts.desk_pages.item(
            ItemPage(
                member=shown_member(member, fields),
                item=item,
                today=local_date(parts.clock()),
                idempotency_key=make_key(parts.random_bytes(16)),
                base_url=parts.base_url,
                known=known,
                is_done=is_done,
                is_review=is_review,
                values=typed if is_draft or is_review or (known is not None and not is_done) else {},
                problems=problems,
                matter=tuple(matter_of(parts, member, item.case)),
                earlier=answered_before(parts.cases, member.ward, item),
                verdicts=[(one.kind, one.on, one.words) for one in judgements_of(parts, member, item.case)],
            )
        )

    def _begin_answer(self, member: Member, fields: Mapping[str, str]) -> Response:
        """Append an answer template to what was typed; nothing is stored."""
        chosen = fields.get(DeskField.TEMPLATE, "")
        text = next((one.text for one in member.box.answers if one.name == chosen), "")
        typed = "\n".join(filter(None, (fields.get(DeskField.ANSWER, "").strip(), text)))
        return page_response(self._item(member, {**fields, DeskField.ANSWER: typed}, is_draft=True))

    def _join(self, member: Member, fields: Mapping[str, str]) -> Response:
        """Join what was marked into one matter, and show the case that it is dealt with in."""
        joined = DeskMatters(self.parts).work(member, fields)
        if joined.page:
            return page_response(joined.page, joined.status)
        done = {**fields, DeskField.ITEM: joined.lead, DeskField.ONCE: joined.idempotency_key}
        return page_response(self._item(member, done, is_done=True))

    def _review(self, member: Member, fields: Mapping[str, str]) -> Response:
        """Decide about a text, and return to the list; only for readers of words."""
        if Reads.WORDS not in member.recipient.reads:
            raise NoSuchSuggestion(fields.get(DeskField.ITEM, ""))
        item = read_for(self.parts, member, fields.get(DeskField.ITEM, ""))
        kind = next((one for one in ReviewKind if one == fields.get(DeskField.DECISION)), None)
        if kind is None or not is_key(fields.get(DeskField.ONCE, "")):
            raise RequestRefused(400)
        decision, problems = read_decision(kind, fields, shown=item.text)
        if kind is ReviewKind.THEME and decision.theme not in theme_ids(member.box.questionnaire.themes):
            raise RequestRefused(400)
        if problems:
            return page_response(self._item(member, fields, is_review=True, problems=problems), 422)
        parts = self.parts
        try:
            decided = review_text(
                parts.finder,
                parts.cases,
                parts.reviews,
                parts.boxes.signs,
                ward=member.ward,
                id=item.id,
                seen=number_in(fields.get(DeskField.SEEN, "0")),
                decision=decision,
                who=member.recipient.name,
                on=local_date(parts.clock()),
                idempotency_key=fields[DeskField.ONCE],
            )
        except NotReviewable:
            raise RequestRefused(400) from None
        except ReviewedMeanwhile:
            log("desk_overtaken", ward=member.ward, action=kind.value)
            return page_response(self._item(member, fields, is_review=True), 409)
        log("desk_reviewed", ward=member.ward, decision=kind.value)
        return self._home(member, fields, decided=decided)
