"""The drill: the newest backup, as encrypted, restored for a try and compared.

A backup that was never restored is a hope. It is restored into a temporary folder beside the box, which keeps
serving.
"""

import hashlib
import os
import tarfile
import tempfile
from datetime import datetime
from pathlib import Path

import pyrage
from homthu.adapters.secret_file import secret_paths
from homthu.adapters.sqlite.backup import SqliteBackup
from homthu.bootstrap.start import start
from homthu.config import secret_variable
from homthu.domain.backup import Kind, NotABackup
from homthu.domain.errors import HomThuError
from homthu.domain.secret import SecretPurpose
from homthu.services.backup import restore
from homthu.services.verify import verify_reports
from local import backup_file, data_folder

from own_server.layout import Layout
from own_server.nightly import DRILL_KEY, STORE_FILE, decrypt
from own_server.notes import BACKUP, DRILL, read_note, write_note
from own_server.settings import ServerSettings


class DrillFailed(HomThuError):
    """The backup did not come back whole; the message is for the person who looks after the box."""


def drill(layout: Layout, settings: ServerSettings, now: datetime) -> str:
    """Restore the newest backup for a try, leave a note, and describe it in a sentence.
    Raise `DrillFailed`.
    """
    try:
        told = _try(layout, settings)
    except DrillFailed as failed:
        write_note(layout.data, DRILL, now, is_well=False, told=f"khôi phục thử KHÔNG đạt: {failed}")
        raise
    write_note(layout.data, DRILL, now, is_well=True, told=told)
    return told


def _try(layout: Layout, settings: ServerSettings) -> str:
    note = read_note(layout.data, BACKUP)
    if not note:
        raise DrillFailed("chưa có bản sao lưu / no backup yet")
    folder = settings.backups or layout.backups
    file = folder / note["file"]
    if not file.is_file():
        raise DrillFailed(f"không còn tệp / the file is gone: {file.name}")
    with file.open("rb") as opened:
        if hashlib.file_digest(opened, "sha256").hexdigest() != note["sha256"]:
            raise DrillFailed(f"tệp đã bị sửa hoặc hỏng / changed or damaged: {file.name}")
    with tempfile.TemporaryDirectory(dir=folder, prefix=".drill-") as scratch:
        try:
            key = (layout.data / DRILL_KEY).read_text("ascii").strip()
            decrypt(file, key, Path(scratch))
            return _restored(layout, Path(scratch), note)
        except (pyrage.DecryptError, pyrage.IdentityError, tarfile.TarError) as error:
            raise DrillFailed(f"không mở được / it does not open: {type(error).__name__}") from error
        except (NotABackup, HomThuError) as error:
            if isinstance(error, DrillFailed):
                raise
            raise DrillFailed(f"không khôi phục được / not restored: {error}") from error
        except OSError as error:
            raise DrillFailed(f"{error.strerror or type(error).__name__}") from error


def _restored(layout: Layout, scratch: Path, note: dict[str, int]) -> str:
    """Restore into a store of its own, and compare it with what the box had when the backup was made."""
    _compare_secrets(layout, scratch)
    data = scratch / "data"
    environ = {**os.environ, "HOMTHU_STORE": data_folder.own_store(data)}
    data.mkdir()
    store = SqliteBackup(data / "hom-thu.db")
    try:
        sums = restore(store, lambda: backup_file.lines_of(scratch / STORE_FILE)).sums
    finally:
        store.close()
    if other := [kind for kind in Kind if sums[kind].count != note[kind.value]]:
        raise DrillFailed(f"số lượng khác / counts differ: {', '.join(other)}")
    parts = start("verify", environ)
    verdicts = [
        verify_reports(parts.ledger, parts.finder, ward) for ward in parts.ledger.wards_with_reports()
    ]
    parts.close_store()
    held, of = sum(verdict.holds for verdict in verdicts), note[Kind.REPORTS.value]
    if held != of or any(verdict.fault for verdict in verdicts):
        raise DrillFailed(f"chuỗi báo cáo / the chain of reports: {held}/{of}")
    return f"khôi phục thử đạt, {held}/{of} báo cáo"


def _compare_secrets(layout: Layout, scratch: Path) -> None:
    """Every secret of the box is in the backup; one that was rotated since may have gained a line."""
    given = {purpose: os.environ.get(secret_variable(purpose)) for purpose in SecretPurpose}
    for purpose, path in secret_paths(layout.data, {k: Path(v) for k, v in given.items() if v}).items():
        copy = scratch / "secrets" / purpose.name.lower()
        if not copy.is_file() or not set(copy.read_text().split()) & set(path.read_text().split()):
            raise DrillFailed(f"thiếu bí mật / a secret is missing: {purpose.name}")
