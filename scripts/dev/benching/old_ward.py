"""A ward that a box has served for years: what its store holds, without making every mail of it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from random import Random

from homthu.adapters.case_records import case_record, without_index
from homthu.adapters.review_records import review_record
from homthu.adapters.store_records import head_record, report_record, submission_record
from homthu.domain.backup import Entry, Kind
from homthu.domain.boxes.box import Box
from homthu.domain.boxes.questionnaire import Questionnaire
from homthu.domain.boxes.round import OUTSIDE
from homthu.domain.cases.case import ActionKind, Case, CaseAction, CaseEvent
from homthu.domain.cases.review import Decision, Review, ReviewEvent, ReviewKind
from homthu.domain.reports.clusters import count_submissions
from homthu.domain.reports.edition import WEEKLY, Edition
from homthu.domain.reports.ledger import FrozenReport, Head, report_id
from homthu.domain.reports.tally import Tally
from homthu.domain.submissions.submission import Channel, StoredSubmission, Submission
from homthu.domain.week import Week

WEEKS_A_YEAR = 52
#: A quarter's round and a year's report, beside the weekly ones.
_QUARTER = 13
_WORDS = [
    "hồ",
    "sơ",
    "chứng",
    "thực",
    "đường",
    "ngõ",
    "đèn",
    "hỏng",
    "sửa",
    "chậm",
    "nhanh",
    "tốt",
    "giờ",
    "mở",
    "cửa",
    "bàn",
    "số",
    "giấy",
    "hẹn",
    "trả",
]


@dataclass(frozen=True, kw_only=True)
class OldWard:
    """This many forms and cases a week, for `weeks` weeks up to `last`, which has its report.

    Six in ten forms have a text, which readers let pass. A case is opened on the Monday after its week,
    assigned on the next day, and answered after thirteen: so twenty are open on any day. What people
    wrote is kept of the last `weeks_with_forms` alone, since nothing reads the others.
    """

    box: Box
    questionnaires: Mapping[str, Questionnaire]
    last: Week
    weeks: int
    forms: int = 50
    cases: int = 10
    weeks_with_forms: int = 4

    @property
    def ward(self) -> str:
        """The ward's code."""
        return self.box.ward.code

    def entries(self) -> Iterator[Entry]:
        """Everything, as a backup has it, for `Backup.load`."""
        weeks = [self.last.shift(-number) for number in reversed(range(self.weeks))]
        tally = count_submissions(self.week(self.last), self.questionnaires)
        yield from self._reports(weeks, tally)
        for number, week in enumerate(weeks):
            submissions = self.week(week)
            opened = [one for one in submissions if one.submission.text][: self.cases]
            yield from (self._case(one) for one in opened)
            if number < self.weeks - self.weeks_with_forms:
                continue
            yield from map(_submission, submissions)
            yield from (self._review(one) for one in submissions if one.submission.text)

    def week(self, week: Week) -> list[StoredSubmission]:
        """The submissions of a week, in the order of their ids."""
        chance = Random(f"{self.ward} {week}")
        found = [
            StoredSubmission(
                id=sha256(f"{self.ward} {week} {number}".encode()).hexdigest()[:32],
                submission=self.form(chance, number),
                week=week,
                received_on=week.monday + timedelta(days=number % 7),
            )
            for number in range(self.forms)
        ]
        return sorted(found, key=lambda one: one.id)

    def form(self, chance: Random, number: int) -> Submission:
        """One form."""
        asked = self.box.questionnaire
        text = " ".join(chance.choices(_WORDS, k=12)) if number % 10 < 6 else ""
        return Submission(
            ward=self.ward,
            place=self.box.places[number % len(self.box.places)].code,
            channel=Channel.QR,
            assisted=False,
            questionnaire=asked.version,
            round=OUTSIDE,
            answers={one.id: chance.choice(one.options).id for one in asked.questions if one.options},
            text=text,
            service=chance.choice(asked.services).id,
        )

    def _reports(self, weeks: Iterable[Week], tally: Tally) -> Iterator[Entry]:
        digest, number, year = "", 0, 0
        written = json.dumps(tally.to_json(), ensure_ascii=False)
        for week in weeks:
            editions = [WEEKLY]
            editions += [Edition.parse(f"round.{week}")] if week.number % _QUARTER == 0 else []
            editions += [Edition.parse(f"year.{week.year}")] if week.number == WEEKS_A_YEAR else []
            for edition in editions:
                number = number + 1 if week.year == year else 1
                year = week.year
                report = FrozenReport(
                    ward=self.ward,
                    week=week,
                    edition=edition,
                    year=year,
                    number=number,
                    frozen_on=week.shift(1).monday,
                    recipients=(),
                    tally=tally,
                    content="",
                    previous_digest=digest,
                    digest=sha256(f"{week} {edition}".encode()).hexdigest(),
                )
                digest = report.digest
                id = report_id(self.ward, week, edition)
                # The tally is the same in all: serialised once, for it takes most of the time.
                record = {**report_record(replace(report, tally=Tally())), "tally": written}
                yield Entry(kind=Kind.REPORTS, id=id, record=record)
        head = Head(
            ward=self.ward, last_week=self.last, last_year=year, last_number=number, last_digest=digest
        )
        yield Entry(kind=Kind.HEADS, id=self.ward, record=head_record(head))

    def _case(self, stored: StoredSubmission) -> Entry:
        monday = stored.week.shift(1).monday
        actions = (
            (0, CaseAction(kind=ActionKind.OPEN)),
            (1, CaseAction(kind=ActionKind.ASSIGN, text="Tổ", due_on=monday + timedelta(days=20))),
            (13, CaseAction(kind=ActionKind.ANSWER, subject="Giờ mở cửa", text="Đã mở cửa sớm hơn.")),
        )
        today = self.last.shift(1).monday
        case = Case(
            id=stored.id,
            ward=self.ward,
            place=stored.submission.place,
            service=stored.submission.service,
            week=stored.week,
            is_petition=False,
            number=1,
            history=tuple(
                CaseEvent(action=action, who="A", on=on, idempotency_key=f"{after}")
                for after, action in actions
                if (on := monday + timedelta(days=after)) <= today
            ),
        )
        return Entry(kind=Kind.CASES, id=case.id, record=without_index(case_record(case)))

    def _review(self, stored: StoredSubmission) -> Entry:
        event = ReviewEvent(
            decision=Decision(kind=ReviewKind.PASS),
            who="A",
            on=stored.week.shift(1).monday,
            idempotency_key="k",
        )
        review = Review(id=stored.id, ward=self.ward, week=stored.week, number=1, history=(event,))
        return Entry(kind=Kind.REVIEWS, id=review.id, record=review_record(review))


def _submission(stored: StoredSubmission) -> Entry:
    record = submission_record(stored.submission, "digest")
    dated = {"week": str(stored.week), "received_on": stored.received_on.isoformat()}
    return Entry(kind=Kind.SUBMISSIONS, id=stored.id, record={**record, **dated})
