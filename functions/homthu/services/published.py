"""Published: what a ward shows to everyone, from its frozen reports and its cases."""

from dataclasses import dataclass
from datetime import datetime

from homthu.domain.cases.case import Answer
from homthu.domain.reports.attribution import Attribution
from homthu.domain.reports.chain_lines import ChainLine
from homthu.domain.reports.ledger import chain_order, newest_counts
from homthu.domain.reports.printed_digest import printed
from homthu.domain.reports.published import Published
from homthu.domain.week import Week, local_date
from homthu.ports import Cases, Ledger

#: The most answers shown; older ones are in the ward's own archive.
MAX_ANSWERS = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicAnswer:
    """An answer, and the service that the suggestion was about: empty where few wrote about it."""

    answer: Answer
    service: str


@dataclass(frozen=True, kw_only=True, slots=True)
class WardResults:
    """Everything the board shows of a ward. `in_hand` counts the cases in which it owes something today:
    not answered, or what was promised has come due. `digest` is that of the newest report."""

    published: Published
    answers: tuple[PublicAnswer, ...]
    answered: int
    in_hand: int
    digest: str


def published_chain(ledger: Ledger, *, ward: str, now: datetime) -> list[ChainLine]:
    """The reports whose digests are public, oldest first: all that are numbered in last year and this year,
    since the province reports each that it saw and then misses. May raise `StoreUnavailable`.
    """
    first = Week.at(now).year - 1
    # A correction is numbered in the year in which it was made; its week may be one of the year before.
    reports = sorted(ledger.reports(ward, Week(first - 1, 1)), key=chain_order)
    return [
        ChainLine(
            year=one.year,
            number=one.number,
            week=str(one.week),
            edition=str(one.edition),
            digest=printed(one.digest),
        )
        for one in reports
        if one.year >= first
    ]


def published_results(ledger: Ledger, cases: Cases, *, ward: str, now: datetime) -> WardResults:
    """Read what is public: last year's reports and this year's, and the newest answers.

    May raise `StoreUnavailable`.
    """
    reports = list(ledger.reports(ward, Week(Week.at(now).year - 1, 1)))
    newest = newest_counts(reports)
    attribution = Attribution.of({week: report.tally for week, report in newest.items()})
    # Newest day first; within a day by the ids, which are random.
    answers = [
        PublicAnswer(answer=case.public_answer, service=attribution.service(case.week, case.service))
        for case in cases.answered_cases(ward, limit=MAX_ANSWERS)
        if case.public_answer
    ]
    return WardResults(
        published=Published.of(reports),
        answers=tuple(answers),
        answered=cases.count_answered(ward),
        # As the desk counts: an answer whose promised day lies ahead leaves nothing to do today.
        in_hand=cases.count_owed(ward, local_date(now)),
        digest=max(reports, key=chain_order).digest if reports else "",
    )
