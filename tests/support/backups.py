"""The kinds of store that a backup is made from and brought into."""

from collections.abc import Callable

import pytest
from homthu.ports import Store
from homthu.ports.backup import Backup
from homthu.services.backup import back_up
from samples import (
    now,
)

KINDS = ["memory", "sqlite", pytest.param("firestore", marks=pytest.mark.emulator)]
Open = Callable[[str], tuple[Store, Backup]]


def lines_from(backup: Backup) -> list[str]:
    lines: list[str] = []
    back_up(backup, now(), lines.append)
    return lines
