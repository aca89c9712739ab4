"""A frozen mail as it lies in the ledger: what its report's digest covers, and what erasures made of it."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from homthu.domain.reports.quotations import QUOTATIONS, Quotations, quotations_name
from homthu.ports import Ledger, SubmissionFinder
from homthu.render.mail.quotations import covered, without_words_like, without_words_of
from homthu.render.mail.redact import redact

#: The suffix of the record that says what erasures made of a mail without quotations of its own.
_REDACTIONS = ".erased"


#: The suffix of a list of the forms that a report counted.
COUNTED = ".counted"


def is_mail(name: str) -> bool:
    """Whether a content is a mail, and not a record about one."""
    return not name.endswith((_REDACTIONS, QUOTATIONS, COUNTED))


def quoted_in(ledger: Ledger, name: str) -> frozenset[str] | None:
    """The ids of the submissions quoted in a mail, read without the mail; None where it
    has no such record.
    """
    try:
        return Quotations.from_bytes(ledger.content(quotations_name(name))).standing
    except (LookupError, ValueError, TypeError):
        return None


@dataclass(frozen=True, kw_only=True, slots=True)
class FrozenContent:
    """One mail with the records beside it.

    A mail frozen before 26 November 2026 has no `quotations`: its digest covers every byte. Words are
    searched for in it when they are to be erased, and `redactions` says what it became.
    """

    name: str
    content: bytes
    quotations: Quotations | None
    redactions: "Redactions"

    @classmethod
    def read(cls, ledger: Ledger, name: str) -> "FrozenContent":
        """Raise `LookupError` if the mail is gone."""
        try:
            quotations = Quotations.from_bytes(ledger.content(quotations_name(name)))
        except (LookupError, ValueError, TypeError):
            quotations = None
        return cls(
            name=name,
            content=ledger.content(name),
            quotations=quotations,
            # A mail that knows its quotations has no other record: nothing is read for it.
            redactions=Redactions.of(ledger, name) if quotations is None else Redactions(),
        )

    @property
    def digest(self) -> str:
        """What the report's digest covers of the mail, if nothing but erasures changed it; else anything."""
        if self.quotations is not None:
            return covered(self.content, self.quotations)
        is_redacted = self.redactions.digest == sha256(self.content).hexdigest()
        return self.redactions.was if is_redacted else sha256(self.content).hexdigest()

    @property
    def erased(self) -> frozenset[str]:
        """The submissions for whose sake words are gone."""
        return frozenset(self.redactions.ids) if self.quotations is None else self.quotations.erased

    def erased_on(self, finder: SubmissionFinder) -> list[date] | None:
        """The days of these erasures; None if one of the submissions was never erased."""
        found = [finder.submission_status(id) for id in self.erased]
        days = [one.erased_on for one in found if one and one.erased_on]
        return sorted(set(days)) if len(days) == len(found) else None

    def without(self, ids: Collection[str], texts: Iterable[str], notice: str) -> Mapping[str, bytes]:
        """The contents to be stored, all or none, so that the submissions' words are gone; empty if it has
        none of their words. `texts` are what they said, for a mail that has no quotations of its own.
        """
        if self.quotations is not None:
            after, quotations = without_words_of(self.content, self.quotations, ids, notice)
            record = {quotations_name(self.name): quotations.to_bytes()}
        else:
            after = redact(self.content, texts, notice)
            noted = self.redactions.after(self.content, after, ids)
            record = {f"{self.name}{_REDACTIONS}": noted.to_bytes()}
        return {} if after == self.content else {**record, self.name: after}

    def without_like(
        self, id: str, is_said: Callable[[str], bool], notice: str, *, sake: str
    ) -> Mapping[str, bytes]:
        """The same for those words of one submission that another one said, for whose sake they go. A mail
        without quotations of its own is searched for what was said, whoever it quotes.
        """
        if self.quotations is None:
            return {}
        after, quotations = without_words_like(self.content, self.quotations, id, is_said, notice, sake=sake)
        record = {quotations_name(self.name): quotations.to_bytes()}
        return {} if after == self.content else {**record, self.name: after}


@dataclass(frozen=True, kw_only=True, slots=True)
class Redactions:
    """What a mail without quotations of its own became, and for whose sake.

    `was` is the digest of what was frozen, which the chain continues to cover together with the report's
    other facts; `digest` is that of what replaced it.
    """

    was: str = ""
    digest: str = ""
    ids: tuple[str, ...] = ()

    @classmethod
    def of(cls, ledger: Ledger, content: str) -> "Redactions":
        """The record of a content; empty if there is none, or an unreadable one."""
        try:
            noted = json.loads(ledger.content(f"{content}{_REDACTIONS}"))
            return cls(was=noted["was"], digest=noted["sha256"], ids=tuple(noted["submissions"]))
        except (LookupError, ValueError, TypeError):
            return cls()

    def after(self, before: bytes, content: bytes, ids: Collection[str]) -> "Redactions":
        """The record with one more change, from what the content was before it."""
        is_first = sha256(before).hexdigest() != self.digest
        return Redactions(
            was=sha256(before).hexdigest() if is_first else self.was,
            digest=sha256(content).hexdigest(),
            ids=tuple(ids) if is_first else tuple(dict.fromkeys((*self.ids, *ids))),
        )

    def to_bytes(self) -> bytes:
        """The record to be stored."""
        return json.dumps({"was": self.was, "sha256": self.digest, "submissions": self.ids}).encode()
