"""How long it takes to work out what a week may tell, at the end of a year without a single round.

That is the worst case: all answers of the year are in one course, and every release of the year counts. The
limit is five seconds of processor time.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from random import Random
from time import process_time

from homthu.bootstrap.start import start
from homthu.domain.boxes.questionnaire import Questionnaire
from homthu.domain.boxes.round import OUTSIDE
from homthu.domain.releases.history import History
from homthu.domain.reports.clusters import count_submissions
from homthu.domain.submissions.submission import Channel, StoredSubmission, Submission
from homthu.domain.week import Week

from dev.benching.figure import Figure

LIMIT_SECONDS = 5.0
PLACES = 30
#: Forms a week: of the office, and of every other place.
BUSY = {"a quiet ward": (30, 1), "a busy one": (150, 5)}
YEAR = [Week(2026, number) for number in range(1, 54)]


def measure(environ: dict[str, str]) -> Iterator[Figure]:
    """The last week of the year, for a ward of each kind."""
    questionnaires = start("form", environ).boxes.questionnaires
    asked = next(iter(questionnaires.values()))
    for name, (context, elsewhere) in BUSY.items():
        history, chance, forms, seconds = History(), Random(1), 0, 0.0
        for week in YEAR:
            submissions = list(_week(chance, asked, week, context, elsewhere))
            forms += len(submissions)
            tally = count_submissions(submissions, questionnaires)
            begun = process_time()
            facts = history.decide(week, tally, running=(OUTSIDE,), ending=())
            seconds = process_time() - begun
            history.add(week, tally + facts)
        yield Figure(
            name=f"seconds to decide a year's last week: {name}, {PLACES} places, {forms} forms",
            ours=seconds,
            limit=LIMIT_SECONDS,
            ratio=seconds / LIMIT_SECONDS,
        )


def _week(
    chance: Random, asked: Questionnaire, week: Week, context: int, elsewhere: int
) -> Iterator[StoredSubmission]:
    services = ["", *(service.id for service in asked.services)]
    for place in range(PLACES):
        for number in range(context if place == 0 else chance.randrange(2 * elsewhere + 1)):
            yield StoredSubmission(
                id=f"{week}-{place}-{number}",
                submission=Submission(
                    ward="00000",
                    place=f"p{place:02d}",
                    channel=chance.choices([Channel.QR, Channel.LINK, Channel.PAPER], [70, 15, 15])[0],
                    assisted=chance.random() < 0.15,
                    questionnaire=asked.version,
                    round=OUTSIDE,
                    answers=_answers(chance, asked),
                    text="",
                    service=chance.choice(services),
                ),
                week=week,
                received_on=week.monday + timedelta(days=number % 7),
            )


def _answers(chance: Random, asked: Questionnaire) -> Mapping[str, str]:
    return {question.id: chance.choice(question.options).id for question in asked.questions}
