"""An invented week for the previews: what Monday's report would say about some sixty made-up forms.

It is made as a real report is, over an empty store that is deleted afterwards.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from commands.seed_demo import Citizens, instants
from homthu.bootstrap.parts import Parts
from homthu.config import read_settings
from homthu.domain.boxes.box import Box, Boxes
from homthu.domain.boxes.questionnaire import Questionnaire
from homthu.domain.reports.audience import Audience
from homthu.domain.reports.suggestion import Suggestion
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.domain.submissions.signs import Signs
from homthu.domain.submissions.submission import StoredSubmission
from homthu.domain.week import Week, local_date
from homthu.services.compile import compile_week
from homthu.services.owed_weeks import last_finished_week
from local.data_folder import own_store

FORMS = 60


class SampleWeek:
    """Makes the report of the last finished week for any box."""

    def __init__(self, now: datetime, base_url: str, signs: Signs) -> None:
        self._now = now
        self._base_url = base_url
        self._signs = signs

    def report(self, box: Box, audience: Audience) -> WeeklyReport:
        """The report as this kind of reader would get it."""
        return self.reports(box)[audience]

    def reports(self, box: Box) -> dict[Audience, WeeklyReport]:
        """The report as each kind of reader in the box would get it."""
        made: dict[Audience, WeeklyReport] = {}

        def keep(report: WeeklyReport, suggestions: Iterable[Suggestion]) -> bytes:
            made[report.audience] = report
            return b""

        week = last_finished_week(self._now)
        invented = list(_forms(box, week))
        with TemporaryDirectory(prefix="hom-thu-", ignore_cleanup_errors=True) as folder:
            parts = self._parts(box, Path(folder))
            context = replace(parts.context, render=keep)
            compile_week(context, box, week, 1, lambda: iter(invented))
            parts.close_store()
        return made

    def _parts(self, box: Box, folder: Path) -> Parts:
        environ = {
            "HOMTHU_BASE_URL": self._base_url,
            "HOMTHU_STORE": own_store(folder),
            "HOMTHU_MAIL": f"outbox:{folder.as_posix()}/outbox",
            "HOMTHU_SENDER": "hom-thu@example.org",
        }
        settings = read_settings(environ, frozenset(environ))
        asked: dict[str, Questionnaire] = {box.questionnaire.version: box.questionnaire}
        boxes = Boxes(by_ward={box.ward.code: box}, questionnaires=asked, signs=self._signs)
        return Parts(settings, boxes, {}, clock=lambda: self._now, progress=lambda _: None)


def _forms(box: Box, week: Week) -> Iterator[StoredSubmission]:
    chance = random.Random(1)
    citizens = Citizens(box, chance)
    for number, at in enumerate(instants([week], FORMS, chance), 1):
        yield StoredSubmission(
            id=f"{chance.getrandbits(128):032x}",
            submission=citizens.one(at),
            week=week,
            received_on=local_date(at),
            number=number,
        )
