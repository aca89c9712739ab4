"""Erase: remove a submission's words and answers for good, at the request of the holder of its reference.

What it counted stays: the form itself, in its week, its round and its place. Frozen mails that quote it lose
the words, and a record beside each says which, so that a verifier of the chain can tell this change from any
other.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from homthu.domain.boxes.retention import LEAST_MONTHS, first_kept
from homthu.domain.cases.action_form import quotes, repeats
from homthu.domain.cases.case import HANDED_ON, Case
from homthu.domain.cases.matter import Actor
from homthu.domain.cases.review import Review
from homthu.domain.errors import HomThuError
from homthu.domain.reports.ledger import FrozenReport
from homthu.domain.secret import Secrets
from homthu.domain.submissions.reference import MOST_READINGS, id_of, read_code
from homthu.domain.submissions.submission import StoredSubmission, SubmissionStatus
from homthu.domain.week import local_date
from homthu.ports import Cases, Clock, Ledger, Reviews, SubmissionFinder, Verdicts
from homthu.render.mail.redact import redact
from homthu.services.claim import Claim, claim_ward
from homthu.services.erase_records import (
    Wording,
    erase_case,
    erase_review,
    erase_verdict,
    until_nobody_is_quicker,
)
from homthu.services.frozen_content import FrozenContent, is_mail, quoted_in

#: This many of somebody's words in a row are theirs, even in another text.
_REPEATED = 4
#: Changes a mail that was kept, or gives the same bytes.
Change = Callable[[bytes], bytes]
#: Gives what a frozen mail and the records beside it become, or nothing.
Take = Callable[[FrozenContent], Mapping[str, bytes]]
#: Has every kept mail of a ward changed; gives how many were.
ChangeOutbox = Callable[[str, Change], int]


class Eraser(Protocol):
    """What changes a store for good. Every method may raise `StoreUnavailable`."""

    def blank(self, id: str, on: date, *, words: bool = True, answers: bool = True) -> None:
        """Reduce a submission to what counts it, keeping its words or its answers where
        these are not to go.
        """

    def contents(self, ward: str) -> Iterator[str]:
        """The names of all contents of a ward, including those that a crash left without a report."""

    def replace_contents(self, contents: Mapping[str, bytes]) -> None:
        """Store each content under its name, replacing what is there: all or none."""

    def wipe(self, *, rebuild: bool = True) -> None:
        """Overwrite what was freed, where that can be done; without `rebuild`, only what takes no time."""


class ClosableEraser(Eraser, Protocol):
    """One that holds a connection."""

    def close(self) -> None:
        """Let go of the store."""


class NoSuchReference(HomThuError):
    """No submission belongs to what was typed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Erasure:
    """What was done. `reports` lost words; `kept_mails` are files of the outbox that did."""

    submission_status: SubmissionStatus
    on: date
    was_erased: bool = False
    reports: tuple[FrozenReport, ...] = ()
    kept_mails: int = 0
    had_case: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ErasureContext:
    """Everything that an erasure needs but the reference."""

    finder: SubmissionFinder
    ledger: Ledger
    cases: Cases
    reviews: Reviews
    verdicts: Verdicts
    eraser: ClosableEraser
    clock: Clock
    secrets: Secrets
    #: Identifies this process to others that want the ward.
    owner: str
    wording: Wording
    change_outbox: ChangeOutbox


def erase(context: ErasureContext, typed: str, *, rebuild: bool = True) -> Erasure:
    """Erase what a reference, however it was typed, belongs to; where nothing is left, nothing changes.

    The submission is blanked last: if the call breaks off, the next one finds the words again and goes on.
    Only what was opened meanwhile is emptied after it. `rebuild` is `Eraser.wipe`'s.
    Raise `NoSuchReference`, or `WardBusy` while a report is being made, which might quote it.
    """
    id, status = _found(context, typed)
    if status.erased_on and not (_is_stored(context, id) or _is_quoted(context, status, id)):
        # The first time may have broken off before this.
        context.eraser.wipe(rebuild=rebuild)
        return Erasure(submission_status=status, on=status.erased_on, was_erased=True)
    on = local_date(context.clock())
    claim = claim_ward(context.ledger, context.clock, ward=status.ward, owner=context.owner)
    try:
        # Again, for its week may have been closed before the ward was ours.
        status = context.finder.submission_status(id) or status
        written = _Written.read(context, id)
        reports = _erase_from_reports(context, claim, status, written)
        _empty_records(context, written, on)
        kept_mails = context.change_outbox(status.ward, written.redact) if written.texts else 0
        context.eraser.blank(id, on)
        # Again: as long as the words were there, a member could take them in hand.
        had_case = _empty_records(context, written, on)
        context.eraser.wipe(rebuild=rebuild)
    finally:
        claim.release()
    return Erasure(
        submission_status=status, on=on, reports=tuple(reports), kept_mails=kept_mails, had_case=had_case
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Written:
    """What is to go: what was written in a form, and where others repeat it."""

    id: str
    #: The form's own text.
    said: str
    #: That, and what its case and its review repeat of it.
    texts: tuple[str, ...]
    #: The case that the form's case was joined to, if it was.
    lead: Case | None
    #: What that case repeats of this form.
    repeated: tuple[str, ...]
    #: What the author of that case's own form wrote, where it repeats anything.
    said_by_lead: str
    notice: str

    @classmethod
    def read(cls, context: ErasureContext, id: str) -> "_Written":
        """Read it from the store."""
        stored = context.finder.submission(id)
        case = context.cases.case(id)
        said = stored.submission.text if stored else ""
        lead = context.cases.case(case.joined_to) if case and case.joined_to else None
        repeated = tuple(one for one in _texts(lead) if repeats(one, said))
        form_of_lead = context.finder.submission(lead.id) if lead and repeated else None
        return cls(
            id=id,
            said=said,
            texts=tuple(_words(stored, case, context.reviews.review(id))),
            lead=lead,
            repeated=repeated,
            said_by_lead=form_of_lead.submission.text if form_of_lead else "",
            notice=context.wording.notice,
        )

    def redact(self, message: bytes) -> bytes:
        """A kept mail without the words."""
        return redact(message, [*self.texts, *self.repeated], self.notice)

    def take(self, mail: FrozenContent) -> Mapping[str, bytes]:
        """What a frozen mail that quotes the form becomes."""
        return mail.without({self.id}, [*self.texts, *self.repeated], self.notice)

    def take_from_lead(self, mail: FrozenContent) -> Mapping[str, bytes]:
        """What a frozen mail becomes that tells of the case which repeats the form.

        What the lead's author said stays, and so does what the ward wrote without repeating anybody.
        """
        of = self.lead.id if self.lead else ""
        return mail.without_like(
            of, lambda text: repeats(text, self.said, self.said_by_lead), self.notice, sake=self.id
        )


def _erase_from_reports(
    context: ErasureContext, claim: Claim, status: SubmissionStatus, written: _Written
) -> list[FrozenReport]:
    """Take the words out of every frozen mail; the reports whose mails changed."""
    lead, changed = written.lead, set()
    # Of what is past its time the mails may know more than the store.
    for name in _mails(context, status) if written.texts or status.erased_on else ():
        claim.check()
        if _erase_content(context, name, written.id, written.take):
            changed.add(name)
        if lead and written.repeated and _erase_content(context, name, lead.id, written.take_from_lead):
            changed.add(name)
    reports = context.ledger.reports(status.ward, status.week)
    return [one for one in reports if changed.intersection(one.contents)]


def _empty_records(context: ErasureContext, written: _Written, on: date) -> bool:
    """Empty of words what was made of the form: case, review and verdict; whether there was a case."""
    if newest := context.cases.case(written.id):
        _leave_matter(context, newest, written.said, on)
    had_case = erase_case(context.cases, written.id, context.wording, on)
    erase_review(context.reviews, written.id, on)
    erase_verdict(context.verdicts, written.id)
    return had_case


def _is_stored(context: ErasureContext, id: str) -> bool:
    """Whether something is left of a form that was erased.

    Only a part of it may have been past its time, or somebody wrote meanwhile.
    """
    if (stored := context.finder.submission(id)) and (
        stored.submission.text
        or stored.submission.text_kind
        or stored.submission.do_not_quote
        or stored.submission.answers
        or stored.submission.service
    ):
        return True
    if any(one and not one.is_erased for one in (context.cases.case(id), context.reviews.review(id))):
        return True
    verdict = context.verdicts.verdict(id)
    return bool(verdict and verdict.words)


def _is_quoted(context: ErasureContext, status: SubmissionStatus, id: str) -> bool:
    """Whether a mail still quotes a form whose words may have gone because they were kept long enough."""
    if status.erased_on is None or status.week >= first_kept(status.erased_on, LEAST_MONTHS):
        # It was withdrawn: repeating the request must not have all mails searched.
        return False
    return any(id in (quoted_in(context.ledger, name) or ()) for name in _mails(context, status))


def _mails(context: ErasureContext, status: SubmissionStatus) -> list[str]:
    """The names of the mails that may quote a form."""
    since = f"{status.ward}.{status.week}"
    return [name for name in context.eraser.contents(status.ward) if is_mail(name) and name >= since]


def _words(stored: StoredSubmission | None, case: Case | None, review: Review | None) -> Iterator[str]:
    """What was written, and what a case or a review repeats of it: a mail may hold any of it."""
    said = stored.submission.text if stored else ""
    if said:
        yield said
    for step in case.history if case else ():
        action = step.action
        if action.subject:
            # «Ông/bà nói»: their words as the ward puts them.
            yield action.subject
        if quotes(action.text, said, _REPEATED):
            yield action.text
    for decided in review.history if review else ():
        if decided.decision.text:
            yield decided.decision.text


def _found(context: ErasureContext, typed: str) -> tuple[str, SubmissionStatus]:
    for reference in read_code(typed, MOST_READINGS):
        for secret in context.secrets.all:
            id = id_of(reference, secret)
            if status := context.finder.submission_status(id):
                return id, status
    raise NoSuchReference


def _erase_content(context: ErasureContext, name: str, id: str, take: Take) -> bool:
    quoted = quoted_in(context.ledger, name)
    if quoted is not None and id not in quoted:
        # Known without reading the mail: somebody waits for this while withdrawing a form.
        return False
    try:
        changes = take(FrozenContent.read(context.ledger, name))
    except LookupError:
        # There is nothing to remove; `verify-reports` says that it is lost.
        return False
    if changes:
        # Together: what is changed without a record would look altered.
        context.eraser.replace_contents(changes)
    return bool(changes)


def _leave_matter(context: ErasureContext, case: Case, said: str, on: date) -> None:
    """Take the words out of the case that this one is dealt with in; or, where it is the one that others are
    dealt with in, put the first of these in its place.

    What many said in four words is the matter's name, and stays; eight in a row are somebody's.
    """
    cases = context.cases
    by = Actor(who=context.wording.who, on=on, idempotency_key=HANDED_ON)

    def is_said(text: str) -> bool:
        return repeats(text, said)

    def hand_on() -> None:
        newest = cases.case(case.id) or case
        others = [one for id in (newest.joined_to, *newest.gathered) if id and (one := cases.case(id))]
        befores = {one.id: one for one in (newest, *others)}
        if newest.joined_to:
            afters = [by.take_from(one, is_said) for one in others]
        else:
            afters = by.hand_on(newest, others, is_said)
        if changes := [(befores[one.id], one) for one in afters if one != befores[one.id]]:
            cases.change_cases(changes)

    until_nobody_is_quicker(hand_on)


def _texts(case: Case | None) -> list[str]:
    """Everything that was written down in a case."""
    actions = [event.action for event in case.history] if case else []
    return [text for action in actions for text in (action.subject, action.text) if text]
