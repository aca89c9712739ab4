"""Three reporters at once, killed at every point, and a mail server that rejects, stalls and drops.

What must hold: nothing is lost, every copy beyond the first is explained by a kill or a lost answer, and
all copies of a delivery are one and the same mail but for its link, which opens the desk for its recipient.
CHAOS_WARDS sets how many wards are reported on, each with two weeks and three recipients, and more until
a reporter has died at every point.
"""

import asyncio
import email
import email.policy
import json
import os
import random
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from itertools import product
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from builders import submission
from chaos_worker import ANSWER_SECONDS, POINTS, UNITS, issuer_of
from fakes.mail_server import MailHandler, mail_server, make_certificate
from homthu.adapters.sqlite.store import SqliteStore
from homthu.domain.cases.case import ActionKind, Case, CaseAction, CaseEvent
from homthu.domain.cases.unit_mail import Task, assignment_mail_id, reminder_mail_id
from homthu.domain.reports.ledger import DeliveryState
from homthu.services.access import open_pass
from homthu.services.unit_access import open_unit_pass
from homthu.services.verify import verify_reports
from report_harness import RECIPIENTS, W47, W48, monday

WORKER = Path(__file__).parents[1] / "support" / "chaos_worker.py"
PYTHONPATH = f"{WORKER.parents[2] / 'functions'}:{WORKER.parent}"
WARDS = int(os.environ.get("CHAOS_WARDS", "32"))
REPORTERS, WEEKS = 3, 2
#: A little more than a lease, so that what a dead reporter held is free again.
LATER = timedelta(minutes=16)
#: A link of somebody's own, to the desk or to a unit's case.
LINK = re.compile(r"https://gopy\.example\.org/xu-ly/\S+")
ASSIGN = CaseAction(kind=ActionKind.ASSIGN, text=UNITS[0].name, due_on=date(2026, 12, 2))
SINGLE = [f"{name}:{when}" for name, when in product(POINTS, ("before", "after")) if name != "assign_known"]
ALL_POINTS = [*SINGLE, "assign_known:after"]


def as_read(content: bytes) -> str:
    """A mail with its headers, as a mail program shows it: a link inside it is spelt over several lines."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    headers = "\n".join(
        f"{name}: {value}" for name, value in message.items() if "encoding" not in name.lower()
    )
    return f"{headers}\n\n{message.get_content()}"


@dataclass
class ChaoticHandler(MailHandler):
    """Takes a mail, or refuses it, or drops the line, or takes it and does not say so."""

    chance: random.Random = field(default_factory=lambda: random.Random(20261123))
    is_calm: bool = False
    taken: list[tuple[str, str]] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    lost_answers: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not self.is_calm and self.chance.random() < 0.10:
            self.refusals["451 at RCPT"] += 1
            return "451 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        fate = 1.0 if self.is_calm else self.chance.random()
        if fate < 0.08:
            self.refusals["454 at DATA"] += 1
            return "454 throttled"
        if fate < 0.14:
            self.refusals["dropped before taking"] += 1
            server.transport.abort()
            return "250 OK"
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        id = content.split(b"Message-ID: <")[1].split(b"@")[0].decode()
        said = as_read(content)
        self.taken.append((id, sha256(LINK.sub("", said).encode()).hexdigest()))
        (to,) = envelope.rcpt_tos
        self.links += [(to, link) for link in LINK.findall(said) or [""]]
        if fate < 0.22:
            self.lost_answers[id] += 1
            server.transport.abort()
        elif fate < 0.28:
            self.lost_answers[id] += 1
            await asyncio.sleep(4 * ANSWER_SECONDS)
        return "250 OK"


@dataclass
class Run:
    """Who starts the reporters, and how many ran and were killed."""

    workers: "subprocess.Popen[str]"
    chance: random.Random
    runs: int = 0
    kills: int = 0

    def reporters(self, ward: str, now: datetime, points: list[str]) -> None:
        """Let one reporter for each point run at the same time, and wait for all."""
        assert self.workers.stdin
        assert self.workers.stdout
        print(
            json.dumps([(ward, now.isoformat(), point) for point in points]),
            file=self.workers.stdin,
            flush=True,
        )
        statuses = json.loads(self.workers.stdout.readline())
        assert set(statuses) <= {0, -signal.SIGKILL}, "what they said stands above"
        self.runs += len(statuses)
        self.kills += statuses.count(-signal.SIGKILL)

    def points(self, systematic: str) -> list[str]:
        """One point in its turn, the others by chance."""
        others = [f"{self.chance.choice(ALL_POINTS)}:{self.chance.choice((1, 2, 3))}" for _ in range(2)]
        return [f"{systematic}:1", *others]


@contextmanager
def workers(folder: Path, port: int) -> Iterator["subprocess.Popen[str]"]:
    """The process that the reporters are forks of."""
    paths = (folder / "box.db", port, folder / "server.crt", folder / "journal")
    with subprocess.Popen(
        [sys.executable, str(WORKER), *map(str, paths)],
        env={"PYTHONPATH": PYTHONPATH, "PATH": ""},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process


def receive(path: Path, ward: str, counts: tuple[int, int]) -> None:
    now = [W47.begins_at]
    store = SqliteStore(path, lambda: now[0])
    for week, count in zip((W47, W48), counts, strict=True):
        now[0] = week.begins_at
        for number in range(count):
            store.add(f"{ward}-{week}-{number}", submission(ward=ward, text="Đèn hỏng"), "digest")
    # Two cases of the second week, assigned before they are due in two working days.
    for number in range(2):
        history = tuple(
            CaseEvent(action=action, who="A", on=date(2026, 11, 27), idempotency_key=str(step))
            for step, action in enumerate((CaseAction(kind=ActionKind.OPEN), ASSIGN))
        )
        store.create_case(
            Case(
                id=f"{ward}-{W48}-{number}",
                ward=ward,
                place="p",
                service="",
                week=W48,
                is_petition=False,
                number=number + 1,
                history=history,
            )
        )
    store.close()


def is_done(store: SqliteStore, ward: str) -> bool:
    head = store.head(ward)
    return bool(head and head.last_week == W48 and not store.owed(ward) and are_told(store, ward))


def are_told(store: SqliteStore, ward: str) -> bool:
    """Whether the ward's unit was told of its cases, and reminded of both at once."""
    found = [f"{ward}-{W48}-{number}" for number in range(2)]
    cases = [case for id in found if store.submission(id) and (case := store.case(id))]
    ids = [assignment_mail_id(ward, task) for case in cases if (task := Task.of(case))]
    ids.append(reminder_mail_id(ward, UNITS[0].email, date(2026, 11, 30)))
    mails = [store.unit_mail(id) for id in ids]
    return all(mail is not None and mail.state is DeliveryState.SENT for mail in mails)


@pytest.mark.alone
def test_nothing_is_lost_and_every_extra_copy_is_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    certificate = make_certificate(tmp_path)
    pem = (tmp_path / "server.pem").read_text()
    (tmp_path / "server.crt").write_text(pem[pem.index("-----BEGIN CERTIFICATE") :])
    (tmp_path / "journal").touch()
    handler, received = ChaoticHandler(), dict[str, tuple[int, int]]()
    with mail_server(handler, certificate.server) as port, workers(tmp_path, port) as started:
        run = Run(started, random.Random(7))
        for number in range(1, 3 * WARDS + 1):
            # Whoever was to die may have found the ward taken by another: then one more has its turn.
            untried = [point for point in ALL_POINTS if point not in tried(tmp_path / "journal")]
            if number > WARDS and not untried:
                break
            ward = f"{number:05d}"
            received[ward] = (number % 4, 1 + number % 3)
            receive(tmp_path / "box.db", ward, received[ward])
            now = monday(W48)
            turn = ALL_POINTS[number % len(ALL_POINTS)]
            run.reporters(ward, now, run.points(untried[0] if number > WARDS else turn))
            store = SqliteStore(tmp_path / "box.db", lambda: monday(W48))
            for attempt in range(40):
                if is_done(store, ward):
                    break
                now += LATER
                handler.is_calm = attempt > 20
                run.reporters(ward, now, run.points("none:before") if attempt < 2 else ["", "", ""])
            handler.is_calm = False
            assert is_done(store, ward), ward
            store.close()

    journal = [line.split() for line in (tmp_path / "journal").read_text().splitlines()]
    check_ledger(tmp_path / "box.db", received)
    check_mails(handler, journal)
    check_links(tmp_path / "box.db", handler, received)
    with capsys.disabled():
        print("\n" + summary(run, len(received), handler, journal))
    assert tried(tmp_path / "journal") >= set(ALL_POINTS), "every point was tried"


def tried(journal: Path) -> set[str]:
    """The points at which a reporter has died."""
    lines = [line.split() for line in journal.read_text().splitlines()]
    return {f"{name}:{when}" for name, when, *_ in lines}


def killed_after_taking(journal: list[list[str]]) -> Counter[str]:
    """By delivery, how often a reporter died between the server's yes and its own mark."""
    counts: Counter[str] = Counter()
    for name, when, about, *state in journal:
        is_mark = name in ("replace_delivery", "replace_unit_mail") and when == "before"
        if (name, when) == ("send", "after") or (is_mark and state == [DeliveryState.SENT]):
            counts[about] += 1
    return counts


def check_ledger(path: Path, received: dict[str, tuple[int, int]]) -> None:
    store = SqliteStore(path, lambda: monday(W48))
    for ward, counts in received.items():
        first = W47 if counts[0] else W48
        reports = list(store.reports(ward, W47))
        assert [one.week for one in reports] == ([W47, W48] if first == W47 else [W48])
        assert [one.tally.total for one in reports] == [n for n in counts if n]
        assert [one.number for one in reports] == list(range(1, len(reports) + 1))
        assert verify_reports(store, store, ward).fault == ""
        for week in {one.week for one in reports}:
            deliveries = store.deliveries(ward, week)
            assert {one.recipient for one in deliveries} == {one.email for one in RECIPIENTS}
            assert all(one.state is DeliveryState.SENT for one in deliveries)
    store.close()


def check_mails(handler: ChaoticHandler, journal: list[list[str]]) -> None:
    copies = Counter(id for id, _ in handler.taken)
    killed = killed_after_taking(journal)
    unexplained = {
        id: (count, handler.lost_answers[id], killed[id])
        for id, count in copies.items()
        if count != 1 + handler.lost_answers[id] + killed[id]
    }
    assert unexplained == {}, "copies, lost answers, kills"
    assert len(set(handler.taken)) == len(copies), "every copy of a delivery is the same mail"


def check_links(path: Path, handler: ChaoticHandler, wards: Iterable[str]) -> None:
    """Every mail carries a link, which opens what is its recipient's and nobody else's."""
    store = SqliteStore(path, lambda: monday(W48))
    issuer = issuer_of(store, wards, monday(W48) + timedelta(days=1))
    for to, link in handler.links:
        token = link.rpartition("/")[2]
        if to == UNITS[0].email:
            opened = open_unit_pass(issuer.seal, issuer.boxes, store, store, store, token)
            assert opened, link
            assert opened.unit.email == to
        else:
            member = open_pass(issuer, token)
            assert member, link
            assert member.recipient.email == to
    assert {to for to, _ in handler.links} == {UNITS[0].email, *(one.email for one in RECIPIENTS)}
    store.close()


def summary(run: Run, wards: int, handler: ChaoticHandler, journal: list[list[str]]) -> str:
    copies = Counter(id for id, _ in handler.taken)
    extra = len(handler.taken) - len(copies)
    explained = handler.lost_answers.total() + killed_after_taking(journal).total()
    return (
        f"chaos: {wards} wards, {run.runs} reporters, {run.kills} killed, {len(copies)} deliveries,"
        f" refusals {dict(handler.refusals)}, lost 0, extra copies {extra}"
        f" (lost answers and kills after the server's yes: {explained})"
    )
