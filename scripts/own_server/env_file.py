"""Reads the settings' file as systemd's `EnvironmentFile=` does; refuses what the two
might read differently.
"""

import re
from pathlib import Path

_NAME = re.compile(r"[A-Z_][A-Z0-9_]*")


class BadEnvFile(SystemExit):
    """The file cannot be used; the message lists every fault with its line."""


def read_env_file(path: Path) -> dict[str, str]:
    """The variables of the file; raise `BadEnvFile`, or `OSError` if it cannot be read."""
    return read_env_text(path.read_text("utf-8-sig"), path)


def read_env_text(text: str, path: Path) -> dict[str, str]:
    """The same of what is to be written there. Raise `BadEnvFile`."""
    values: dict[str, str] = {}
    faults: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if not stripped or stripped[0] in "#;":
            continue
        name, equals, value = stripped.partition("=")
        value = value.strip()
        if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1]
        if not equals or not _NAME.fullmatch(name):
            faults.append(f"{path}:{number}: cần dạng TÊN=giá trị / expected NAME=value")
        elif re.search(r"[\\\"'`$]", value):
            # Some of these are special to systemd; in an address each is written as %XX.
            faults.append(
                f"{path}:{number}: {name}: có một trong các dấu \\ \" ' ` $; trong địa chỉ viết bằng %XX "
                "/ one of these signs: in an address it is spelt %XX"
            )
        else:
            values[name] = value
    if faults:
        raise BadEnvFile("\n".join(["✗ Tệp cấu hình sai / the settings' file is wrong:", *faults]))
    return values
