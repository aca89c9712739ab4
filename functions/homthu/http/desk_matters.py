"""The desk's form that joins several suggestions into one matter: what was marked, and which one leads."""

from collections.abc import Mapping
from dataclasses import dataclass

from homthu.domain.cases.case import NotPossible
from homthu.domain.cases.desk import Item
from homthu.domain.cases.matter import Actor
from homthu.domain.fields import DeskField, mark_fields
from homthu.domain.submissions.reference import is_key, make_key
from homthu.domain.week import local_date
from homthu.http.desk_fields import ID, number_in
from homthu.http.desk_read import read_for, shown_member
from homthu.http.parts import DeskParts
from homthu.http.request import RequestRefused
from homthu.log import log
from homthu.render.desk.inputs import MatterPage
from homthu.render.page.inline import Page
from homthu.services.access import Member
from homthu.services.cases import Overtaken
from homthu.services.matters import join_case


@dataclass(frozen=True, kw_only=True, slots=True)
class Joined:
    """The result of a form: the lead, and the key of the last step; or the page that asks again, with its
    status.
    """

    lead: str = ""
    idempotency_key: str = ""
    page: Page | None = None
    status: int = 200


@dataclass(frozen=True, slots=True)
class DeskMatters:
    """Joins what a member marked."""

    parts: DeskParts

    def work(self, member: Member, fields: Mapping[str, str]) -> Joined:
        """Ask which one leads, or join the others to it: each by itself, so that if somebody changed one
        meanwhile it is reported and shown again, and the rest is done.
        """
        marked = _marked(fields)
        items = [read_for(self.parts, member, id) for id in marked]
        if any(item.is_petition for item in items):
            raise RequestRefused(400)
        lead, once = fields.get(DeskField.LEAD, ""), fields.get(DeskField.ONCE, "")
        if not lead or len(items) < 2:
            return Joined(page=self._page(member, fields, items))
        if lead not in marked or not is_key(once):
            raise RequestRefused(400)
        late, key = [], once
        for number, item in enumerate(one for one in items if one.id != lead):
            try:
                key = f"{once}-{number}"
                self._join(member, item.id, lead, marked[item.id], key)
            except (Overtaken, NotPossible):
                late.append(read_for(self.parts, member, item.id))
        log("desk_joined", ward=member.ward, joined=len(items) - 1 - len(late), overtaken=len(late))
        if late:
            again = [read_for(self.parts, member, lead), *late]
            return Joined(page=self._page(member, fields, again, is_late=True), status=409)
        return Joined(lead=lead, idempotency_key=key)

    def _join(self, member: Member, id: str, lead: str, seen: int, key: str) -> None:
        parts = self.parts
        who, today = member.recipient.name, local_date(parts.clock())
        join_case(
            parts.finder,
            parts.cases,
            parts.boxes.signs,
            ward=member.ward,
            id=id,
            to=lead,
            seen=seen,
            by=Actor(who=who, on=today, idempotency_key=key),
        )

    def _page(
        self, member: Member, fields: Mapping[str, str], items: list[Item], *, is_late: bool = False
    ) -> Page:
        page = MatterPage(
            member=shown_member(member, fields),
            items=items,
            today=local_date(self.parts.clock()),
            idempotency_key=make_key(self.parts.random_bytes(16)),
            base_url=self.parts.base_url,
            is_late=is_late,
        )
        return self.parts.desk_pages.matter(page)


def _marked(fields: Mapping[str, str]) -> dict[str, int]:
    """How many steps the member saw of each suggestion they marked, by its id."""
    found = {}
    for name in mark_fields():
        if value := fields.get(name):
            id, _, seen = value.partition(".")
            if not ID.fullmatch(id):
                raise RequestRefused(400)
            found[id] = number_in(seen)
    return found
