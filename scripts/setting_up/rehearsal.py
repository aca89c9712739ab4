"""A Monday with invented forms, reported and mailed into a folder of its own, never among real ones."""

import email
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from environment import ROOT
from local import data_folder

from setting_up.errands import Failed

_WEEKS, _FORMS = 3, 180
_SECONDS = 300
_WEEK = re.compile(r"[0-9]{4}-W[0-9]{2}")


@dataclass(frozen=True, kw_only=True, slots=True)
class RehearsedMail:
    """One mail that the rehearsal produced."""

    to: str
    subject: str
    html: str
    attachments: tuple[tuple[str, bytes], ...]


def folder_beside(data: Path) -> Path:
    """The folder of the rehearsal's box: beside the real one, under a name that says what it is."""
    return data.with_name(f"{data.name}-tap-duot")


def rehearse(data: Path, boxes: Path, ward: str) -> list[RehearsedMail]:
    """Invent some weeks of forms, close the last, and return the mails that result. Raise `Failed`."""
    folder = folder_beside(data)
    if folder.exists() and not data_folder.is_invented(folder):
        raise Failed([f"{folder}: không phải thư mục tập dượt nên không đụng tới; xin đổi tên thư mục ấy"])
    shutil.rmtree(folder, ignore_errors=True)
    options = ["--data", os.fspath(folder), "--ward", ward]
    environ = _environment(boxes)
    _run("seed-demo", [*options, "--weeks", str(_WEEKS), "--submissions", str(_FORMS)], environ)
    _run("report", options, environ)
    return mails_in(folder / "outbox")


def mails_in(outbox: Path) -> list[RehearsedMail]:
    """The mails of the newest week in a folder; earlier weeks only provide a past."""
    paths = sorted(outbox.glob("*.eml"))
    newest = max((found[0] for path in paths if (found := _WEEK.search(path.name))), default="")
    return [_read(path.read_bytes()) for path in paths if newest in path.name]


def _environment(boxes: Path) -> Mapping[str, str]:
    """An environment without anything of the real box: no store, no way to send mail."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HOMTHU_")}
    return {**kept, "HOMTHU_BOXES": os.fspath(boxes)}


def _run(script: str, options: list[str], environ: Mapping[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, os.fspath(ROOT / "scripts" / script), *options],
        env=dict(environ),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=_SECONDS,
        check=False,
    )
    if done.returncode:
        raise Failed([line for line in (done.stderr or done.stdout).splitlines() if line.strip()][-6:])


def _read(content: bytes) -> RehearsedMail:
    message = email.message_from_bytes(content, _class=EmailMessage, policy=default)
    body = message.get_body(("html", "plain"))
    attachments = tuple(
        (part.get_filename() or "tep", part.get_payload(decode=True) or b"")
        for part in message.iter_attachments()
    )
    return RehearsedMail(
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        html=body.get_content() if body else "",
        attachments=tuple((name, content) for name, content in attachments if isinstance(content, bytes)),
    )
