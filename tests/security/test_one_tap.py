"""One tap from the Monday mail to the desk: whose link it is, what it shows, what it leaves behind.

The mails are read as they were sent to a recipient of every kind; their links are opened at the real desk
over the same store.
"""

import email
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from desk_side import DeskSite
from homthu.adapters.randomness import random_bytes
from homthu.domain.boxes.box import Reads, Recipient
from homthu.render.report.anchor import plain_text, printed_in
from homthu.services.access import PASS_AGE, own_links
from homthu.services.resend import resend
from homthu.services.verify import Kept, compare_kept, verify_reports
from read_mail import TEXTS
from read_ward import EVERY, FULL, KINDS, ORDINARY, ReadWard, decide_about_all, recipient
from report_harness import W47, W48, monday

HERE = "https://x.vn"


class Office:
    """A ward with a recipient of every kind, and the desk over its store."""

    def __init__(self, ward: ReadWard) -> None:
        self.site, self.ward = DeskSite(), ward
        for name in ("store", "finder", "cases", "reviews", "ledger", "archive", "link_mails", "desk_terms"):
            setattr(self.site, name, self.ward.store)
        self.change_recipients(self.ward.box.recipients)
        self.ward.links = lambda box: own_links(self.site.passes, HERE, box)
        # A count, which each site begins anew, would name a term as one of the copied store's is named.
        self.site.random_bytes = random_bytes
        self.at(monday(W47))

    def at(self, now: object) -> None:
        self.site.now = self.ward.now = now  # type: ignore[assignment]

    def change_recipients(self, recipients: tuple[Recipient, ...]) -> None:
        self.ward.box = replace(self.ward.box, recipients=recipients)
        by_ward = {self.ward.ward: self.ward.box}
        self.site.boxes = replace(self.site.boxes, by_ward=by_ward, signs=self.ward.context.signs)

    def path(self, who: Recipient) -> str:
        """Where the newest mail of a recipient leads, in its page and its text alike."""
        message = self.ward.mail(who)
        page = next(
            part.get_payload(decode=True).decode()  # type: ignore[union-attr]
            for part in email.message_from_bytes(message).walk()
            if part.get_content_type() == "text/html"
        )
        in_page = set(re.findall(rf'href="{HERE}(/xu-ly[^"]*)"', page))
        in_text = set(re.findall(rf"{HERE}(/xu-ly\S*)", plain_text(message)))
        assert in_page == in_text
        (path,) = in_page
        return path

    def opened(self, who: Recipient) -> str:
        """What the recipient sees when they press the link and then the button."""
        door = self.site.desk.get(self.path(who))
        assert door.status_code == 200, door.text
        (token,) = re.findall(r'name="ma" value="([^"]+)"', door.text)
        return self.site.post("ban", token).text


@pytest.fixture(scope="module")
def closed() -> ReadWard:
    """A ward whose first week is closed, and its mails sent."""
    ward = ReadWard()
    ward.begin()
    Office(ward).ward.close(W47)
    return ward


@pytest.fixture
def office(closed: ReadWard) -> Office:
    return Office(closed.again())


def shown(page: str) -> set[str]:
    return {word for word in EVERY if word in page}


def test_each_mail_opens_the_desk_of_its_recipient_with_what_they_may_read(office: Office) -> None:
    for reads in KINDS:
        page = office.opened(recipient(reads))
        words = set(ORDINARY) if Reads.WORDS in reads else set()
        assert shown(page) == words | ({"petF"} if Reads.PETITIONS in reads else set()), reads
        assert recipient(reads).name in page
    decide_about_all(office.ward)
    office.site.now = office.ward.now
    for reads in KINDS:
        words = set(ORDINARY) if Reads.WORDS in reads else {"passA"}
        told = shown(office.opened(recipient(reads)))
        assert told == words | ({"petF"} if Reads.PETITIONS in reads else set()), reads


def test_no_two_mails_carry_the_same_link_and_the_frozen_ones_none(office: Office) -> None:
    paths = [office.path(one) for one in office.ward.box.recipients]
    assert len(set(paths)) == len(KINDS)
    (report,) = office.ward.store.reports(office.ward.ward, W47)
    for name in report.contents:
        content = office.ward.store.contents[name]
        assert f"{HERE}/xu-ly" in plain_text(content)
        assert f"{HERE}/xu-ly/" not in plain_text(content)
    frozen = dict(office.ward.store.contents)
    # Sent again, it carries a link of that day; what is frozen stays as it is.
    resend(office.ward.store, office.ward.ward, W47, recipient=FULL.email)
    office.at(office.ward.now + timedelta(days=2))
    office.ward.report(office.ward.now)
    assert office.path(FULL) not in paths
    assert office.ward.store.contents == frozen
    assert verify_reports(office.ward.store, office.ward.store, office.ward.ward).fault == ""


def test_a_kept_mail_agrees_with_the_chain_whatever_link_it_carries(office: Office) -> None:
    decide_about_all(office.ward)
    office.at(monday(W48))
    office.ward.close(W48)
    for one in office.ward.box.recipients:
        message = office.ward.mail(one)
        kept, _ = compare_kept(
            office.ward.store,
            office.ward.store,
            message,
            delivery=str(email.message_from_bytes(message)["X-Hom-Thu-Delivery"]).partition("@")[0],
            digest=printed_in(message, TEXTS),
        )
        assert kept in (Kept.AGREES, Kept.NO_ANCHOR), one.name


def test_whatever_follows_the_link_opens_nothing_and_uses_nothing_up(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    path = office.path(FULL)
    before = office.site.snapshot()
    for method in ("GET", "HEAD", "OPTIONS", "GET"):
        seen = office.site.desk.open(path, method=method)
        assert seen.status_code in (200, 204)
        assert not shown(seen.text)
        assert "Set-Cookie" not in seen.headers
    assert office.site.snapshot() == before
    assert shown(office.opened(FULL)) == set(ORDINARY)
    token = path.rpartition("/")[2]
    told = capsys.readouterr()
    assert token not in told.out + told.err
    # From the door on, browsers say where they come from without saying the pass.
    assert '<meta name="referrer" content="strict-origin">' in office.site.desk.get(path).text


def test_a_link_ends_with_its_fourteen_days_and_with_the_list(office: Office) -> None:
    path, made = office.path(FULL), office.ward.now
    office.at(made + PASS_AGE)
    assert office.site.desk.get(path).status_code == 200
    office.at(made + PASS_AGE + timedelta(seconds=1))
    assert office.site.desk.get(path).status_code == 403
    office.at(made)
    recipients = office.ward.box.recipients
    narrowed = tuple(replace(one, reads=frozenset({Reads.FIGURES})) for one in recipients)
    office.change_recipients(narrowed)
    assert office.site.desk.get(path).status_code == 403
    office.change_recipients(recipients)
    assert office.site.desk.get(path).status_code == 403, "the list was changed back"


def test_who_is_no_recipient_any_more_is_shown_the_door(office: Office) -> None:
    """Their mail was owed when the list changed: it goes out, as the report says, and opens nothing."""
    resend(office.ward.store, office.ward.ward, W47, recipient=FULL.email)
    office.change_recipients(tuple(one for one in office.ward.box.recipients if one != FULL))
    office.ward.report(office.ward.now)
    assert office.path(FULL) == "/xu-ly"
