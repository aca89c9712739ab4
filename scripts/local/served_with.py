"""How a box was last served: with which store, mail and box files, noted in its data folder.

A command typed by hand has the environment of the person who types it. Without the service's settings a
report would be «sent» into an outbox that nobody reads, and no longer be owed to anybody.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from homthu.adapters.whole_file import replace_whole
from homthu.config import (
    BOXES,
    NEEDS,
    FirestoreStoreSetting,
    OutboxMailSetting,
    SesMailSetting,
    Settings,
    SmtpMailSetting,
    SqliteStoreSetting,
)

_NOTE = "served-with"
#: What is compared: its name in the note, the variable that says it, and what it is in words.
_COMPARED = {
    "store": ("HOMTHU_STORE", "kho / the store"),
    "mail": ("HOMTHU_MAIL", "đường gửi thư / the way of mail"),
    "sender": ("HOMTHU_SENDER", "địa chỉ gửi / the sender"),
    "boxes": ("HOMTHU_BOXES", "tệp hòm thư / the box files"),
}


def note(data: Path, settings: Settings, *, version: str, since: str) -> None:
    """Note how the box is served from now on; passwords are left out."""
    told = {**told_by(data, settings), "version": version, "since": since}
    replace_whole(data / _NOTE, json.dumps(told, indent=2, ensure_ascii=False).encode())


def read_note(data: Path) -> dict[str, str]:
    """The note, or nothing for a box that was never served, or whose note a full disk tore."""
    try:
        found: Any = json.loads((data / _NOTE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return {name: str(value) for name, value in found.items()} if isinstance(found, dict) else {}


def refuse_other_ways(data: Path, settings: Settings, purpose: str) -> None:
    """Exit with a sentence if a command of this purpose (a key of `NEEDS`) would use other settings."""
    noted, now = read_note(data), told_by(data, settings)
    others = [
        f"  {variable} ({what}): hòm thư / the box: {noted[name]} · lệnh này / this command: {now[name]}"
        for name, (variable, what) in _COMPARED.items()
        # Unreadable settings are reported at the start, with every other fault.
        if variable in _concerns(purpose) and name in noted and now[name] not in ("", noted[name])
    ]
    if others:
        sys.exit(
            f"✗ Hòm thư ở {data} chạy với cấu hình khác lệnh này. Chưa làm gì cả.\n"
            f"✗ The box in {data} is served with other settings than this command. Nothing was done.\n"
            + "\n".join(others)
            + "\n  Trên máy chủ, gõ / on a server, type: hom-thu …; nếu đổi thật, chạy lại serve trước / "
            "if the change is meant, start serve with it first."
        )


def told_by(data: Path, settings: Settings) -> dict[str, str]:
    """The settings that are compared, in words without a password.

    Paths in the box's own folder are relative: the folder may be moved or copied.
    """
    return {
        "store": _store(data, settings),
        "mail": _mail(data, settings),
        "sender": settings.sender,
        "boxes": "functions/boxes" if settings.boxes == BOXES else _within(data, settings.boxes),
    }


def _concerns(purpose: str) -> frozenset[str]:
    """The variables that matter to a purpose; the box files matter only to making or sending reports."""
    needs = NEEDS[purpose]
    return needs | {"HOMTHU_BOXES"} if "HOMTHU_MAIL" in needs else needs


def _store(data: Path, settings: Settings) -> str:
    match settings.store:
        case SqliteStoreSetting(path=path):
            return f"sqlite {_within(data, path)}"
        case FirestoreStoreSetting(project=project, database=database):
            return f"firestore {project}/{database}"
        case None:
            return ""


def _mail(data: Path, settings: Settings) -> str:
    match settings.mail:
        case OutboxMailSetting(folder=folder):
            return f"outbox {_within(data, folder)}"
        case SmtpMailSetting(host=host, port=port, username=username, implicit_tls=implicit):
            return f"{'smtps' if implicit else 'smtp+starttls'} {username}@{host}:{port}"
        case SesMailSetting(region=region, role=role):
            return f"ses {region} {role}".rstrip()
        case None:
            return ""


def _within(data: Path, path: Path) -> str:
    own, path = data.resolve(), path.resolve()
    return f"./{path.relative_to(own)}" if path.is_relative_to(own) else os.fspath(path)
