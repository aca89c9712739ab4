"""`submit`: stores a form and redirects to its receipt, or returns the form as it was filled in."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask import Request, Response

from homthu.config import ServiceMode
from homthu.domain.boxes.box import BetweenRounds
from homthu.domain.boxes.round import OUTSIDE, RoundMoment, RoundState, moment_at
from homthu.domain.fields import Field, Query
from homthu.domain.submissions.answers import AnswerFault, AnswerProblem, Answers, read_answers
from homthu.domain.submissions.paper_batch import batch_id
from homthu.domain.submissions.personal_data import PersonalData, find_personal_data
from homthu.domain.submissions.reference import is_key, make_key
from homthu.domain.submissions.submission import Channel, Submission
from homthu.domain.text import clean
from homthu.domain.week import Week
from homthu.http.bot_signals import REVIEW, flags_of
from homthu.http.errors import Handler, guard
from homthu.http.form import RECEIPT, is_taking
from homthu.http.options import options_from_fields
from homthu.http.parts import SubmitParts
from homthu.http.request import Crashed, RequestRefused, check_request, is_cross_site, read_form
from homthu.http.responses import empty, page_response, see_other
from homthu.http.sent_form import SentForm, recognise
from homthu.http.verdict import VERDICT, VerdictEndpoint
from homthu.log import log
from homthu.ports import StoreUnavailable
from homthu.render.page.inputs import ClosedPage, FormPage, NoticeKey, ReviewPage
from homthu.services.submit import submit

METHODS = ("POST", "GET", "HEAD", "OPTIONS")
_RETRY_AFTER_SECONDS = 30


def make(parts: SubmitParts) -> Handler:
    """The function, built from its parts."""
    return guard("submit", parts, _SubmitEndpoint(parts).answer)


@dataclass(frozen=True, slots=True)
class _SubmitEndpoint:
    """Takes forms, answers the browser, and hands verdicts on to their own endpoint."""

    parts: SubmitParts

    def answer(self, request: Request) -> Response:
        if request.path.rstrip("/") == VERDICT:
            return VerdictEndpoint(self.parts).answer(request)
        check_request(request, METHODS)
        if request.method == "OPTIONS":
            return empty(allow=METHODS)
        if request.method == "GET":
            return see_other("/")
        if request.method == "HEAD":
            # The page sends this to warm the store up while the citizen is still writing.
            _ = self.parts.intake
            return empty()
        fields = read_form(request)
        try:
            return self._receive(request, fields)
        except RequestRefused:
            raise
        except Exception as error:
            # Whatever went wrong, the citizen gets their words back.
            options = options_from_fields(fields, self.parts.pages.languages)
            raise Crashed(clean(fields.get(Field.TEXT, "")), options) from error

    def _receive(self, request: Request, fields: dict[str, str]) -> Response:
        sent = recognise(fields, self.parts.boxes, self.parts.pages.languages)
        now = self.parts.clock()
        moment = moment_at(sent.box.rounds, now, sent.box.closing_hours)
        if self.parts.mode is ServiceMode.PAUSED or not _is_accepting(sent, moment):
            return self._closed(sent, moment)
        return self._take(request, sent, moment, now)

    def _take(self, request: Request, sent: SentForm, moment: RoundMoment, now: datetime) -> Response:
        try:
            batch = self._batch(sent)
        except StoreUnavailable as unavailable:
            return self._unavailable(sent, moment, unavailable)
        answers = read_answers(sent.fields, sent.questionnaire)
        if sent.is_outdated:
            return self._form(sent, moment, 422, notice=NoticeKey.CHANGED)
        problems = answers.problems
        if batch and (answers.options or answers.text):
            # Nobody can be asked what they left blank on a paper slip.
            problems = tuple(problem for problem in problems if problem.fault is not AnswerFault.REQUIRED)
        if problems or sent.fields.get(Field.EDIT):
            return self._form(sent, moment, 422 if problems else 200, problems=problems)
        key = sent.fields.get(Field.KEY, "")
        if not is_key(key):
            return self._review(sent, make_key(self.parts.random_bytes(16)), answers)
        if not sent.fields.get(Field.SEEN) and find_personal_data(answers.text):
            return self._review(sent, key, answers)
        submission = self._submission(request, sent, answers, moment, batch)
        try:
            reference = submit(self.parts.intake, self.parts.secrets, key=key, submission=submission)
        except StoreUnavailable as unavailable:
            return self._unavailable(sent, moment, unavailable)
        return self._receipt(sent, reference, now)

    def _unavailable(self, sent: SentForm, moment: RoundMoment, unavailable: StoreUnavailable) -> Response:
        log("submission_not_stored", "ERROR", reason=unavailable.reason)
        return self._form(sent, moment, 503, notice=NoticeKey.UNAVAILABLE)

    def _batch(self, sent: SentForm) -> str:
        """The mark of the batch whose code was typed with this paper slip; empty if no valid batch has it."""
        typed = sent.fields.get(Field.PAPER_CODE, "")
        id = batch_id(sent.box.ward.code, typed) if sent.options.channel is Channel.PAPER else None
        batch = self.parts.paper_batches.paper_batch(id) if id else None
        return batch.mark if batch and not batch.is_revoked else ""

    def _submission(
        self, request: Request, sent: SentForm, answers: Answers, moment: RoundMoment, batch: str
    ) -> Submission:
        flags = flags_of(
            sent.fields,
            key=sent.fields[Field.KEY],
            is_vouched=bool(batch),
            is_cross_site=is_cross_site(request, self.parts.base_url),
            seal=self.parts.seal,
        )
        return Submission(
            ward=sent.box.ward.code,
            place=sent.place.code,
            channel=sent.options.channel,
            assisted=sent.fields.get(Field.ASSISTED) == "1",
            questionnaire=sent.questionnaire.version,
            round=_round_of(sent, moment),
            answers=answers.options,
            text=answers.text,
            service=answers.service,
            flags=flags,
            batch=batch,
            text_kind=answers.text_kind,
            do_not_quote=answers.do_not_quote,
        )

    def _form(
        self,
        sent: SentForm,
        moment: RoundMoment,
        status: int,
        *,
        problems: Sequence[AnswerProblem] = (),
        notice: NoticeKey | None = None,
    ) -> Response:
        """The form as it was filled in, with the same key.

        Someone back from the review page has no proof of work, so the key is dropped and leads them through
        that page again; a script makes a new key and proof.
        """
        key = sent.fields.get(Field.KEY, "")
        if sent.fields.get(Field.EDIT) and not sent.fields.get(Field.STAMP):
            key = ""
        form = FormPage(
            box=replace(sent.box, questionnaire=sent.questionnaire),
            place=sent.place,
            moment=moment,
            options=sent.options,
            base_url=self.parts.base_url,
            values=sent.values,
            problems=problems,
            notice=notice,
            key=key if is_key(key) else "",
        )
        wait = _RETRY_AFTER_SECONDS if status == 503 else None
        return page_response(self.parts.pages.form(form), status, retry_after_seconds=wait)

    def _review(self, sent: SentForm, key: str, answers: Answers) -> Response:
        """All answers spelled out, to send or change: without a script, or if there is personal data."""
        personal_data: tuple[PersonalData, ...] = find_personal_data(answers.text)
        review = ReviewPage(
            box=replace(sent.box, questionnaire=sent.questionnaire),
            place=sent.place,
            options=sent.options,
            base_url=self.parts.base_url,
            values={**sent.values, **sent.proofs},
            key=key,
            signed_time=self.parts.seal.seal(REVIEW, [key]),
            personal_data=personal_data,
        )
        return page_response(self.parts.pages.review(review))

    def _closed(self, sent: SentForm, moment: RoundMoment) -> Response:
        """Why the form cannot be accepted now, with everything that was typed, to be copied."""
        is_paused = self.parts.mode is ServiceMode.PAUSED
        closed = ClosedPage(
            box=sent.box,
            place=sent.place,
            moment=moment,
            options=sent.options,
            base_url=self.parts.base_url,
            is_paused=is_paused,
            values=sent.values,
        )
        return page_response(self.parts.pages.closed(closed), 503 if is_paused else 403)

    def _receipt(self, sent: SentForm, reference: str, now: datetime) -> Response:
        """Redirect to the receipt. The reference is sealed, so that no log of addresses shows it."""
        report_on = Week.at(now).shift(1).monday.isoformat()
        token = self.parts.seal.seal(RECEIPT, [reference, sent.place.code, report_on])
        # A token has only characters that need no escaping in an address.
        return see_other(f"/da-gui?{Query.RECEIPT}={token}" + sent.options.query.replace("?", "&", 1))


def _is_accepting(sent: SentForm, moment: RoundMoment) -> bool:
    """Whether a form sent now is accepted: for some hours even after the round it was opened in."""
    return is_taking(sent.box, moment) or moment.state is RoundState.CLOSING


def _round_of(sent: SentForm, moment: RoundMoment) -> str:
    if moment.current:
        return moment.current.id
    if moment.previous and sent.box.between_rounds is BetweenRounds.CLOSE:
        return moment.previous.id
    return OUTSIDE
