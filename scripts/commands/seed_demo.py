"""Fill a folder of its own with plausible made-up submissions; the same seed makes the same ones.

The folder says that they are invented. One that holds a real box is refused.
"""

import argparse
import random
import shlex
import sys
import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta

from environment import ROOT
from homthu.adapters.clock import system_clock
from homthu.bootstrap.start import start
from homthu.domain.boxes.box import Box
from homthu.domain.boxes.questionnaire import (
    ASKED_FOR_MONEY,
    HARASSED,
    NO_OPINION,
    RATINGS,
    Question,
    QuestionKind,
    TextKind,
)
from homthu.domain.boxes.round import OUTSIDE, moment_at
from homthu.domain.submissions.submission import Channel, Flag, Submission
from homthu.domain.week import Week
from homthu.services.owed_weeks import last_finished_week
from homthu.services.submit import submit
from local import data_folder

TEXTS = tomllib.loads((ROOT / "scripts" / "demo" / "suggestions.toml").read_text("utf-8"))
#: Ratings as satisfied and as dissatisfied people give them, for 5 4 3 2 1 and no opinion.
HAPPY = (42, 40, 10, 3, 1, 4)
UNHAPPY = (3, 12, 25, 35, 20, 5)
#: How a day's visits spread over the office's hours, 7 h to 20 h.
HOURS = (2, 8, 10, 9, 4, 1, 3, 8, 9, 7, 4, 3, 2, 1)


class Citizens:
    """Makes up submissions; everything random comes from one generator."""

    def __init__(self, box: Box, generator: random.Random) -> None:
        self._box = box
        self._generator = generator
        # The one-stop office is the busiest; one culture house stays nearly silent.
        self._weights = [8.0, *(generator.uniform(0.2, 2.5) for _ in box.places[1:])]

    def one(self, at: datetime) -> Submission:
        """One submission sent at this instant."""
        pick = self._generator
        is_happy = pick.random() < 0.82
        service = pick.choice(self._box.questionnaire.services).id if pick.random() < 0.7 else ""
        channel = pick.choices((Channel.QR, Channel.LINK, Channel.PAPER), (80, 14, 6))[0]
        round_ = moment_at(self._box.rounds, at, self._box.closing_hours).current
        text = self._text(service, is_happy=is_happy)
        return Submission(
            ward=self._box.ward.code,
            place=pick.choices(self._box.places, self._weights)[0].code,
            channel=channel,
            assisted=channel is Channel.QR and pick.random() < 0.12,
            questionnaire=self._box.questionnaire.version,
            round=round_.id if round_ else OUTSIDE,
            answers=self._answers(is_happy=is_happy),
            text=text,
            service=service,
            flags=(Flag.NO_STAMP,) if pick.random() < 0.02 else (),
            text_kind=self._text_kind(is_happy=is_happy) if text else None,
            do_not_quote=bool(text) and not is_happy and pick.random() < 0.05,
        )

    def _text_kind(self, *, is_happy: bool) -> TextKind | None:
        kinds = self._box.questionnaire.text_kinds
        if not kinds or self._generator.random() < 0.4:
            return None
        return TextKind.PRAISE if is_happy else self._generator.choice((TextKind.PROBLEM, TextKind.PROPOSAL))

    def _answers(self, *, is_happy: bool) -> dict[str, str]:
        answers = {}
        for question in self._box.questionnaire.questions:
            if not question.required and self._generator.random() < 0.25:
                continue
            if question.kind is QuestionKind.RATING:
                weights = HAPPY if is_happy else UNHAPPY
                answers[question.id] = self._generator.choices((*RATINGS, NO_OPINION), weights)[0]
            elif question.option(ASKED_FOR_MONEY):
                answers[question.id] = self._generator.choices(*_troubled(question, is_happy=is_happy))[0]
            else:
                # Favourable answers are listed first in every question of the default questionnaire.
                ids = [option.id for option in question.options]
                falling = [2.0 ** -(i if is_happy else i / 3) for i in range(len(ids))]
                answers[question.id] = self._generator.choices(ids, falling)[0]
        return answers

    def _text(self, service: str, *, is_happy: bool) -> str:
        chance = self._generator.random()
        if chance > (0.25 if is_happy else 0.75):
            return ""
        if chance < 0.02:
            return str(
                self._generator.choice([*TEXTS["complaint"]["petition"], *TEXTS["complaint"]["contact"]])
            )
        texts = TEXTS["praise" if is_happy else "complaint"]
        return str(self._generator.choice(texts.get(service, texts["khac"])))


def _troubled(question: Question, *, is_happy: bool) -> tuple[list[str], list[float]]:
    """Answers to whether one was harassed or asked for money, which few were, and their weights."""
    ids = [option.id for option in question.options]
    rare = 0.002 if is_happy else 0.03
    return ids, [
        rare if id in (HARASSED, ASKED_FOR_MONEY) else 1 - 0.9 * (at > 0) for at, id in enumerate(ids)
    ]


def instants(weeks: list[Week], count: int, generator: random.Random) -> list[datetime]:
    """When the submissions come: working days mostly, more in some weeks than in others."""
    busy = [generator.uniform(0.6, 1.4) for _ in weeks]
    found = []
    for week in generator.choices(weeks, busy, k=count):
        day = generator.choices(range(7), (10, 9, 9, 9, 8, 4, 2))[0]
        hour = 7 + generator.choices(range(len(HOURS)), HOURS)[0]
        found.append(week.begins_at + timedelta(days=day, hours=hour, seconds=generator.randrange(3600)))
    return sorted(found)


def progress(items: list[datetime], width: int = 40) -> Iterator[datetime]:
    """The items, with a bar on the terminal while they are worked through."""
    shows = sys.stderr.isatty()
    for number, item in enumerate(items, 1):
        yield item
        if shows and (number % 20 == 0 or number == len(items)):
            done = width * number // len(items)
            print(f"\r[{'█' * done}{'·' * (width - done)}] {number}/{len(items)}", end="", file=sys.stderr)
    if shows:
        print(file=sys.stderr)


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--ward", metavar="CODE", help="one ward (default: all of them)")
    parser.add_argument(
        "--weeks", type=int, default=4, metavar="N", help="so many finished weeks (default: 4)"
    )
    parser.add_argument("--submissions", type=int, default=200, metavar="N", help="in all (default: 200)")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--as-of", type=data_folder.instant, metavar="TIME", help="weeks end before this")
    data_folder.add_data_option(parser, data_folder.DEFAULT_DEMO)
    arguments = parser.parse_args()
    if arguments.weeks < 1 or arguments.submissions < 0:
        parser.error("--weeks ≥ 1, --submissions ≥ 0")
    return arguments


def main() -> None:
    """Run the command."""
    arguments = parse()
    generator = random.Random(arguments.seed)
    last = last_finished_week(arguments.as_of or system_clock())
    weeks = [last.shift(-n) for n in reversed(range(arguments.weeks))]
    times = instants(weeks, arguments.submissions, generator)
    shown = weeks[0].begins_at
    parts = start("submit", data_folder.demo_box(arguments.data), clock=lambda: shown)
    boxes = parts.boxes.by_ward
    if arguments.ward and arguments.ward not in boxes:
        sys.exit(f"Không có phường mã {arguments.ward}; có: {', '.join(boxes)}")
    wards = [arguments.ward] if arguments.ward else list(boxes)
    citizens = [Citizens(boxes[ward], generator) for ward in wards]
    for at in progress(times):
        shown = at
        key = generator.randbytes(16).hex()
        submission = generator.choice(citizens).one(at)
        submit(parts.intake, parts.secrets, key=key, submission=submission)
    parts.close_store()
    print(f"{len(times)} phiếu mẫu, {weeks[0]}–{weeks[-1]}; lập báo cáo bằng:")
    folder = shlex.quote(str(arguments.data))
    for ward in wards:
        print(f"  scripts/report --ward {ward} --week {weeks[-1]} --data {folder}")
    print(f"Xem thử / look: scripts/serve --data {folder}")
