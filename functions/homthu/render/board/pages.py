"""The board's pages: results of a ward, and where a submission stands."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from jinja2 import Environment

from homthu.domain.boxes.questionnaire import say
from homthu.domain.cases.case import Answer, Case, CaseState
from homthu.domain.cases.verdict import VerdictKind
from homthu.domain.fields import StatusField
from homthu.domain.releases.release import Release
from homthu.domain.releases.series import OVERALL, VERDICT, WARD
from homthu.domain.reports.chain_lines import NAME as CHAIN_NAME
from homthu.domain.reports.printed_digest import printed
from homthu.domain.submissions.reference import format_reference, parse_reference
from homthu.domain.submissions.submission import SubmissionStatus
from homthu.domain.week import Week
from homthu.render.answers import answer_kind, judged
from homthu.render.board.figures import Block, Figures, WeekRow
from homthu.render.board.inputs import FoundPage, ResultsPage, StatusPage, WardListPage, WithdrawalPage
from homthu.render.board.open_data import LIST_SUFFIX, SUFFIX, open_data
from homthu.render.board.verdict import VerdictPage
from homthu.render.numbers import format_count, format_date, format_dates, format_week
from homthu.render.page.directory_view import directory_path, directory_view
from homthu.render.page.inline import Page
from homthu.render.page.options import USUAL, PageOptions
from homthu.render.page.shell import Shell
from homthu.render.texts import Texts

#: The number of weeks shown with every question; earlier ones have only the overall rating.
_DETAILED = 13
_RESULTS = "/ket-qua"


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerView:
    """What the ward was told, in its own words, its answer, the kind of answer, and since when."""

    subject: str
    kind: str
    text: str
    source: str


class BoardPages:
    """Makes every page of the board; equal input gives equal bytes."""

    def __init__(
        self, texts: Mapping[str, Texts], templates: Environment, assets: Mapping[str, bytes]
    ) -> None:
        self._shell = Shell("board", texts, templates, assets)

    def wards(self, page: WardListPage) -> Page:
        """The wards, to choose one."""
        choice = page.listing.choice
        directory = directory_view(
            page.listing,
            page.options,
            self._shell.texts(page.options),
            path=_RESULTS,
            ward_address=lambda code: f"{_RESULTS}/{code}{page.options.query}",
        )
        path = directory_path(_RESULTS, choice, USUAL)
        return self._shell.fill(
            "wards", page.options, page.base_url, path=path, directory=directory, box=None
        )

    def results(self, page: ResultsPage) -> Page:
        """What a ward was told, what it did, and how people rated it."""
        texts = self._shell.texts(page.options)
        figures = Figures(page=page, texts=texts)
        newest, begun = page.published.last_week, page.published.releases.begun
        return self._shell.fill(
            "results",
            page.options,
            page.base_url,
            path=f"{_RESULTS}/{page.box.ward.code}",
            box=page.box,
            newest=newest and figures.weeks(newest, newest),
            next_report=format_date(_next_monday(page)),
            answers=[_answer_view(answer, service, page, texts) for answer, service in page.answers],
            left_out=format_count(page.answered - len(page.answers))
            if page.answered > len(page.answers)
            else "",
            answered=format_count(page.answered),
            in_hand=format_count(page.in_hand),
            judged=judged(
                page.published.releases.of_year(newest.year, WARD, VERDICT) if newest else None,
                texts,
                prefix="board.verdict",
            ),
            digest=printed(page.digest),
            data=f"/ket-qua/{page.box.ward.code}{SUFFIX}",
            chain=f"/ket-qua/{page.box.ward.code}/{CHAIN_NAME}",
            list=newest and _list_path(page.box.ward.code, newest),
            blocks=list(_sums(page, figures)),
            weeks=_week_rows(page, figures),
            begun=begun and figures.weeks(begun, begun),
        )

    def data(self, page: ResultsPage) -> bytes:
        """The same for programs."""
        return open_data(page, Figures(page=page, texts=self._shell.texts(page.options)), detailed=_DETAILED)

    def status(self, page: StatusPage) -> Page:
        """The field for a reference."""
        return self._shell.fill(
            "status",
            page.options,
            page.base_url,
            path="" if page.is_unknown or page.is_busy else "/tra-cuu",
            box=None,
            typed=page.typed,
            is_unknown=page.is_unknown,
            is_busy=page.is_busy,
            fields=_lasting(page.options),
        )

    def found(self, page: FoundPage) -> Page:
        """Where a submission stands. The reference itself is not repeated."""
        texts = self._shell.texts(page.options)
        answer = page.case.public_answer if page.case else None
        return self._shell.fill(
            "found",
            page.options,
            page.base_url,
            box=page.box,
            state=_state(page, texts),
            in_report=_in_report(page, texts),
            is_gone=page.is_withdrawn,
            counted=_counted(page, texts),
            list=_list_path(page.submission_status.ward, page.submission_status.week),
            reading=_reading(page, texts),
            is_petition=page.case is not None and page.case.is_petition and not page.case.is_erased,
            answer=answer
            and _view(answer, texts("board.answered_on", day=format_date(answer.on)), page.today, texts),
            permit=page.permit,
            given=texts("board.verdict.given", verdict=texts(f"board.verdict.kind.{page.verdict.kind}"))
            if page.verdict
            else "",
            kinds=_verdict_kinds(texts),
            fields=_lasting(page.options),
        )

    def verdict(self, page: VerdictPage) -> Page:
        """A verdict that was accepted, or is given back."""
        texts = self._shell.texts(page.options)
        is_form = page.fault is not None and page.fault.can_be_sent_again
        return self._shell.fill(
            "verdict",
            page.options,
            page.base_url,
            box=None,
            permit=page.permit if is_form else "",
            kind=page.kind,
            words=page.words,
            fault=page.fault.value if page.fault else "",
            given=texts("board.verdict.given", verdict=texts(f"board.verdict.kind.{page.given}"))
            if page.given
            else "",
            kinds=_verdict_kinds(texts),
            fields=_lasting(page.options),
        )

    def withdraw(self, page: StatusPage) -> Page:
        """The field for the reference of what is to be withdrawn."""
        return self._shell.fill(
            "withdraw",
            page.options,
            page.base_url,
            path="" if page.is_unknown or page.is_busy or page.is_reporting else "/tra-cuu/rut",
            box=None,
            page=page,
            fields=_lasting(page.options),
        )

    def withdrawing(self, page: WithdrawalPage) -> Page:
        """The confirmation, or that it is done."""
        found = page.found
        texts = self._shell.texts(found.options)
        return self._shell.fill(
            "withdrawing",
            found.options,
            found.base_url,
            box=found.box,
            state=_state(found, texts),
            in_report=_in_report(found, texts),
            is_gone=page.is_done or found.is_withdrawn,
            is_closed=found.submission_status.is_closed,
            page=page,
            mailed=[
                texts(
                    "board.withdraw.mailed",
                    number=f"{number}/{year}",
                    day=format_date(day),
                    recipients=format_count(recipients),
                )
                for number, year, day, recipients in page.mailed
            ],
            fields=_lasting(found.options),
        )


def _list_path(ward: str, week: Week) -> str:
    return f"/ket-qua/{ward}/{week}{LIST_SUFFIX}"


def _counted(page: FoundPage, texts: Texts) -> str:
    """Whether it is among the forms that its report counted; empty where that cannot be said."""
    if not (one := page.inclusion):
        return ""
    number = f"{one.number}/{one.year}"
    key = "counted" if one.is_in else "not_counted"
    return texts(f"board.status.{key}", count=format_count(one.count), number=number)


def _lasting(options: PageOptions) -> list[tuple[str, str]]:
    """The language and size that a form carries along."""
    return [one for one in options.hidden_fields if one[0] in (StatusField.LANGUAGE, StatusField.SIZE)]


def _verdict_kinds(texts: Texts) -> list[tuple[str, str]]:
    return [(one.value, texts(f"board.verdict.kind.{one}")) for one in VerdictKind]


def _reading(page: FoundPage, texts: Texts) -> str:
    """What readers decided about the text, as its author is told; empty while it waits."""
    review, case = page.review, page.case
    if review is None or review.is_erased or (case and case.is_petition):
        return ""
    decision = review.decision
    if decision is None:
        return ""
    return texts(f"board.review.{decision.reason or decision.kind}")


def typed_reference(typed: str) -> str:
    """What was typed, in groups if it can be a reference, so that a typing error is easier to see."""
    reference = parse_reference(typed)
    return format_reference(reference) if reference else typed


def _next_monday(page: ResultsPage) -> date:
    newest = page.published.last_week
    due = (newest.shift(1) if newest else Week.of(page.today)).shift(1).monday
    return max(due, page.today + timedelta(days=-page.today.weekday() % 7))


def _answer_view(answer: Answer, service: str, page: ResultsPage, texts: Texts) -> AnswerView:
    services = {option.id: option for option in page.box.questionnaire.services}
    day = format_date(answer.on)
    if service not in services:
        return _view(answer, texts("board.answered_on", day=day), page.today, texts)
    name = say(services[service].label, texts.language)
    return _view(answer, texts("board.answered_about", service=name, day=day), page.today, texts)


def _view(answer: Answer, source: str, today: date, texts: Texts) -> AnswerView:
    return AnswerView(
        subject=answer.subject,
        kind=answer_kind(answer, texts, prefix="board.answer", today=today),
        text=answer.text,
        source=source,
    )


def _sums(page: ResultsPage, figures: Figures) -> Iterator[Block]:
    """The newest run, the round and the year; a round or year that adds nothing is left out."""
    published, texts = page.published, figures.texts
    runs = published.releases.runs(WARD, OVERALL)
    if not runs or published.last_week is None:
        return
    newest, year = runs[-1].last, published.last_week.year
    found = [figures.ended_in(newest)]
    if round_ := page.round:
        dates = format_dates(round_.opens_on, round_.closes_on)
        title = texts("board.round", name=round_.name, dates=dates)
        if _adds(runs, lambda one: one.round == round_.id):
            found.append(figures.of_round(round_.id, title))
    if _adds(runs, lambda one: one.last.year == year):
        found.append(figures.of_year(year))
    yield from (block for block in found if block)


def _adds(runs: Sequence[Release], is_in: Callable[[Release], bool]) -> bool:
    """Whether a sum holds more than the newest run."""
    return any(is_in(one) and one.last != runs[-1].last for one in runs)


def _week_rows(page: ResultsPage, figures: Figures) -> list[WeekRow]:
    """Every week of the newest report's year, newest first."""
    newest = page.published.last_week
    if newest is None:
        return []
    weeks = [one for one in reversed(page.published.weeks) if one.week.year == newest.year]
    return [
        figures.week_row(one.week, one.received, with_block=number < _DETAILED)
        for number, one in enumerate(weeks)
    ]


def _state(page: FoundPage, texts: Texts) -> str:
    if page.submission_status.erased_on:
        return texts("board.state.expired" if page.is_expired else "board.state.erased")
    case = page.case
    if case is None:
        return texts("board.state.reported" if page.submission_status.is_closed else "board.state.received")
    return texts(f"board.state.{_case_state(case)}")


def _case_state(case: Case) -> str:
    if case.state.is_open:
        return "in_hand"
    if case.public_answer:
        return "answered"
    # An answered petition cannot be; what was answered to nobody in public is closed.
    return CaseState.CLOSED.value


def _in_report(page: FoundPage, texts: Texts) -> str:
    submission_status: SubmissionStatus = page.submission_status
    if submission_status.erased_on:
        day = format_date(submission_status.erased_on)
        return texts("board.expired" if page.is_expired else "board.erased", day=day)
    if submission_status.is_closed:
        return texts(
            "board.in_report",
            week=format_week(submission_status.week),
            dates=format_dates(submission_status.week.monday, submission_status.week.sunday),
        )
    report_on = submission_status.week.shift(1).monday
    if report_on < page.today:
        return texts("board.in_next_report")
    return texts("board.in_coming_report", day=format_date(report_on))
