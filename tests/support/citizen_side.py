"""The citizen's side over a memory store: the real functions, boxes and pages, a clock to turn."""

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from canaries import IN_PROCESS, forged
from fakes.memory_store import MemoryStore
from flask import Flask, Response, request
from homthu.adapters.box_files.folder import load_boxes
from homthu.adapters.seal import FernetSeal
from homthu.adapters.web_files import LANGUAGES, load_assets, load_templates, load_texts
from homthu.config import ServiceMode
from homthu.domain.boxes.box import Box, Boxes
from homthu.domain.secret import Secrets
from homthu.domain.submissions.proof_of_work import is_proof_of_work
from homthu.domain.submissions.submission import StoredSubmission
from homthu.http import form, submit
from homthu.http.errors import Handler
from homthu.http.parts import SubmitParts
from homthu.ports import SubmissionIntake
from homthu.render.page.pages import Pages
from homthu.render.templates import make_environment
from werkzeug.test import Client, TestResponse

BOXES = Path(__file__).parents[2] / "functions" / "boxes"
NGO_QUYEN, BAC_GIANG = "07207", "07210"
PLACE = "nq-mc"
KEY = "0123456789abcdef0123456789abcdef"
ANSWERS = {
    "q-thai_do": "5",
    "q-huong_dan": "4",
    "q-trach_nhiem": "4",
    "q-thoi_han": "dung",
    "q-chung": "5",
    "gop_y": "Cán bộ nhiệt tình",
    "linh_vuc": "ho_tich",
}
#: The questions of the shipped questionnaire: a form sends each under `q-` and its id.
QUESTIONS = frozenset(
    re.findall(
        r'(?m)^\[\[questions\]\]\nid = "(\w+)"', (BOXES / "questionnaires" / "qcdc-v2.toml").read_text()
    )
)
#: A working day within the fourth round, 10:00 in Viet Nam.
IN_ROUND = datetime.fromisoformat("2026-11-24T10:00:00+07:00")


def _for_all(boxes: Boxes) -> Boxes:
    """The same boxes, which no test can take anything from: a site with others is given its own."""
    by_ward, questionnaires = MappingProxyType(boxes.by_ward), MappingProxyType(boxes.questionnaires)
    return replace(boxes, by_ward=by_ward, questionnaires=questionnaires)


SHIPPED, ASSETS = _for_all(load_boxes(BOXES)), MappingProxyType(load_assets())
PAGES = Pages(
    {language: load_texts(language) for language in LANGUAGES}, make_environment(load_templates()), ASSETS
)


@dataclass
class Site:
    """Implements the parts of `form` and `submit`."""

    now: datetime = IN_ROUND
    boxes: Boxes = SHIPPED
    mode: ServiceMode = ServiceMode.OPEN
    base_url: str = "https://gopy.example.org"
    secrets: Secrets = field(default_factory=lambda: Secrets(current=b"s" * 32))
    receipts: Secrets = field(default_factory=lambda: Secrets(current=b"r" * 32))
    pages: Pages = PAGES
    page_cache_bytes: int = 32 * 2**20

    def __post_init__(self) -> None:
        self.store = MemoryStore(self.clock)
        self.intake: SubmissionIntake = self.store
        self.paper_batches = self.store
        self.seal = FernetSeal(self.receipts.sealing_keys(), self.clock)
        self.assets = dict(ASSETS)
        self.recordings = BOXES / "audio"
        self.register_signature = b""
        self.count = 0

    def clock(self) -> datetime:
        return self.now

    def random_bytes(self, size: int) -> bytes:
        self.count += 1
        return self.count.to_bytes(size)

    def change_box(self, code: str, /, **changes: Any) -> Box:
        """Replace one box by a changed copy; pages made from now on show it."""
        box = replace(self.boxes.by_ward[code], **changes)
        self.boxes = replace(self.boxes, by_ward={**self.boxes.by_ward, code: box})
        return box

    @property
    def form(self) -> Client:
        """A client of `form`."""
        return client(form.make(self))

    @property
    def submit(self) -> Client:
        """A client of `submit`; only the site of a board can take verdicts."""
        return client(submit.make(cast(SubmitParts, self)))

    def send(self, headers: Mapping[str, str] | None = None, **changes: str) -> TestResponse:
        """Hand in a whole form with these fields changed; an empty value leaves a field out."""
        fields = {"place": PLACE, "questionnaire": "qcdc-v1", "key": KEY, **ANSWERS, **spelt(changes)}
        data = {name: value for name, value in fields.items() if value}
        IN_PROCESS.handed_in(data)
        return self.submit.post("/gui", data=data, headers=dict(headers or {}))

    def stored(self, ward: str = NGO_QUYEN) -> list[StoredSubmission]:
        """What is in the store."""
        return list(self.store.everything(ward))

    def snapshot(self) -> dict[str, object]:
        """All that the store holds, to be compared."""
        kept = {name: value for name, value in vars(self.store).items() if isinstance(value, dict)}
        return dict(copy.deepcopy(kept))

    def reference(self, sent: TestResponse) -> str:
        """The reference on the receipt that an answer leads to."""
        assert sent.status_code == 303, sent.status_code
        receipt = self.form.get(sent.headers["Location"])
        assert receipt.status_code == 200
        shown = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", receipt.text)
        assert shown
        IN_PROCESS.shown(shown.group())
        return shown.group()


def client(handler: Handler) -> Client:
    """A client of one function, mounted as the framework mounts it: every path, every method.

    Its requests carry canaries, but for the headers that are given.
    """

    def from_outside(environ: dict[str, Any], start_response: Any) -> Any:
        forged(environ)
        environ[_HANDLER] = handler
        return _MOUNTED(environ, start_response)

    return Client(from_outside)


#: What answers a request, for the one application that mounts them all: making one costs more than an answer.
_HANDLER = "test.handler"


def _mounted() -> Flask:
    app = Flask("test", static_folder=None)
    methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"]

    def run(path: str) -> Response:
        answer: Response = request.environ[_HANDLER](request)
        return answer

    for rule in ("/", "/<path:path>"):
        app.add_url_rule(
            rule,
            f"run{rule}",
            run,
            methods=methods,
            defaults={"path": ""} if rule == "/" else None,
            provide_automatic_options=False,
        )
    return app


_MOUNTED = _mounted()


def spelt(fields: Mapping[str, str]) -> dict[str, str]:
    """The fields as a form spells them; a question may be named by its id."""
    return {f"q-{name}" if name in QUESTIONS else name: value for name, value in fields.items()}


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "textarea":
            self._textarea = name
            self.found[name] = ""
        elif tag == "input" and name and given.get("type") != "submit":
            if given.get("type") not in ("radio", "checkbox") or "checked" in given:
                self.found[name] = given.get("value", "")
        elif tag == "option" and "selected" in given:
            self.found["linh_vuc"] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            # HTML drops one line end after the opening tag.
            self.found[self._textarea] += data.removeprefix("\n")


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send for the form on a page as it stands."""
    parser = _Fields()
    parser.feed(page)
    return parser.found


@cache
def prove_work(key: str) -> str:
    """The work that the page's script does for a key."""
    return next(str(n) for n in range(10**7) if is_proof_of_work(key, str(n)))
