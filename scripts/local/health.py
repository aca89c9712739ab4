"""Whether a box on one machine is healthy: checked every few seconds, shown at `/suc-khoe`, respected by the
form.

Once the store accepts nothing more, the form says so, instead of letting people write first and refusing
then.
"""

import json
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from homthu.log import log
from homthu.ports import StoreUnavailable

from local.site import Wsgi

HEALTH = "/suc-khoe"
#: Between two checks; shorter after a failure, so that the form is back soon.
_SECONDS, _SECONDS_WHEN_ILL = 20.0, 5.0
#: Somebody else is writing: that passes, and a form sent meanwhile waits for it.
_PASSING = frozenset({"busy", "locked"})

#: Facts about this machine by their names, each well or not.
Look = Callable[[], Mapping[str, bool]]


class Probe(Protocol):
    """What tries to write."""

    def try_writing(self) -> None:
        """Raise `StoreUnavailable`."""


class Standing:
    """The health of store and machine; updated by a thread, read by every request."""

    def __init__(self, probe: Probe | None, look: Look) -> None:
        self._probe = probe
        self._look = look
        self.is_taking = True
        self.facts: Mapping[str, bool] = {}

    def run_forever(self, stop: threading.Event) -> None:
        """Try until told to stop."""
        while True:
            self.try_once()
            if stop.wait(_SECONDS if self.is_taking else _SECONDS_WHEN_ILL):
                return

    def try_once(self) -> None:
        """Try the store and look at the machine."""
        is_taking, is_writable = self.is_taking, True
        try:
            if self._probe is not None:
                self._probe.try_writing()
            is_taking = True
        except StoreUnavailable as unavailable:
            is_writable = False
            is_taking = is_taking and unavailable.reason in _PASSING
            log("store_takes_nothing", "ERROR", reason=unavailable.reason)
        try:
            facts = self._look()
        except Exception as error:
            log("look_failed", "ERROR", reason=type(error).__name__)
            facts = {"look": False}
        if is_taking != self.is_taking:
            log("taking_forms" if is_taking else "taking_no_forms", "WARNING")
        self.is_taking, self.facts = is_taking, {"store": is_writable, **facts}


@dataclass(frozen=True, kw_only=True, slots=True)
class HealthSite:
    """The site of a box whose form and `/suc-khoe` depend on its health."""

    site: Wsgi
    #: The same site, but for a form that says that nothing is taken for now.
    paused: Wsgi
    standing: Standing
    version: str

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        if environ.get("PATH_INFO", "") == HEALTH and environ["REQUEST_METHOD"] in ("GET", "HEAD"):
            return self._health(environ, start_response)
        site = self.site if self.standing.is_taking else self.paused
        return site(environ, start_response)

    def _health(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """What the function says of the reports, and the health of the machine; 503 if it is not well.

        Yes or no, never a figure: anybody may ask.
        """
        answer: dict[str, Any] = {}

        def keep(status: str, headers: list[tuple[str, str]], _: object = None) -> None:
            answer.update(status=status, headers=headers)

        asked = {**environ, "REQUEST_METHOD": "GET", "HTTP_ACCEPT_ENCODING": "identity"}
        asked.pop("HTTP_IF_NONE_MATCH", None)
        chunks = self.site(asked, keep)
        try:
            body = b"".join(chunks)
        finally:
            getattr(chunks, "close", lambda: None)()
        told = json.loads(body) if answer["status"].startswith("200") else {"reports": "unknown"}
        facts = self.standing.facts
        is_well = told["reports"] == "in time" and all(facts.values())
        told |= {name: "yes" if well else "no" for name, well in facts.items()}
        told = {"ok": "yes" if is_well else "no", "version": self.version, **told}
        content = json.dumps(told).encode()
        dropped = {"content-length", "etag", "cache-control", "content-type"}
        headers = [pair for pair in answer["headers"] if pair[0].lower() not in dropped]
        headers += [
            ("Content-Type", "application/json"),
            ("Cache-Control", "no-store"),
            ("Content-Length", str(len(content))),
        ]
        start_response("200 OK" if is_well else "503 Service Unavailable", headers)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else content]
