"""Continues as the service's own user, with the service's own settings, whichever user typed the command."""

import os
import sys
from collections.abc import Mapping

from own_server.env_file import read_env_file
from own_server.layout import Layout, program_environment

#: Ours, and none that a person sets: which Python a script went on with.
_NOT_SETTINGS = ("HOMTHU_PYTHON_SWITCHES", "HOMTHU_TRACEBACK")


def service_environment(layout: Layout) -> dict[str, str]:
    """The settings of the service. Where no file has them, as in a container, this process's own.

    Raise `SystemExit` if the user who typed the command has differing settings of their own: what they
    mean to reach is not the box that is served.
    """
    typed = {
        name: value
        for name, value in os.environ.items()
        if name.startswith("HOMTHU_") and name not in _NOT_SETTINGS
    }
    try:
        settings = read_env_file(layout.env)
    except FileNotFoundError:
        return {**program_environment(layout.data), **_own(), **typed}
    except PermissionError:
        sys.exit(
            f"✗ {layout.env}: không có quyền đọc. Gõ: sudo hom-thu …\n✗ It may not be read: sudo hom-thu …"
        )
    settings.setdefault("HOMTHU_BOXES", os.fspath(layout.boxes))
    settings.setdefault("HOMTHU_BACKUPS", os.fspath(layout.backups))
    if others := sorted(name for name, value in typed.items() if settings.get(name, value) != value):
        sys.exit(
            f"✗ Trong phiên này có {', '.join(others)} khác với {layout.env}. Bỏ đi (unset) rồi gõ lại.\n"
            f"✗ This session sets them otherwise than {layout.env}: unset them and type it again."
        )
    return {**program_environment(layout.data), **settings}


def become_service(layout: Layout, *, gives_up_root: bool = True) -> None:
    """Drop root's rights for the service's, and take its settings; raise `SystemExit` if not possible."""
    environ = service_environment(layout)
    if os.geteuid() == 0 and gives_up_root:
        try:
            uid, gid = layout.user()
        except (LookupError, FileNotFoundError):
            sys.exit("✗ Chưa cài / not installed: hom-thu install")
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    elif os.geteuid() and not os.access(layout.data, os.W_OK):
        sys.exit(f"✗ {layout.data}: không có quyền. Gõ: sudo hom-thu …\n✗ Not permitted: sudo hom-thu …")
    os.umask(0o077)
    _replace_environment(environ)


def _replace_environment(environ: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environ)


def _own() -> dict[str, str]:
    """What the office's own commands are told by, in a container."""
    return {name: value for name, value in os.environ.items() if name.startswith(("ALARM_", "COPY_"))}
