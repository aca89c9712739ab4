"""What a member may read of what the desk's forms name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from homthu.domain.cases.case import Case
from homthu.domain.cases.desk import Desk, Item
from homthu.domain.cases.desk_search import DeskSearch
from homthu.domain.cases.unit_mail import BouncedMails
from homthu.domain.fields import DeskField
from homthu.domain.week import local_date
from homthu.http.desk_fields import week_in
from homthu.http.parts import DeskParts
from homthu.render.desk.inputs import DeskMember
from homthu.services.access import Member
from homthu.services.cases import NoSuchSuggestion
from homthu.services.desk import read_desk, read_item
from homthu.services.judge import Judgement, read_judgements


def shown_member(member: Member, fields: Mapping[str, str]) -> DeskMember:
    """Who sees a page, with the pass that its forms carry on."""
    return DeskMember(
        box=member.box,
        name=member.recipient.name,
        reads=member.recipient.reads,
        until=member.until,
        token=fields[DeskField.PASS],
    )


def read_for(parts: DeskParts, member: Member, id: str) -> Item:
    """A suggestion as the member may read it. Raise `NoSuchSuggestion`."""
    return read_item(
        parts.finder,
        parts.cases,
        parts.reviews,
        parts.boxes.signs,
        ward=member.ward,
        reads=member.recipient.reads,
        id=id,
    )


def returned(parts: DeskParts, item: Item) -> Item:
    """With the day of the mail to its unit that came back. May raise `StoreUnavailable`."""
    if not (item.case and item.case.assignment):
        return item
    found = BouncedMails.of(parts.unit_post.unit_mails.bounced_unit_mails(item.case.ward))
    return replace(item, returned_on=found.day_of(item.case))


def matter_of(parts: DeskParts, member: Member, case: Case | None) -> Iterator[Item]:
    """The other suggestions of a case's matter, as far as the member may read them: the one that it is dealt
    with in, or those that are dealt with in it."""
    ids = () if case is None else (case.joined_to,) if case.joined_to else case.gathered
    for id in ids:
        try:
            yield read_for(parts, member, id)
        except NoSuchSuggestion:
            continue


def said_in(parts: DeskParts, member: Member, id: str, case: Case | None) -> Iterator[str]:
    """What the citizens of a matter wrote, for comparing only. Raise `NoSuchSuggestion`."""
    for one in (id, *(case.gathered if case else ())):
        stored = parts.finder.submission(one)
        if stored is None or stored.submission.ward != member.ward:
            raise NoSuchSuggestion(one)
        yield stored.submission.text


def judgements_of(parts: DeskParts, member: Member, case: Case | None) -> list[Judgement]:
    """What was said of a case's answer, as the member may read it. May raise `StoreUnavailable`."""
    return read_judgements(parts.verdicts, case, reads=member.recipient.reads, signs=parts.boxes.signs)


def desk_for(
    parts: DeskParts, member: Member, fields: Mapping[str, str], search: DeskSearch, pages: Sequence[str] = ()
) -> Desk:
    """The desk as far as the member may read it and the search matches, from the last of these `pages` on.

    May raise `StoreUnavailable`.
    """
    return read_desk(
        parts.archive,
        parts.finder,
        parts.ledger,
        parts.cases,
        parts.reviews,
        parts.boxes.signs,
        ward=member.ward,
        reads=member.recipient.reads,
        today=local_date(parts.clock()),
        week=week_in(fields.get(DeskField.WEEK, "")),
        after=pages[-1] if pages else "",
        search=search,
        deadlines=member.box.deadlines,
        verdicts=parts.verdicts,
        unit_mails=parts.unit_post.unit_mails,
        themes=member.box.questionnaire.themes,
    )
