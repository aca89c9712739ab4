"""One backup: everything the box holds, its secrets, settings and box files, encrypted to the office's key.

The key's other half is not on this machine. So that the weekly drill can open the newest backup all the
same, each is encrypted to a second key as well, which is made for it, lies beside the data that it
protects, and is replaced by the next backup's.
"""

import errno
import hashlib
import os
import shutil
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

import pyrage
from commands.opening import open_to_read
from homthu.adapters.secret_file import secret_paths
from homthu.adapters.whole_file import make_folder, replace_whole
from homthu.config import secret_variable
from homthu.domain.backup import EntryTooLarge, Kind
from homthu.domain.secret import SecretPurpose
from homthu.domain.week import local_date
from homthu.services.backup import NotAllRead, ReportRunning, Sums, back_up
from local import backup_file

from own_server.layout import Layout
from own_server.notes import BACKUP, write_note
from own_server.office_command import run
from own_server.settings import ServerSettings

#: In the encrypted archive.
STORE_FILE = "hom-thu.backup.gz"
#: Opens the newest backup, and no other.
DRILL_KEY = "drill-key"
PATTERN = "hom-thu-*.tar.age"
KEPT = timedelta(days=28)
#: What sysexits.h numbers as «try again later».
LATER = 75
_COPY_SECONDS = 3600.0


def make_backup(layout: Layout, settings: ServerSettings, now: datetime) -> None:
    """Make a backup, copy it away, and delete those that are too old. Raise `SystemExit`
    if any of it fails.
    """
    folder = settings.backups or layout.backups
    if not settings.backup_keys:
        sys.exit(
            "✗ Chưa có khóa sao lưu: hom-thu new-key, rồi ghi khóa công khai vào HOMTHU_BACKUP_KEY.\n"
            "✗ There is no key to encrypt to: hom-thu new-key, then set HOMTHU_BACKUP_KEY."
        )
    make_folder(folder)
    store = open_to_read(layout.data, "backup").backup
    out = folder / f"hom-thu-{local_date(now):%Y-%m-%d}.tar.age"
    with tempfile.TemporaryDirectory(dir=folder, prefix=".making-") as scratch:
        plain = Path(scratch) / STORE_FILE
        try:
            with backup_file.new_backup_file(plain) as write:
                sums = back_up(store, now, write)
        except (ReportRunning, NotAllRead) as busy:
            print(f"Kho đang thay đổi / the store is changing: {type(busy).__name__}", file=sys.stderr)
            sys.exit(LATER)
        except EntryTooLarge as large:
            sys.exit(f"✗ {large.entry.kind} {large.entry.id}: quá lớn / too large")
        finally:
            store.close()
        key = pyrage.x25519.Identity.generate()
        part = Path(scratch) / out.name
        encrypt(part, _contents(layout, plain), [*settings.backup_keys, str(key.to_public())])
        part.replace(out)
    replace_whole(layout.data / DRILL_KEY, f"{key}\n".encode())
    with out.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    failed = (
        run(settings.backup_copy, [os.fspath(out)], seconds=_COPY_SECONDS) if settings.backup_copy else ""
    )
    told = {"file": out.name, "sha256": digest, **_counts(sums), "copy_failed": failed}
    write_note(layout.data, BACKUP, now, **told)
    _let_go(folder, now)
    print(f"{out}: {out.stat().st_size:,} B, sha256 {digest[:16]}")
    if failed:
        sys.exit(f"✗ Chưa chép được sang nơi thứ hai / not copied to the second place: {failed}")


def encrypt(out: Path, files: Iterable[tuple[str, Path]], keys: list[str]) -> None:
    """Write these files as one archive, encrypted to these age keys, for this user only."""
    with tempfile.TemporaryFile(dir=out.parent) as archive:
        with tarfile.open(fileobj=archive, mode="w") as packed:
            for name, path in files:
                packed.add(path, name, recursive=False)
        archive.seek(0)
        _encrypted(out, archive, keys)


def decrypt(file: Path, key: str, into: Path) -> None:
    """Extract the files of an archive into a folder. Raise `pyrage.DecryptError`, `tarfile.TarError` …"""
    identity = pyrage.x25519.Identity.from_str(key)
    with tempfile.TemporaryFile(dir=into) as archive:
        with file.open("rb") as source:
            pyrage.decrypt_io(source, archive, [identity])
        archive.seek(0)
        with tarfile.open(fileobj=archive) as packed:
            for member in packed:
                # Only what we packed ourselves, and nothing that leads out of the folder.
                path = into / member.name
                if (content := packed.extractfile(member)) and path.resolve().is_relative_to(into.resolve()):
                    path.parent.mkdir(parents=True, exist_ok=True)
                    with path.open("wb") as out:
                        shutil.copyfileobj(content, out)


def _encrypted(out: Path, archive: IO[bytes], keys: list[str]) -> None:
    recipients = [pyrage.x25519.Recipient.from_str(key) for key in keys]
    with out.open("wb") as file:
        os.fchmod(file.fileno(), 0o600)
        try:
            pyrage.encrypt_io(archive, file, recipients)
        except pyrage.EncryptError as error:
            # Such as a full disk, in the library's words.
            raise OSError(errno.EIO, str(error), os.fspath(out)) from error
        file.flush()
        os.fsync(file.fileno())


def _contents(layout: Layout, store_file: Path) -> Iterator[tuple[str, Path]]:
    """What the archive holds: all that a new machine needs besides the program."""
    yield STORE_FILE, store_file
    given = {purpose: os.environ.get(secret_variable(purpose)) for purpose in SecretPurpose}
    found = secret_paths(layout.data, {use: Path(path) for use, path in given.items() if path})
    for purpose, path in found.items():
        yield f"secrets/{purpose.name.lower()}", path
    if os.access(layout.env, os.R_OK):
        yield layout.env.name, layout.env
    boxes = Path(os.environ.get("HOMTHU_BOXES", layout.boxes))
    for path in sorted(boxes.rglob("*")) if boxes.is_dir() else ():
        if path.is_file():
            yield f"boxes/{path.relative_to(boxes)}", path


def _counts(sums: Sums) -> dict[str, int]:
    return {kind.value: sums[kind].count for kind in Kind}


def _let_go(folder: Path, now: datetime) -> None:
    """Delete what is older than four weeks, but never the last one: a clock that jumps
    must not delete all.
    """
    oldest = (now - KEPT).timestamp()
    for path in sorted(folder.glob(PATTERN))[:-1]:
        if path.stat().st_mtime < oldest:
            path.unlink()
