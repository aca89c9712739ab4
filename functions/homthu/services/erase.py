"""Erase: take a submission's words and answers away for good, on the request of whoever has its reference.

What it counted stays: the form itself, in its week, its round and its place. Frozen mails that quote it
lose the words, and a record beside each says which, so that whoever verifies the chain can tell this change
from any other.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from homthu.domain.boxes.retention import LEAST_MONTHS, first_kept
from homthu.domain.cases.action_form import quotes, repeats
from homthu.domain.cases.case import HANDED_ON, Case
from homthu.domain.cases.matter import Hand
from homthu.domain.cases.review import Review
from homthu.domain.errors import HomThuError
from homthu.domain.reports.ledger import FrozenReport
from homthu.domain.secret import Secrets
from homthu.domain.submissions.reference import MOST_READINGS, id_of, read_code
from homthu.domain.submissions.submission import StoredSubmission, SubmissionStatus
from homthu.domain.week import local_date
from homthu.ports import Cases, Clock, Conflict, Ledger, Reviews, StoreUnavailable, SubmissionFinder, Verdicts
from homthu.render.mail.redact import redact
from homthu.services.claim import claim_ward
from homthu.services.frozen_content import FrozenContent, is_mail, quoted_in

_TRIES = 5
#: So many of somebody's words in a row are theirs, whoever wrote them down again.
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
        """Leave of a submission what counts it, and its words or its answers where these are not to go."""

    def contents(self, ward: str) -> Iterator[str]:
        """The names of all contents of a ward, those too that a crash left without a report."""

    def replace_contents(self, contents: Mapping[str, bytes]) -> None:
        """Store each in the place of what is under its name, if anything: all or none."""

    def wipe(self, *, rebuild: bool = True) -> None:
        """Overwrite what was freed, where that can be done; without `rebuild`, as far as it takes no time."""


class ClosableEraser(Eraser, Protocol):
    """One that holds a connection."""

    def close(self) -> None:
        """Let go of the store."""


class NoSuchReference(HomThuError):
    """No submission belongs to what was typed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wording:
    """What stands where the words were, and in the last step of a case; `who` ends the case."""

    notice: str
    step: str
    who: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Erasure:
    """What was done. `reports` lost words; `kept_mails` are files of the outbox that did."""

    submission_status: SubmissionStatus
    on: date
    was_erased: bool = False
    reports: tuple[FrozenReport, ...] = ()
    kept_mails: int = 0
    had_case: bool = False


def erase(
    finder: SubmissionFinder,
    ledger: Ledger,
    cases: Cases,
    reviews: Reviews,
    eraser: Eraser,
    clock: Clock,
    secrets: Secrets,
    *,
    verdicts: Verdicts,
    typed: str,
    owner: str,
    wording: Wording,
    change_outbox: ChangeOutbox,
    rebuild: bool = True,
) -> Erasure:
    """Erase what a reference, however it was typed, belongs to; where nothing is left, nothing changes.

    The submission is blanked last: broken off, the same call finds the words again and goes on. Only what was
    opened meanwhile is emptied after it.
    `change_outbox` has every kept mail of a ward changed; `rebuild` is `Eraser.wipe`'s.
    Raise `NoSuchReference`, or `WardBusy` while a report is being made, which might quote it.
    """
    id, submission_status = _found(finder, secrets, typed)
    if submission_status.erased_on and not (
        _is_stored(finder, cases, reviews, verdicts, id) or _is_quoted(ledger, eraser, submission_status, id)
    ):
        # The first time may have broken off before this.
        eraser.wipe(rebuild=rebuild)
        return Erasure(submission_status=submission_status, on=submission_status.erased_on, was_erased=True)
    on = local_date(clock())
    claim = claim_ward(ledger, clock, ward=submission_status.ward, owner=owner)
    try:
        # Again, for its week may have been closed before the ward was ours.
        submission_status = finder.submission_status(id) or submission_status
        stored = finder.submission(id)
        case = cases.case(id)
        texts = list(_words(stored, case, reviews.review(id)))
        said = stored.submission.text if stored else ""
        lead = cases.case(case.joined_to) if case and case.joined_to else None
        repeated = [one for one in _texts(lead) if repeats(one, said)]
        form_of_lead = finder.submission(lead.id) if lead and repeated else None
        own = form_of_lead.submission.text if form_of_lead else ""

        def change(message: bytes) -> bytes:
            return redact(message, [*texts, *repeated], wording.notice)

        def take(mail: FrozenContent) -> Mapping[str, bytes]:
            return mail.without({id}, [*texts, *repeated], wording.notice)

        def take_of_lead(mail: FrozenContent) -> Mapping[str, bytes]:
            # What the lead's author said stays, and so does what the ward wrote without repeating anybody.
            of = lead.id if lead else ""
            return mail.without_like(of, lambda text: repeats(text, said, own), wording.notice, sake=id)

        changed = set()
        # Of what is past its time the mails may know more than the store.
        for name in _mails(eraser, submission_status) if texts or submission_status.erased_on else ():
            claim.check()
            if _erase_content(ledger, eraser, name, id, take):
                changed.add(name)
            if lead and repeated and _erase_content(ledger, eraser, name, lead.id, take_of_lead):
                changed.add(name)
        reports = [
            one
            for one in ledger.reports(submission_status.ward, submission_status.week)
            if changed.intersection(one.contents)
        ]

        def empty() -> bool:
            if newest := cases.case(id):
                _leave_matter(cases, newest, said, wording, on)
            had_case = erase_case(cases, id, wording, on)
            erase_review(reviews, id, on)
            erase_verdict(verdicts, id)
            return had_case

        empty()
        kept_mails = change_outbox(submission_status.ward, change) if texts else 0
        eraser.blank(id, on)
        # Again: as long as the words were there, a member could take them in hand.
        had_case = empty()
        eraser.wipe(rebuild=rebuild)
    finally:
        claim.release()
    return Erasure(
        submission_status=submission_status,
        on=on,
        reports=tuple(reports),
        kept_mails=kept_mails,
        had_case=had_case,
    )


def _is_stored(finder: SubmissionFinder, cases: Cases, reviews: Reviews, verdicts: Verdicts, id: str) -> bool:
    """Whether something is left of a form that was erased: its time was over for a part of it alone, or
    somebody wrote meanwhile."""
    if (stored := finder.submission(id)) and (
        stored.submission.text
        or stored.submission.text_kind
        or stored.submission.do_not_quote
        or stored.submission.answers
        or stored.submission.service
    ):
        return True
    if any(one and not one.is_erased for one in (cases.case(id), reviews.review(id))):
        return True
    verdict = verdicts.verdict(id)
    return bool(verdict and verdict.words)


def _is_quoted(ledger: Ledger, eraser: Eraser, status: SubmissionStatus, id: str) -> bool:
    """Whether a mail still quotes a form whose words may have gone because they were kept long enough."""
    if status.erased_on is None or status.week >= first_kept(status.erased_on, LEAST_MONTHS):
        # It was withdrawn: whoever does so again and again has no mails looked through.
        return False
    return any(id in (quoted_in(ledger, name) or ()) for name in _mails(eraser, status))


def _mails(eraser: Eraser, status: SubmissionStatus) -> list[str]:
    """The names of the mails that may quote a form."""
    since = f"{status.ward}.{status.week}"
    return [name for name in eraser.contents(status.ward) if is_mail(name) and name >= since]


def _words(stored: StoredSubmission | None, case: Case | None, review: Review | None) -> Iterator[str]:
    """What was written, and what a case or a review repeats of it: a mail may hold any."""
    said = stored.submission.text if stored else ""
    if said:
        yield said
    for step in case.history if case else ():
        action = step.action
        if action.subject:
            # «Ông/bà nói»: their words in those of the ward.
            yield action.subject
        if quotes(action.text, said, _REPEATED):
            yield action.text
    for decided in review.history if review else ():
        if decided.decision.text:
            yield decided.decision.text


def _found(finder: SubmissionFinder, secrets: Secrets, typed: str) -> tuple[str, SubmissionStatus]:
    for reference in read_code(typed, MOST_READINGS):
        for secret in secrets.all:
            id = id_of(reference, secret)
            if submission_status := finder.submission_status(id):
                return id, submission_status
    raise NoSuchReference


def _erase_content(ledger: Ledger, eraser: Eraser, name: str, id: str, take: Take) -> bool:
    quoted = quoted_in(ledger, name)
    if quoted is not None and id not in quoted:
        # Found out without reading the mail: whoever withdraws a form waits for this.
        return False
    try:
        changes = take(FrozenContent.read(ledger, name))
    except LookupError:
        # There is nothing to be taken from it; `verify-reports` says that it is lost.
        return False
    if changes:
        # Together: what is changed without a record would look altered.
        eraser.replace_contents(changes)
    return bool(changes)


def erase_case(cases: Cases, id: str, wording: Wording, on: date) -> bool:
    """Empty a case of words and close it; whether there was one."""
    for _ in range(_TRIES):
        case = cases.case(id)
        if case is None:
            return False
        try:
            _replace(cases, case, case.erased(wording.step, who=wording.who, on=on))
            return True
        except Conflict:
            # A member of the committee was quicker; what they wrote goes too.
            continue
    raise StoreUnavailable("busy")


def _leave_matter(cases: Cases, case: Case, said: str, wording: Wording, on: date) -> None:
    """Take the words out of the case that this one is dealt with in; or, where it is the one that others are
    dealt with in, put the first of these in its place.

    What many said in four words is the matter's name, and stays; eight in a row are somebody's.
    """
    by = Hand(who=wording.who, on=on, idempotency_key=HANDED_ON)

    def is_said(text: str) -> bool:
        return repeats(text, said)

    for _ in range(_TRIES):
        newest = cases.case(case.id) or case
        others = [one for id in (newest.joined_to, *newest.gathered) if id and (one := cases.case(id))]
        befores = {one.id: one for one in (newest, *others)}
        if newest.joined_to:
            afters = [by.take_from(one, is_said) for one in others]
        else:
            afters = by.hand_on(newest, others, is_said)
        changes = [(befores[one.id], one) for one in afters if one != befores[one.id]]
        try:
            if changes:
                cases.change_cases(changes)
            return
        except Conflict:
            continue
    raise StoreUnavailable("busy")


def _texts(case: Case | None) -> list[str]:
    """Everything that was written down in a case."""
    actions = [event.action for event in case.history] if case else []
    return [text for action in actions for text in (action.subject, action.text) if text]


def erase_verdict(verdicts: Verdicts, id: str) -> None:
    """Empty of words what the citizen said of the answer; what they chose stays. Raise `StoreUnavailable`."""
    for _ in range(_TRIES):
        verdict = verdicts.verdict(id)
        if verdict is None or not verdict.words:
            return
        try:
            verdicts.replace_verdict(verdict, replace(verdict, words=""))
            return
        except Conflict:
            continue
    raise StoreUnavailable("busy")


def erase_review(reviews: Reviews, id: str, on: date) -> None:
    """Empty of words what readers decided. Raise `StoreUnavailable`."""
    for _ in range(_TRIES):
        review = reviews.review(id)
        if review is None or review.is_erased:
            return
        try:
            reviews.replace_review(review, review.erased(on=on))
            return
        except Conflict:
            continue
    raise StoreUnavailable("busy")


def _replace(cases: Cases, old: Case, new: Case) -> None:
    if new != old:
        cases.replace_case(old, new)
