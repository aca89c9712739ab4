"""A box as it is deployed, over SQLite and an outbox, with a clock that a test turns.

Its functions are made from the settings alone and mounted by `infra/routes.json`; as time passes, its jobs
come when `infra/schedules.json` says so.
"""

import re
from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import unescape
from importlib import import_module
from pathlib import Path

from box_editing import copy_boxes
from canaries import IN_PROCESS
from citizen_side import ANSWERS, client, fields_of
from homthu.bootstrap.parts import Parts
from homthu.bootstrap.start import start
from homthu.domain.week import local_date
from local.schedule import Job, read_jobs
from local.site import read_routes
from main import TARGETS
from secret_settings import secret_settings
from werkzeug.test import Client, TestResponse

URL = "https://gopy.example.org"


def at(text: str) -> datetime:
    """An instant in Viet Nam, such as `2027-01-04 07:00`."""
    return datetime.fromisoformat(f"{text}+07:00")


class TurnedBox:
    """The box of Ngô Quyền in a folder, its file changed as a test likes, with the jobs of these names.

    `mailed` are the mails that it sent, each with its day; `parts` is what each function was made from.
    """

    def __init__(
        self, folder: Path, now: str, *, jobs: Collection[str], change: Callable[[Path], object] = bool
    ) -> None:
        self.data, self.now = folder / "data", at(now)
        self.mailed: list[tuple[date, EmailMessage]] = []
        boxes = copy_boxes(folder)
        (boxes / "bac-giang.toml").unlink()
        change(boxes / "ngo-quyen.toml")
        self.data.mkdir()
        (folder / "secret").write_text("ab" * 32)
        self.environ = {
            "HOMTHU_BOXES": str(boxes),
            "HOMTHU_STORE": f"sqlite://{self.data}/hom-thu.db",
            "HOMTHU_MAIL": f"outbox:{self.data}/outbox",
            **secret_settings(folder / "secret"),
            "HOMTHU_BASE_URL": URL,
            "HOMTHU_SENDER": "hom-thu@example.org",
        }
        self._jobs = [job for job in read_jobs() if job.name in jobs]
        self._routes = read_routes()
        self.parts: dict[str, Parts] = {}
        self._clients: dict[str, Client] = {}
        for name, module in TARGETS.items():
            self.parts[name] = start(name, self.environ, clock=lambda: self.now)
            self._clients[name] = client(import_module(module).make(self.parts[name]))
        self._sent = 0
        self._read: set[Path] = set()

    def close(self) -> None:
        """Leave the store."""
        for parts in self.parts.values():
            parts.close_store()

    @property
    def today(self) -> date:
        return local_date(self.now)

    def turn(self, to: str) -> None:
        """Let time pass up to an instant, with every job at its time."""
        end = at(to)
        for due, job in sorted(self._due(end), key=lambda one: one[0]):
            self.now = due
            answer = self._clients[job.function].post(job.path)
            assert answer.status_code == 200, (job.name, due, answer.text)
            self._collect()
        self.now = end

    def _due(self, end: datetime) -> Iterator[tuple[datetime, Job]]:
        for job in self._jobs:
            due = job.last_due(end)
            while due > self.now:
                yield due, job
                due = job.last_due(due - timedelta(minutes=1))

    def get(self, path: str) -> TestResponse:
        return self._client(path).get(path)

    def post(self, path: str, **fields: str) -> TestResponse:
        """Send a form; what it mails at once is collected."""
        answer = self._client(path).post(path, data=fields)
        self._collect()
        return answer

    def _client(self, path: str) -> Client:
        name = next(name for pattern, name in self._routes if pattern.fullmatch(path))
        return self._clients[name]

    def write(self, text: str, place: str = "nq-mc") -> str:
        """A citizen's form with these words; gives the reference on the receipt."""
        self._sent += 1
        fields = {**fields_of(self.get(f"/g/{place}").text), **ANSWERS, "gop_y": text}
        fields["key"] = f"{self._sent:032x}"
        IN_PROCESS.handed_in(fields)
        sent = self.post("/gui", **fields)
        assert sent.status_code == 303, sent.text
        receipt = self.get(sent.headers["Location"])
        found = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", receipt.text)
        assert found
        IN_PROCESS.shown(found.group())
        return found.group()

    def _collect(self) -> None:
        for path in sorted({*(self.data / "outbox").glob("*.eml")} - self._read):
            mail = message_from_bytes(path.read_bytes(), policy=policy.default)
            self.mailed.append((self.today, mail))
            self._read.add(path)

    def mails(self, to: str, on: str = "") -> list[tuple[str, str]]:
        """What an address got, on one day or ever: the day, and the words."""
        return [
            (str(day), words_of(mail))
            for day, mail in self.mailed
            if to in str(mail["To"]) and on in ("", str(day))
        ]


def words_of(mail: EmailMessage) -> str:
    """The plain text of a mail, in one line."""
    body = mail.get_body(("plain",))
    assert body
    return " ".join(body.get_content().split())


def hidden_fields(html: str) -> dict[str, str]:
    """What a form carries unseen."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html)
    return {name: unescape(value) for name, value in found}


class Member:
    """A member of the committee, who comes to the desk by the link in the newest Monday's mail."""

    def __init__(self, box: TurnedBox, email: str) -> None:
        self.box, self.email = box, email
        self._ids: dict[str, str] = {}

    def monday(self, day: str) -> str:
        """What the mails of a day say."""
        mails = self.box.mails(self.email, on=day)
        assert mails, f"no mail on {day}"
        return " ".join(words for _, words in mails)

    @property
    def link(self) -> str:
        """The newest link that was mailed, as a path."""
        said = " ".join(words for _, words in self.box.mails(self.email))
        *_, newest = re.finditer(rf"{URL}(/xu-ly/\S+)", said)
        return str(newest[1])

    def desk(self, **fields: str) -> str:
        """The desk, opened by the link."""
        door = self.box.get(self.link)
        assert door.status_code == 200, door.text
        return self.box.post("/xu-ly/ban", **{**hidden_fields(door.text), **fields}).text

    def column(self, name: str) -> str:
        """One column of the desk: `new`, `in_hand` or `done`."""
        found = re.search(rf'<section id="{name}".*?</section>', self.desk(), re.DOTALL)
        assert found
        return found.group()

    def look(self, text: str) -> str:
        """The page of the suggestion with these words, which stands in a list the first time."""
        desk = self.desk()
        if text not in self._ids:
            card = next(one for one in desk.split('<article class="card">') if text in one)
            self._ids[text] = hidden_fields(card)["phieu"]
        page = self.box.post("/xu-ly/phieu", ma=hidden_fields(desk)["ma"], phieu=self._ids[text])
        assert page.status_code == 200, page.text
        return page.text

    def do(self, text: str, action: str, **typed: str) -> str:
        """Press the button of an action on the suggestion's page."""
        forms = re.findall(r"<form.*?</form>", self.look(text), re.DOTALL)
        form = next(one for one in forms if "/xu-ly/lam" in one and f'value="{action}"' in one)
        done = self.box.post("/xu-ly/lam", **{**hidden_fields(form), "viec": action, **typed})
        assert done.status_code == 200, done.text
        return done.text
