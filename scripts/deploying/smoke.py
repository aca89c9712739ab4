"""Checks the deployed box as a citizen's phone would. Nothing it sends is stored."""

import time
from html.parser import HTMLParser
from urllib.parse import urlencode

from homthu.domain.fields import Field
from homthu.http.board import HEALTH
from homthu.render.register import PATH as REGISTER

from deploying.failures import Stopped
from deploying.web import Answer, ask_web

#: A new release takes up to a minute to reach every server of Hosting's, a new domain much longer.
PATIENCE_SECONDS = 180
_PAUSE_SECONDS = 5


class _Fields(HTMLParser):
    """The first choice of each question, and what is sent along unseen."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take what an input holds."""
        given = dict(attrs)
        if tag == "input" and given.get("type") in ("radio", "hidden") and given.get("name"):
            self.values.setdefault(str(given["name"]), given.get("value") or "")


def form_fields(page: str) -> dict[str, str]:
    """The fields of a citizen who takes the first choice everywhere; empty if there is no form."""
    fields = _Fields()
    fields.feed(page)
    # The trap for robots stays empty.
    return {name: value for name, value in fields.values.items() if name != Field.HONEYPOT}


def look_at(url: str, place: str, *, patience_seconds: float) -> list[str]:
    """What was checked, one sentence each. Raise `Stopped` for the first thing that is wrong."""
    form = _wait_for(f"{url}/g/{place}", patience_seconds)
    # A key no longer than this is none: the box answers with a page to review and stores nothing.
    fields = {**form_fields(form.text), Field.KEY: "kiem-tra"}
    seen = [f"phiếu trả lời / the form answers: {url}/g/{place}"]
    warm = ask_web("HEAD", f"{url}/gui")
    if warm.status not in (200, 204):
        raise _wrong("/gui", warm, "submit")
    seen.append("/gui đang chạy / submit runs")
    # A path of its own on Hosting, which keeps the others' patterns away from dots.
    register = ask_web("GET", f"{url}{REGISTER}")
    if register.status != 200 or '"service"' not in register.text:
        raise _wrong(REGISTER, register, "board")
    seen.append(f"{REGISTER} trả lời / the province's register answers")
    health = ask_web("GET", f"{url}{HEALTH}")
    if health.status != 200 or '"reports"' not in health.text:
        raise _wrong(HEALTH, health, "board")
    seen.append(f"{HEALTH}: {health.text.strip()}")
    if Field.QUESTIONNAIRE not in fields:
        return [
            *seen,
            "phiếu đang đóng hoặc tạm dừng, chưa thử gửi / the form is closed: sending was not tried",
        ]
    sent = ask_web("POST", f"{url}/gui", urlencode(fields).encode())
    if sent.status != 200 or f'name="{Field.SIGNED_TIME}"' not in sent.text:
        raise _wrong("/gui", sent, "submit")
    seen.append(
        "phiếu thử được nhận và trả lại để xem lại, không lưu / a trial form came back for review, not stored"
    )
    stranger = ask_web("GET", f"{url}/khong-co-trang-nay")
    if stranger.status != 404:
        raise _wrong("/khong-co-trang-nay", stranger, "form")
    return [*seen, "trang không có báo 404 / what is not there is 404"]


def _wait_for(url: str, seconds: float) -> Answer:
    ends = time.monotonic() + seconds
    while True:
        answer = ask_web("GET", url)
        if answer.status == 200 and "<html" in answer.text:
            return answer
        if time.monotonic() + _PAUSE_SECONDS > ends:
            raise _wrong(url, answer, "form")
        time.sleep(_PAUSE_SECONDS)


def _wrong(what: str, answer: Answer, function: str) -> Stopped:
    status = answer.status or f"không trả lời / no answer ({answer.text[:80]})"
    return Stopped(
        f"{what}: {status}",
        f"xem nhật ký / see the log: gcloud functions logs read homthu-{function} --gen2 --limit=20; "
        "bản trước / the version before: scripts/deploy --project … --rollback",
    )
