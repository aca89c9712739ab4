"""Canaries: what a request carries, and what was typed, searched for wherever it may not be.

Every served box and every function in process is asked with HEADERS; a `Watch` notes what is handed in. The
text may stand in the store and in mails; what is in HEADERS, a key or a reference may stand nowhere.
"""

import contextlib
import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import quote_plus

_MARK = "canary-header"
_ADDRESSES = "203.0.113.7"
HEADERS = {
    "User-Agent": f"{_MARK}-agent/1.0",
    "X-Forwarded-For": f"{_ADDRESSES}7",
    "Forwarded": f"for={_ADDRESSES}8",
    "Cookie": f"{_MARK}-cookie=1",
    "Referer": f"https://{_MARK}-referer.example/",
    "Accept-Language": f"{_MARK}-language",
    "X-Cloud-Trace-Context": f"{_MARK}-trace",
}
#: A shorter text may stand in a log by chance.
_SHORTEST_TEXT = 8
_KEYS = re.compile(rb"(?=([0-9a-f]{32}))")
_REFERENCES = re.compile(rb"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")


@dataclass
class Watch:
    """What was handed in to one box, or to the functions in this process."""

    texts: set[str] = field(default_factory=set)
    secrets: set[bytes] = field(default_factory=set)

    def handed_in(self, fields: Mapping[str, Any]) -> None:
        """Note the key and the text of a form."""
        text = max(str(fields.get("gop_y") or "").splitlines(), key=len, default="").strip()
        if len(text) >= _SHORTEST_TEXT:
            self.texts.add(text)
        if key := str(fields.get("key") or ""):
            self.secrets.add(key.encode())

    def shown(self, reference: str) -> None:
        """Note the reference on a receipt."""
        self.secrets.add(reference.encode())

    def found_in(self, content: bytes, *, may_hold_texts: bool = False) -> list[str]:
        """Every canary in these bytes."""
        if not content:
            return []
        marks = [mark for mark in (_MARK, _ADDRESSES) if mark.encode() in content]
        shapes = {*_KEYS.findall(content), *_REFERENCES.findall(content)}
        marks += [secret.decode() for secret in sorted(self.secrets & shapes)]
        if not may_hold_texts:
            marks += [text for text in sorted(self.texts) if any(form in content for form in _forms(text))]
        return marks

    def found_in_folder(self, data: Path) -> dict[str, list[str]]:
        """The canaries in the folder of a box, by file; a file's name may hold none either."""
        found = {}
        for path in sorted(data.rglob("*")):
            name = str(path.relative_to(data))
            # A mail lies in the outbox twice: for mail programs, and as a page for a browser.
            is_mail = path.suffix == ".eml" or (path.parent.name == "outbox" and path.suffix == ".html")
            is_store_or_mail = name.startswith("hom-thu.db") or is_mail
            here = self.found_in(name.encode())
            if path.is_file():
                here += self.found_in(path.read_bytes(), may_hold_texts=is_store_or_mail)
            if here:
                found[name] = here
        return found

    def assert_nothing_leaked(self, log: Path, data: Path) -> None:
        """Neither into what a box printed nor into what it left behind."""
        printed, left = self.found_in(log.read_bytes()), self.found_in_folder(data)
        assert not printed, f"{printed} in the log:\n{log.read_text('utf-8', 'replace')}"
        assert not left, f"left behind: {left}"


#: What is handed in to the functions in this process, by any test so far.
IN_PROCESS = Watch()


class Overheard:
    """A stream that passes on what is written and keeps a copy."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.said: list[str] = []

    def write(self, text: str) -> int:
        self.said.append(text)
        return self._stream.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextlib.contextmanager
def overhearing() -> Iterator[None]:
    """Fail if anything that is printed until the block ends holds a canary.

    homthu.log looks its stream up at each call, so that it writes into ours.
    """
    streams = Overheard(sys.stdout), Overheard(sys.stderr)
    with contextlib.redirect_stdout(streams[0]), contextlib.redirect_stderr(streams[1]):
        yield
    said = "".join(text for stream in streams for text in stream.said)
    found = IN_PROCESS.found_in(said.encode("utf-8", "replace"))
    assert not found, f"{found} in what was printed:\n{said}"


def forged(environ: dict[str, Any]) -> None:
    """Give a request in process what a box on the network gets with one: an address, an agent."""
    environ["REMOTE_ADDR"] = f"{_ADDRESSES}9"
    for name, value in HEADERS.items():
        key = f"HTTP_{name.upper().replace('-', '_')}"
        if key not in environ or environ[key].startswith("Werkzeug/"):
            environ[key] = value


def _forms(text: str) -> Iterator[bytes]:
    """The text as it is, as JSON escapes it, and as a form sends it."""
    yield text.encode("utf-8", "replace")
    yield json.dumps(text)[1:-1].encode()
    yield quote_plus(text, errors="replace").encode()
