"""Opens a box for a command that only reads: nothing is made or changed, and a missing box is reported."""

from pathlib import Path

from homthu.adapters.clock import system_clock
from homthu.bootstrap.parts import Parts
from homthu.bootstrap.start import start
from homthu.ports import Clock
from local import data_folder


def open_to_read(data: Path, purpose: str, *, clock: Clock = system_clock) -> Parts:
    """The parts for this purpose (a key of `NEEDS`). Raise `SystemExit` or `StoreUnavailable`."""
    parts = start(purpose, data_folder.existing_box(data, purpose), clock=clock, reading=True)
    parts.check_store()
    return parts
