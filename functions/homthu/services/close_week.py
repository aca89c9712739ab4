"""Close a week: stamp its submissions, tally them, and freeze the report made from them."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from operator import add

from homthu.domain.box import Box
from homthu.domain.ledger import FrozenReport, Head
from homthu.domain.questionnaire import Questionnaire
from homthu.domain.round import Round, rounds_around
from homthu.domain.submission import StoredSubmission
from homthu.domain.suggestion import Suggestion, SuggestionSelector, suggestions_in
from homthu.domain.tally import Tally
from homthu.domain.week import Week, local_date
from homthu.domain.weekly_report import WeeklyReport
from homthu.ports import Clock, Conflict, Ledger, SubmissionArchive
from homthu.services.claim import Claim
from homthu.services.deliver import deliveries_of

#: Makes the mail of a report, complete but for recipient and Message-ID. The second argument
#: streams every suggestion of the week that may be quoted.
RenderReport = Callable[[WeeklyReport, Iterable[Suggestion]], bytes]
#: Is told what is being done, for a person who watches.
Progress = Callable[[str], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Office:
    """What reports are made with."""

    archive: SubmissionArchive
    ledger: Ledger
    questionnaires: Mapping[str, Questionnaire]
    render: RenderReport
    clock: Clock
    progress: Progress


def close_week(office: Office, claim: Claim, box: Box, week: Week) -> FrozenReport:
    """Close one week of a claimed ward and move its head on; safe to repeat after any crash.

    Each step is either done once for ever (stamp, freeze) or comes out the same again (content,
    deliveries), and the head moves last.
    """
    report = office.ledger.report(box.ward.code, week) or _freeze(office, claim, box, week)
    for delivery in deliveries_of(report):
        office.ledger.owe(delivery)
    claim.advance(
        lambda head: replace(
            head, last_week=report.week, last_number=report.number, last_digest=report.digest
        )
    )
    return report


def preview(office: Office, box: Box, week: Week) -> bytes:
    """The mail of a week as it would be made now, from what carries no stamp yet; changes nothing."""
    head = office.ledger.head(box.ward.code) or Head(ward=box.ward.code)

    def submissions() -> Iterator[StoredSubmission]:
        return (one for one in office.archive.everything(box.ward.code) if one.week == week)

    return _render(office, box, week, _number(head, week), submissions)[1]


def _freeze(office: Office, claim: Claim, box: Box, week: Week) -> FrozenReport:
    ward = box.ward.code
    stamped = 0
    for count in office.archive.stamp(ward, week):
        stamped += count
        office.progress(f"{ward} {week}: {stamped} stamped")
        claim.check()
    number = _number(claim.head, week)
    tally, content = _render(
        office, box, week, number, lambda: _watched(office, claim, office.archive.stamped(ward, week))
    )
    report = FrozenReport(
        ward=ward,
        week=week,
        number=number,
        frozen_on=local_date(office.clock()),
        recipients=tuple(recipient.email for recipient in box.recipients),
        tally=tally,
        content=f"{ward}.{week}.{hashlib.sha256(content).hexdigest()[:32]}",
        previous_digest=claim.head.last_digest,
        digest="",
    )
    report = replace(report, digest=chain_digest(report, content))
    office.ledger.save_content(report.content, content)
    claim.check()
    try:
        office.ledger.freeze(report)
    except Conflict:
        # A worker before us froze it and died, or its answer was lost: what it froze stands.
        return office.ledger.report(ward, week) or report
    return report


def chain_digest(report: FrozenReport, content: bytes) -> str:
    """What ties a report to its content and to the report before it: SHA-256, hexadecimal."""
    facts = [
        report.previous_digest,
        report.ward,
        str(report.week),
        report.number,
        report.frozen_on.isoformat(),
        list(report.recipients),
        report.tally.to_json(),
        hashlib.sha256(content).hexdigest(),
    ]
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()


def _render(
    office: Office,
    box: Box,
    week: Week,
    number: int,
    submissions: Callable[[], Iterator[StoredSubmission]],
) -> tuple[Tally, bytes]:
    """The week's tally and mail. The submissions are streamed twice: to count, and to quote."""
    ward = box.ward.code
    selector = SuggestionSelector(office.questionnaires)
    tally = Tally.of(_each(submissions(), selector.add))
    round_ = _round_of(box, week)
    year_start = Week(week.year, 1)
    round_start = Week.of(round_.opens_on) if round_ else week
    earlier = [
        report
        for report in office.ledger.reports(ward, min(year_start, round_start, week.shift(-1)))
        if report.week < week
    ]

    def since(start: Week) -> Tally:
        return reduce(add, (report.tally for report in earlier if report.week >= start), tally)

    report = WeeklyReport(
        box=box,
        questionnaires=office.questionnaires,
        week=week,
        number=number,
        made_on=local_date(office.clock()),
        round=round_,
        tally=tally,
        previous=next((report.tally for report in earlier if report.week == week.shift(-1)), None),
        round_tally=since(round_start),
        year_tally=since(year_start),
        suggestions=selector.result(),
    )
    return tally, office.render(report, suggestions_in(submissions(), office.questionnaires))


def _each(
    submissions: Iterator[StoredSubmission], look: Callable[[StoredSubmission], None]
) -> Iterator[StoredSubmission]:
    for submission in submissions:
        look(submission)
        yield submission


def _watched(
    office: Office, claim: Claim, submissions: Iterator[StoredSubmission]
) -> Iterator[StoredSubmission]:
    for number, submission in enumerate(submissions, 1):
        if number % 1000 == 0:
            claim.check()
            office.progress(f"{submission.submission.ward} {submission.week}: {number} read")
        yield submission


def _round_of(box: Box, week: Week) -> Round | None:
    """The newest round that touches the week, for one that ends on a Wednesday is still reported on."""
    touching = [
        round_
        for round_ in rounds_around(box.rounds, week.sunday)
        if round_.opens_on <= week.sunday and round_.closes_on >= week.monday
    ]
    return touching[-1] if touching else None


def _number(head: Head, week: Week) -> int:
    """Reports are numbered from 1 in every year."""
    return head.last_number + 1 if head.last_week and head.last_week.year == week.year else 1
