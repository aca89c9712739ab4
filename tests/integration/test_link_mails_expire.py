"""When a link was last mailed is kept no longer than it is of use, and nothing else is swept with it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from citizen_side import NGO_QUYEN
from desk_side import MEMBERS, DeskSite
from homthu.adapters.firestore.client import FirestoreClient
from homthu.adapters.firestore.documents import FirestoreDocuments
from homthu.adapters.firestore.queries import LINK_MAILS
from homthu.adapters.firestore.store import FirestoreStore
from homthu.adapters.sqlite.store import SqliteStore
from homthu.domain.backup import Kind
from homthu.domain.cases.link_mail import LINK_PAUSE, LinkMail
from homthu.ports import Conflict
from homthu.services.access import LinkContext, Outcome, mail_link
from samples import WARD, a_submission, now

SENT_AT = datetime(2026, 11, 30, 3, tzinfo=UTC)


@pytest.fixture
def documents(firestore_project: str, firestore_emulator: str) -> FirestoreDocuments:
    """The same database as documents, without the store before it."""
    return FirestoreDocuments(FirestoreClient(firestore_project, "(default)"))


def stored(documents: FirestoreDocuments) -> dict[str, object]:
    """All the fields of the one mailed link."""
    document = documents.get(LINK_MAILS, "l1")
    assert document is not None
    return document.record


def test_sqlite_forgets_the_expired_when_another_link_is_mailed(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "box.db", now)
    store.add("s1", a_submission(), "digest")
    old = store.create_link_mail(LinkMail(id="old", sent_at=SENT_AT))
    store.create_link_mail(LinkMail(id="young", sent_at=SENT_AT + timedelta(minutes=1)))
    assert store.link_mail("old") == old
    store.create_link_mail(LinkMail(id="new", sent_at=SENT_AT + LINK_PAUSE))
    assert [store.link_mail(id) is not None for id in ("old", "young", "new")] == [False, True, True]
    with pytest.raises(Conflict):
        store.replace_link_mail(old, LinkMail(id="old", sent_at=SENT_AT + LINK_PAUSE))
    new = store.link_mail("new")
    assert new is not None
    store.replace_link_mail(new, LinkMail(id="new", sent_at=SENT_AT + 2 * LINK_PAUSE))
    assert store.link_mail("young") is None
    assert [one.id for one in store.everything(WARD)] == ["s1"]
    store.close()


def test_sqlite_lets_who_holds_an_expired_one_replace_it(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "box.db", now)
    old = store.create_link_mail(LinkMail(id="l1", sent_at=SENT_AT))
    with pytest.raises(Conflict):
        store.create_link_mail(LinkMail(id="l1", sent_at=SENT_AT + timedelta(days=1)))
    store.replace_link_mail(old, LinkMail(id="l1", sent_at=SENT_AT + timedelta(days=1)))
    store.close()


@pytest.mark.emulator
def test_firestore_is_told_when_to_delete_a_mailed_link(
    firestore_project: str, documents: FirestoreDocuments
) -> None:
    store = FirestoreStore(firestore_project, "(default)")
    later = SENT_AT + timedelta(hours=1)
    kept = store.create_link_mail(LinkMail(id="l1", sent_at=SENT_AT))
    assert stored(documents) == {"sent_at": SENT_AT, "expires_at": SENT_AT + LINK_PAUSE}
    store.replace_link_mail(kept, LinkMail(id="l1", sent_at=later))
    assert stored(documents) == {"sent_at": later, "expires_at": later + LINK_PAUSE}
    store.close()


@pytest.mark.emulator
def test_one_from_before_that_was_kept_is_still_valid(
    firestore_project: str, documents: FirestoreDocuments
) -> None:
    documents.create(LINK_MAILS, "l1", {"sent_at": SENT_AT})
    store = FirestoreStore(firestore_project, "(default)")
    old = store.link_mail("l1")
    assert old == LinkMail(id="l1", sent_at=SENT_AT)
    store.replace_link_mail(old, LinkMail(id="l1", sent_at=SENT_AT + LINK_PAUSE))
    assert set(stored(documents)) == {"sent_at", "expires_at"}
    store.close()


def test_a_backup_holds_no_mailed_links() -> None:
    assert not [kind for kind in Kind if "link" in kind]


def context(site: DeskSite) -> LinkContext:
    return LinkContext(
        link_mails=site.link_mails,
        mailer=site.mailer,
        sender=site.sender,
        passes=site.passes,
        clock=site.clock,
        write=site.write_link,
        base_url=site.base_url,
    )


class Sweeping:
    """A store in which something happens to a mailed link just after it was read."""

    def __init__(self, site: DeskSite, then: Callable[[LinkMail], object]) -> None:
        self._store, self._then = site.store, then

    def link_mail(self, id: str) -> LinkMail | None:
        found = self._store.link_mail(id)
        if found:
            self._then(found)
        return found

    def create_link_mail(self, mail: LinkMail) -> LinkMail:
        return self._store.create_link_mail(mail)

    def replace_link_mail(self, old: LinkMail, new: LinkMail) -> LinkMail:
        return self._store.replace_link_mail(old, new)


@pytest.fixture
def site() -> DeskSite:
    """A member has asked for a link, and that is long ago."""
    site = DeskSite()
    assert ask(site) is Outcome.SENT
    site.now += timedelta(days=1)
    return site


def ask(site: DeskSite) -> Outcome:
    return mail_link(context(site), site.boxes, ward=NGO_QUYEN, email=MEMBERS[0].email)


def test_a_mailed_link_that_is_swept_while_another_is_asked_for_is_no_hindrance(site: DeskSite) -> None:
    site.link_mails = Sweeping(site, lambda found: site.store.forget_link_mail(found.id))
    assert ask(site) is Outcome.SENT
    assert len(site.mailer.sent) == 2


def test_of_two_that_ask_at_once_after_a_long_time_one_is_mailed_to(site: DeskSite) -> None:
    taken = LinkMail(id="", sent_at=site.now)
    site.link_mails = Sweeping(site, lambda found: site.store.replace_link_mail(found, taken))
    assert ask(site) is Outcome.TOO_SOON
    assert len(site.mailer.sent) == 1
