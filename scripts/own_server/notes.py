"""Notes that the jobs of a server leave in the data folder, for later checks."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from homthu.adapters.whole_file import replace_whole

#: Each holds a JSON object with `at`, when it was written.
BACKUP, DRILL = "last-backup.json", "last-drill.json"


def write_note(data: Path, name: str, now: datetime, **told: object) -> None:
    """Leave a note in place of the last one. May raise `OSError`."""
    replace_whole(data / name, json.dumps({"at": now.isoformat(), **told}, indent=2).encode())


def read_note(data: Path, name: str) -> dict[str, Any]:
    """The note, its `at` as a time; nothing if there is none, or none that can be read."""
    try:
        found: Any = json.loads((data / name).read_text("utf-8"))
        return {**found, "at": datetime.fromisoformat(found["at"])}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
