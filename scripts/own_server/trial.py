"""Tries a version on a copy before citizens meet it: it restores the newest backup, serves it and is used.

Everything is in a temporary folder, and its mail goes into an outbox there.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

import environment
from homthu.adapters.box_files import load_boxes
from homthu.adapters.secret_file import secret_paths
from homthu.config import secret_variable
from homthu.domain.fields import question_field

from own_server.layout import Layout
from own_server.nightly import DRILL_KEY, STORE_FILE, decrypt
from own_server.notes import BACKUP, read_note
from own_server.settings import ALARM, COPY, KEY, ServerSettings

_START_SECONDS = 60.0


def trial(layout: Layout, settings: ServerSettings) -> int:
    """Try this version on a copy of the box; 0 if all went well."""
    note = read_note(layout.data, BACKUP)
    folder = settings.backups or layout.backups
    with tempfile.TemporaryDirectory(dir=folder, prefix=".trial-") as scratch:
        copy = Path(scratch)
        decrypt(folder / note["file"], (layout.data / DRILL_KEY).read_text("ascii").strip(), copy)
        data = copy / "data"
        environ = _environ(copy, data)
        restore = [
            sys.executable,
            os.fspath(environment.ROOT / "scripts/restore"),
            os.fspath(copy / STORE_FILE),
        ]
        done = subprocess.run(
            [*restore, "--data", os.fspath(data)], env=environ, stdout=subprocess.DEVNULL, check=False
        )
        if done.returncode:
            sys.exit("✗ thử bản mới: không khôi phục được / the trial: not restored")
        for purpose, path in secret_paths(data, {}).items():
            path.write_bytes((copy / "secrets" / purpose.name.lower()).read_bytes())
        return _serve_and_use(data, environ)


def _environ(copy: Path, data: Path) -> dict[str, str]:
    """The box's own settings, except for paths and mail."""
    own = {"HOMTHU_STORE", "HOMTHU_MAIL", "HOMTHU_MODE", ALARM, COPY, KEY}
    own |= {secret_variable(purpose) for purpose in secret_paths(data, {})}
    return {**{name: value for name, value in os.environ.items() if name not in own}, "HOME": os.fspath(copy)}


def _serve_and_use(data: Path, environ: Mapping[str, str]) -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    serve = [sys.executable, os.fspath(environment.ROOT / "scripts/serve"), "--port", str(port)]
    log = data.parent / "log"
    with log.open("wb") as sink:
        server = subprocess.Popen(
            [*serve, "--data", os.fspath(data)], env=dict(environ), stdout=sink, stderr=sink
        )
    try:
        until = time.monotonic() + _START_SECONDS
        while True:
            try:
                _, body = _ask(port, "GET", "/suc-khoe")
                break
            except (OSError, HTTPException):
                if server.poll() is not None or time.monotonic() > until:
                    sys.exit(
                        f"✗ thử bản mới: không chạy / the trial does not run:\n{log.read_text()[-2000:]}"
                    )
                time.sleep(0.3)
        said = json.loads(body)
        if said["store"] != "yes":
            sys.exit(f"✗ thử bản mới / the trial: {said}")
        print(f"✓ thử bản mới trên bản sao / tried on a copy: {said['version']}, {_use(port)}")
    finally:
        server.terminate()
        server.wait(30)
    return 0


def _use(port: int) -> str:
    """Open a form and submit one, as a citizen does; outside a round the closed page is enough."""
    boxes = load_boxes(Path(os.environ["HOMTHU_BOXES"]))
    box = next(iter(boxes.by_ward.values()))
    place = box.places[0].code
    status, page = _ask(port, "GET", f"/g/{place}")
    if status != 200:
        sys.exit(f"✗ thử bản mới: phiếu / the trial's form: {status}")
    if b'name="questionnaire"' not in page:
        return "ngoài đợt, chưa gửi thử phiếu / between rounds: no form was sent"
    fields = {
        "place": place,
        "questionnaire": box.questionnaire.version,
        "key": os.urandom(16).hex(),
        **{question_field(one.id): one.options[0].id for one in box.questionnaire.questions},
    }
    status, _ = _ask(port, "POST", "/gui", urlencode(fields))
    if status != 303:
        sys.exit(f"✗ thử bản mới: gửi phiếu / the trial took no form: {status}")
    return "nhận phiếu được / it takes a form"


def _ask(port: int, method: str, path: str, body: str | None = None) -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()
