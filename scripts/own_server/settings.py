"""What `/etc/hom-thu/hom-thu.env` says beside the settings of the functions: backups, alarms and the proxy.

A wrong value stops the command, with every fault at once.
"""

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

#: An age recipient (https://age-encryption.org/v1): Bech32 of an X25519 key.
_KEY = re.compile(r"age1[023456789acdefghjklmnpqrstuvwxyz]{58}")
#: What may stand in front of a box: a program whose file we know, or one that the office looks after.
PROXIES = ("caddy", "nginx", "none")
PROXY = "HOMTHU_PROXY"
ALARM, KEY, COPY, BACKUPS = (
    "HOMTHU_ALARM_COMMAND",
    "HOMTHU_BACKUP_KEY",
    "HOMTHU_BACKUP_COPY",
    "HOMTHU_BACKUPS",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ServerSettings:
    """Where backups go and to whom they are encrypted, and the office's own commands."""

    backups: Path | None = None
    backup_keys: tuple[str, ...] = ()
    backup_copy: Path | None = None
    alarm_command: Path | None = None


def read_server_settings(environ: Mapping[str, str]) -> ServerSettings:
    """Read them; raise `SystemExit` with everything that is wrong."""
    faults: list[str] = []
    keys = tuple(environ.get(KEY, "").split())
    if wrong := [key for key in keys if not _KEY.fullmatch(key)]:
        faults.append(f"{KEY}: {', '.join(wrong)}: cần khóa công khai age1… / a public key age1… is needed")
    backups = environ.get(BACKUPS, "").strip()
    if backups and not os.path.isabs(backups):
        faults.append(f"{BACKUPS}: cần đường dẫn tuyệt đối / an absolute path is needed")
    proxy = environ.get(PROXY, "").strip()
    if proxy and proxy not in PROXIES:
        faults.append(f"{PROXY}: {proxy}: cần một trong / one of these is needed: {', '.join(PROXIES)}")
    settings = ServerSettings(
        backups=Path(backups) if backups else None,
        backup_keys=keys,
        backup_copy=_command(environ, COPY, faults),
        alarm_command=_command(environ, ALARM, faults),
    )
    if faults:
        sys.exit("\n".join(["✗ Cấu hình máy chủ sai / wrong settings:", *(f"  - {one}" for one in faults)]))
    return settings


def _command(environ: Mapping[str, str], variable: str, faults: list[str]) -> Path | None:
    value = environ.get(variable, "").strip()
    if not value:
        return None
    path = Path(value)
    if not path.is_absolute() or not path.is_file() or not os.access(path, os.X_OK):
        faults.append(
            f"{variable}: {value}: cần đường dẫn tuyệt đối của một tệp chạy được "
            "/ the absolute path of an executable file is needed"
        )
    return path
