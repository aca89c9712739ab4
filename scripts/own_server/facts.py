"""Facts about the machine that a box runs on: each well or not, with a sentence that contains no figure about
people.
"""

import shutil
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from homthu.domain.week import ICT

from own_server.notes import BACKUP, DRILL, read_note
from own_server.settings import ServerSettings

#: Below both, somebody has to act; a year of a ward's forms and reports is some hundred megabytes.
LEAST_FREE_BYTES, LEAST_FREE_SHARE = 1_000_000_000, 0.1
#: Backups are nightly and drills weekly; these leave room for a machine that is off at the weekend.
BACKUP_AGE, DRILL_AGE = timedelta(days=7), timedelta(days=15)
#: Let's Encrypt's certificates are renewed thirty days before they end: at fourteen it has failed for weeks.
CERTIFICATE_LEFT = timedelta(days=14)
_SECONDS = 10.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """One thing that is well or not; `told` says it to the person who looks after the box."""

    name: str
    is_well: bool
    told: str


def machine_facts(data: Path, settings: ServerSettings, now: datetime) -> Iterator[Fact]:
    """Everything that can be said from this machine's files alone."""
    yield disk(data, settings.backups)
    if settings.backup_keys:
        yield backup(data, settings, now)
        yield drill(data, now)


def disk(*folders: Path | None) -> Fact:
    """Whether there is room where the box and its backups are."""
    tightest = min(
        (shutil.disk_usage(folder) for folder in folders if folder is not None and folder.exists()),
        key=lambda usage: usage.free,
    )
    share = tightest.free / tightest.total
    is_well = tightest.free >= LEAST_FREE_BYTES or share >= LEAST_FREE_SHARE
    told = f"đĩa còn trống / disk free: {tightest.free / 1e9:.1f} GB ({share:.0%})"
    return Fact(name="disk", is_well=is_well, told=told)


def backup(data: Path, settings: ServerSettings, now: datetime) -> Fact:
    """Whether the newest backup is recent, still there, and also in a second place if one was configured."""
    note = read_note(data, BACKUP)
    if not note:
        return Fact(name="backup", is_well=False, told="chưa có bản sao lưu / no backup yet")
    told = f"sao lưu gần nhất / last backup: {note['at'].astimezone(ICT):%d/%m/%Y %H:%M}"
    is_there = settings.backups is None or (settings.backups / str(note.get("file"))).is_file()
    if not is_there:
        told += "; tệp không còn / its file is gone"
    if why := note.get("copy_failed"):
        told += f"; chưa chép sang nơi thứ hai / not copied ({why})"
    is_young = timedelta() <= now - note["at"] <= BACKUP_AGE
    return Fact(name="backup", is_well=is_young and is_there and not why, told=told)


def drill(data: Path, now: datetime) -> Fact:
    """Whether the newest backup was restored for a try, and all of it came back."""
    note = read_note(data, DRILL)
    if not note:
        # Before the first Sunday there is nothing to report.
        is_new = bool(read_note(data, BACKUP))
        return Fact(name="drill", is_well=is_new, told="chưa khôi phục thử / no drill yet")
    is_well = bool(note.get("is_well")) and timedelta() <= now - note["at"] <= DRILL_AGE
    return Fact(name="drill", is_well=is_well, told=f"{note['told']} ({note['at'].astimezone(ICT):%d/%m/%Y})")


def certificate(base_url: str, now: datetime, *, host: str = "127.0.0.1", port: int = 443) -> Fact | None:
    """How long the certificate that the proxy on this machine shows still holds; None without TLS."""
    url = urlsplit(base_url)
    if url.scheme != "https" or not url.hostname:
        return None
    # Whether browsers trust it is their decision: here only its expiry is read.
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with (
            socket.create_connection((host, url.port or port), timeout=_SECONDS) as line,
            context.wrap_socket(line, server_hostname=url.hostname) as tls,
        ):
            shown = x509.load_der_x509_certificate(tls.getpeercert(binary_form=True) or b"")
    except (OSError, ValueError) as error:
        told = f"proxy không trả lời HTTPS / the proxy does not answer by HTTPS ({type(error).__name__})"
        return Fact(name="certificate", is_well=False, told=told)
    end = shown.not_valid_after_utc.astimezone(UTC)
    told = f"chứng thư đến / certificate until: {end:%d/%m/%Y}"
    return Fact(name="certificate", is_well=end - now >= CERTIFICATE_LEFT, told=told)
