"""A clock that jumps while a program runs: `shifted_clock.c`, told by a file that a test writes."""

import os
import struct
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from machine import require

_SOURCE = Path(__file__).with_suffix(".c")


class ShiftedClock:
    """The time of day of every program that is given `environ`; what waits for seconds waits as ever."""

    def __init__(self, folder: Path, at: datetime) -> None:
        require("cc", "gcc")
        library, self._file = folder / "clock.so", folder / "clock"
        build = [
            "cc",
            "-shared",
            "-fPIC",
            "-O2",
            "-Wall",
            "-Werror",
            "-o",
            str(library),
            str(_SOURCE),
            "-ldl",
        ]
        subprocess.run(build, check=True, capture_output=True)
        self._file.write_bytes(bytes(8))
        self.set(at)
        self.environ = {"LD_PRELOAD": os.fspath(library), "SHIFTED_CLOCK": os.fspath(self._file)}

    def set(self, at: datetime) -> None:
        """Make it so late now; from there it goes on."""
        seconds = int((at - datetime.now(UTC)).total_seconds())
        with self._file.open("r+b") as file:
            # The file itself: it is looked at through memory by whoever runs.
            file.write(struct.pack("=q", seconds))
