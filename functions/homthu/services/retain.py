"""Retain: once a month, erase what has been kept as long as the box file says.

What was told stays: tallies, releases, the number of forms, each form in its week and place. Expiry leaves
what an erasure on request leaves, so that verifying the chain, counting a week again or sending a form a
second time meets nothing new.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial

from homthu.domain.boxes.box import Box
from homthu.domain.boxes.retention import first_kept, months_before
from homthu.domain.cases.case import Case
from homthu.domain.reports.quotations import QUOTATIONS, quotations_name
from homthu.domain.submissions.submission import StoredSubmission
from homthu.domain.week import Week, local_date
from homthu.log import log
from homthu.ports import (
    Cases,
    Conflict,
    Ledger,
    Reviews,
    SubmissionArchive,
    SubmissionFinder,
    TypedWeeks,
    Verdicts,
)
from homthu.services.claim import Claim, claim_ward
from homthu.services.erase import Eraser
from homthu.services.erase_records import Wording, erase_case, erase_review, erase_verdict
from homthu.services.frozen_content import FrozenContent, is_mail, quoted_in
from homthu.services.owed_weeks import or_crashed, problem_of
from homthu.services.rekey import forget_who_typed
from homthu.services.report_context import ReportContext

#: Removes a ward's mails from before a week from the outbox, if there is one; gives their number.
ForgetMails = Callable[[str, Week], int]


@dataclass(kw_only=True, slots=True)
class Retained:
    """What a run erased from one ward. `problem` is a short code, empty when all went well."""

    ward: str
    words: int = 0
    answers: int = 0
    mails: int = 0
    cases: int = 0
    names: int = 0
    outbox: int = 0
    problem: str = ""


def retain_all(
    context: ReportContext,
    eraser: Eraser,
    boxes: Iterable[Box],
    *,
    wording: Wording,
    forget_mails: ForgetMails,
    owner: str,
) -> list[Retained]:
    """Handle every ward in turn, and then overwrite what was freed; one ward's trouble stops no other."""
    done = []
    for box in boxes:
        outcome = Retained(ward=box.ward.code)
        begin = partial(
            _Run.begin,
            context,
            eraser,
            box,
            outcome,
            wording=wording,
            forget_mails=forget_mails,
            owner=owner,
        )
        outcome.problem = or_crashed(partial(problem_of, begin), crashed="retention_crashed")
        log(
            "ward_retained",
            "ERROR" if outcome.problem else "INFO",
            **{name: getattr(outcome, name) for name in Retained.__slots__},
        )
        done.append(outcome)
    # Every time: a run that broke off before this does not know what it freed.
    if problem := problem_of(eraser.wipe):
        log("not_wiped", "ERROR", problem=problem)
        done.append(Retained(ward="", problem=problem))
    return done


@dataclass(frozen=True, kw_only=True, slots=True)
class _Run:
    """One ward's month."""

    archive: SubmissionArchive
    finder: SubmissionFinder
    ledger: Ledger
    cases: Cases
    reviews: Reviews
    verdicts: Verdicts
    typed_weeks: TypedWeeks
    eraser: Eraser
    box: Box
    today: date
    claim: Claim
    wording: Wording
    outcome: Retained
    #: The mails without quotations of their own, with the week of each.
    older_mails: list[tuple[Week, str]] = field(default_factory=list)

    @classmethod
    def begin(
        cls,
        context: ReportContext,
        eraser: Eraser,
        box: Box,
        outcome: Retained,
        *,
        wording: Wording,
        forget_mails: ForgetMails,
        owner: str,
    ) -> None:
        """Do it all. Raise `WardBusy` while a report is being made, which might quote what goes."""
        today = local_date(context.clock())
        claim = claim_ward(context.ledger, context.clock, ward=box.ward.code, owner=owner)
        try:
            run = cls(
                archive=context.archive,
                finder=context.finder,
                ledger=context.ledger,
                cases=context.cases,
                reviews=context.reviews,
                verdicts=context.verdicts,
                typed_weeks=context.typed_weeks,
                eraser=eraser,
                box=box,
                today=today,
                claim=claim,
                wording=wording,
                outcome=outcome,
            )
            run.everything()
            outcome.outbox = forget_mails(box.ward.code, run.first_kept(box.retention.quotations))
        finally:
            claim.release()

    def first_kept(self, months: int) -> Week:
        """The first week of which something with this limit is kept."""
        return first_kept(self.today, months)

    def everything(self) -> None:
        """Quotations first: an older mail is searched for words that the store still has."""
        oldest = self._quotations()
        if oldest is None:
            # Never a report: nothing is closed, and nothing old.
            return
        # A joined case is kept as long as the one that it is dealt with in, and found by that.
        in_hand = self.cases.open_cases(self.box.ward.code)
        self._forms(oldest, {id for case in in_hand for id in (case.id, *case.gathered)})
        over = list(self.cases.over_cases(self.box.ward.code, before=self.today + timedelta(days=1)))
        self._late_forms(over)
        self._closed_cases(over)
        self._names(oldest)
        self._verdicts(oldest)

    def _quotations(self) -> Week | None:
        """Remove all quotations from the mails that have expired; the week of the oldest mail."""
        names = list(self.eraser.contents(self.box.ward.code))
        records = {name for name in names if name.endswith(QUOTATIONS)}
        oldest = None
        for name in filter(is_mail, names):
            week = week_of(name)
            oldest = min(oldest or week, week)
            if quotations_name(name) not in records:
                self.older_mails.append((week, name))
            elif week < self.first_kept(self.box.retention.quotations):
                self._bare(name)
        return oldest

    def _bare(self, name: str) -> None:
        self.claim.check()
        try:
            # The record is read first, so that a mail that quotes nobody any more is not read every month.
            standing = quoted_in(self.ledger, name)
            if not standing:
                return
            changes = FrozenContent.read(self.ledger, name).without(standing, (), self.wording.notice)
        except LookupError:
            # `verify-reports` says that it is lost.
            return
        self.eraser.replace_contents(changes)
        self.outcome.mails += 1

    def _forms(self, oldest: Week, in_hand: set[str]) -> None:
        """Go week by week, oldest first, so that a run that broke off is resumed where it ended.

        Going backwards from the newest, the first week of which nothing is left ends the search for the
        oldest that has something. Forms whose case is in hand wait until it is closed.
        """
        rule = self.box.retention
        since = sorted((self.first_kept(rule.words), self.first_kept(rule.answers)))
        week = since[1].shift(-1)
        found: list[tuple[Week, list[StoredSubmission]]] = []
        while week >= oldest:
            forms = list(self.archive.in_week(self.box.ward.code, week))
            left = [one for one in forms if any(self._due(one))]
            if forms and not left and week < since[0]:
                break
            found.append((week, [one for one in left if one.id not in in_hand]))
            self.claim.check()
            week = week.shift(-1)
        for of_week, forms in reversed(found):
            self._blank(of_week, forms)

    def _late_forms(self, over: Iterable[Case]) -> None:
        """The forms that waited for their case, which has been closed since."""
        for case in over:
            for id in (case.id, *case.gathered):
                one = self.finder.submission(id)
                if one and any(self._due(one)):
                    self._blank(one.week, [one])

    def _due(self, one: StoredSubmission) -> tuple[bool, bool]:
        """Whether a form's words, and its answers, are to go now."""
        rule, form = self.box.retention, one.submission
        has_words = bool(form.text or form.text_kind or form.do_not_quote)
        has_answers = bool(form.answers or form.service)
        return (
            has_words and one.week < self.first_kept(rule.words),
            has_answers and one.week < self.first_kept(rule.answers),
        )

    def _blank(self, week: Week, forms: list[StoredSubmission]) -> None:
        due = {one.id: self._due(one) for one in forms}
        texts = {one.id: one.submission.text for one in forms if due[one.id][0] and one.submission.text}
        for _, name in ((since, name) for since, name in self.older_mails if since >= week):
            if not texts:
                break
            self.claim.check()
            try:
                content = FrozenContent.read(self.ledger, name)
            except LookupError:
                continue
            if changes := content.without(texts, list(texts.values()), self.wording.notice):
                self.eraser.replace_contents(changes)
                self.outcome.mails += 1
        for number, one in enumerate(forms):
            if number % 100 == 0:
                self.claim.check()
            words, answers = due[one.id]
            if words:
                erase_review(self.reviews, one.id, self.today)
            # Last, so that after a break the next run finds the words again.
            self.eraser.blank(one.id, self.today, words=words, answers=answers)
            self.outcome.words += words
            self.outcome.answers += answers

    def _closed_cases(self, over: Iterable[Case]) -> None:
        limit = months_before(self.today, self.box.retention.cases)
        for lead in over:
            if lead.stands_since >= limit:
                continue
            # The lead last: by it the next run finds what one that broke off has left.
            for id in (*lead.gathered, lead.id):
                one = self.cases.case(id)
                if one and not one.is_erased:
                    self.outcome.cases += erase_case(self.cases, id, self.wording, self.today)

    def _verdicts(self, oldest: Week) -> None:
        """Erase what citizens wrote about answers, by the week in which they wrote it."""
        week = self.first_kept(self.box.retention.words).shift(-1)
        while week >= oldest:
            for verdict in list(self.verdicts.verdicts_of(self.box.ward.code, week)):
                erase_verdict(self.verdicts, verdict.id)
            week = week.shift(-1)

    def _names(self, oldest: Week) -> None:
        """Erase who decided about texts, where the newest decision has expired."""
        limit = months_before(self.today, self.box.retention.desk_log)
        years = range(oldest.year, Week.of(limit).year + 1)
        self.outcome.names += forget_who_typed(self.typed_weeks, self.box.ward.code, years, limit)
        week = Week.of(limit)
        while week >= oldest:
            for review in list(self.reviews.reviews_of(self.box.ward.code, week)):
                if review.named_until and review.named_until < limit:
                    try:
                        self.reviews.replace_review(review, review.without_names())
                        self.outcome.names += 1
                    except Conflict:
                        # Decided about again just now, so it has not expired.
                        continue
            week = week.shift(-1)


def week_of(name: str) -> Week:
    """The week in the name of a content: `07210.2026-W47.…`."""
    return Week.parse(name.split(".")[1])
