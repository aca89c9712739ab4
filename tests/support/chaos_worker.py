"""The reporters of the chaos run, each in a process of its own, which kills itself where it is told to.

    PYTHONPATH=functions:tests/support chaos_worker.py DATABASE PORT CERTIFICATE JOURNAL

It reads lines of JSON, each a list of reporters that run at once: [[WARD, NOW, POINT], …]. They are forks, so
that what they import is imported once. It answers with a line of their exit statuses, once all are dead.

POINT is `name:when:nth`, such as `freeze:after:1`, or empty. Before the kill a line goes into the
journal: what was being done, so that every extra copy of a mail can be explained afterwards.
"""

import json
import os
import signal
import ssl
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from builders import SIGNS, box
from fakes.mail_server import HOST, PASSWORD, USERNAME
from homthu.adapters.mail.smtp import SmtpMailer
from homthu.adapters.randomness import random_bytes
from homthu.adapters.seal import FernetSeal
from homthu.adapters.sqlite.store import SqliteStore
from homthu.domain.boxes.box import Box, Boxes, Reads, Unit
from homthu.domain.cases.unit_mail import TaskLine, UnitMail, UnitMailKind
from homthu.domain.reports.ledger import Delivery
from homthu.domain.reports.suggestion import Suggestion
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.domain.secret import Secrets
from homthu.services.access import PassIssuer, own_links
from homthu.services.report_context import ReportContext
from homthu.services.run_reports import report_ward
from homthu.services.unit_mails import UnitPost, tell_units
from report_harness import RECIPIENTS, SENDER, render

#: Every step that leaves something behind, and so every place where a crash may tear.
POINTS = (
    *(
        "create_desk_term",
        "create_head",
        "replace_head",
        "assign_known",
        "save_content",
        "freeze",
        "owe",
        "replace_delivery",
        "owe_unit_mail",
        "replace_unit_mail",
        "send",
    ),
)
ANSWER_SECONDS = 0.6
_MOST_SECONDS = 120
BASE_URL = "https://gopy.example.org"
DESK_SECRETS = Secrets(current=b"d" * 32)
UNITS = (Unit(name="Bộ phận Một cửa", email="mot-cua@example.org"),)

#: Of two kinds, so that each report has two mails.
READERS = tuple(
    replace(one, reads=frozenset({Reads.FIGURES})) if number else one for number, one in enumerate(RECIPIENTS)
)


class Killing:
    """Passes every call on, and kills this process before or after the chosen one."""

    def __init__(self, real: Any, point: str, journal: Path) -> None:
        self._real = real
        self._name, self._when, nth = (point or "none:before:0").split(":")
        self._left = int(nth)
        self._journal = journal

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._real, name)
        if name != self._name:
            return method
        return self._chunks if name == "assign_known" else self._around(name, method)

    def _around(self, name: str, method: Any) -> Any:
        def call(*arguments: Any, **options: Any) -> Any:
            self._left -= 1
            if self._left == 0 and self._when == "before":
                self._die(name, arguments)
            result = method(*arguments, **options)
            if self._left == 0:
                self._die(name, arguments)
            return result

        return call

    def _chunks(self, *arguments: Any) -> Iterator[int]:
        for count in self._real.assign_known(*arguments):
            self._left -= 1
            if self._left == 0:
                self._die("assign_known", arguments)
            yield count

    def _die(self, name: str, arguments: tuple[Any, ...]) -> None:
        new = arguments[-1] if arguments else None
        about = f"{new.id} {new.state}" if isinstance(new, Delivery | UnitMail) else _message_id(arguments)
        with self._journal.open("a") as journal:
            journal.write(f"{name} {self._when} {about}\n")
            journal.flush()
            os.fsync(journal.fileno())
        os.kill(os.getpid(), signal.SIGKILL)


def _message_id(arguments: tuple[Any, ...]) -> str:
    first = arguments[0] if arguments else b""
    if not isinstance(first, bytes):
        return "-"
    return first.split(b"Message-ID: <")[1].split(b"@")[0].decode() if b"Message-ID: <" in first else "-"


def write_unit_mail(box: Box, kind: UnitMailKind, unit: str, lines: Sequence[TaskLine]) -> bytes:
    """A mail that names its cases, each with its link: the same bytes whenever it is made, but for these."""
    told = "\r\n".join(f"{line.name} {line.link}" for line in lines)
    return f"Subject: {kind}\r\n\r\n{unit}\r\n{told}\r\n".encode()


def render_with_door(report: WeeklyReport, suggestions: Iterable[Suggestion]) -> bytes:
    """A report's mail that leads to the desk's door, where each recipient's own link is put."""
    return render(report, suggestions).replace(b"\r\n\r\n", f"\r\n\r\n{BASE_URL}/xu-ly\r\n".encode(), 1)


def box_of(ward: str) -> Box:
    """The box of each ward of the run."""
    held = replace(box(recipients=READERS), units=UNITS)
    return replace(held, ward=replace(held.ward, code=ward))


def issuer_of(store: Any, wards: Iterable[str], now: datetime) -> PassIssuer:
    """What the recipients' links are made and opened with."""
    boxes = {ward: box_of(ward) for ward in wards}
    return PassIssuer(
        seal=FernetSeal(DESK_SECRETS.sealing_keys(), lambda: now),
        boxes=Boxes(by_ward=boxes, questionnaires={}, signs=SIGNS),
        terms=store,
        clock=lambda: now,
        random_bytes=random_bytes,
    )


def report(database: str, port: str, certificate: str, journal: str, ward: str, now: str, point: str) -> None:
    """Be one reporter."""
    instant = datetime.fromisoformat(now)
    mailer = SmtpMailer(
        HOST,
        int(port),
        USERNAME,
        PASSWORD,
        timeout_seconds=5,
        answer_timeout_seconds=ANSWER_SECONDS,
        context=ssl.create_default_context(cafile=certificate),
    )
    store = Killing(SqliteStore(Path(database), lambda: instant), point, Path(journal))
    held, issuer = box_of(ward), issuer_of(store, [ward], instant)
    context = ReportContext(
        archive=store,
        ledger=store,
        cases=store,
        finder=store,
        reviews=store,
        verdicts=store,
        typed_weeks=store,
        unit_mails=store,
        batches=store,
        questionnaires={held.questionnaire.version: held.questionnaire},
        signs=SIGNS,
        render=render_with_door,
        links=lambda box: own_links(issuer, BASE_URL, box),
        clock=lambda: instant,
        random_bytes=random_bytes,
        progress=lambda _: None,
    )
    killing_mailer = Killing(mailer, point, Path(journal))
    report_ward(context, killing_mailer, SENDER, held, owner=str(os.getpid()))
    post = UnitPost(
        unit_mails=store,
        cases=store,
        finder=store,
        signs=SIGNS,
        seal=issuer.seal,
        mailer=killing_mailer,
        sender=SENDER,
        clock=lambda: instant,
        write=write_unit_mail,
        base_url=BASE_URL,
    )
    tell_units(post, [held])


def main() -> None:
    """Let reporters run as the lines ask; what they log goes where their errors go."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    for line in sys.stdin:
        children = []
        for asked in json.loads(line):
            if not (child := os.fork()):
                # Whoever hangs dies of it, which is no status that is expected.
                signal.alarm(_MOST_SECONDS)
                report(*sys.argv[1:], *asked)
                sys.exit()
            children.append(child)
        statuses = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
        print(json.dumps(statuses), file=answers, flush=True)


if __name__ == "__main__":
    main()
