"""A backup's file and memory: neither what a box holds nor what a file unpacks to is held at once."""

import gzip
import subprocess
import sys
from pathlib import Path

import pytest
from shell import run
from sqlite_file import FUNCTIONS, SUPPORT

#: What a process may take more while it backs up or restores, in bytes. A mail of 2 MB is in memory
#: several times: as bytes, in base 64, as a line, and packed.
MOST = 64_000_000
MAILS, MAIL_BYTES = 75, 2_000_000
PROGRAM = f"""
import resource, sys
from pathlib import Path
from local import backup_file
from samples import now
from homthu.adapters.sqlite.backup import SqliteBackup
from homthu.adapters.sqlite.store import SqliteStore
from homthu.domain.backup import Kind
from homthu.services.backup import back_up, restore

folder = Path(sys.argv[1])
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
store = SqliteStore(folder / "a" / "box.db", now)
for number in range({MAILS}):
    store.save_content(f"{{number:03d}}", bytes([number]) * {MAIL_BYTES})
store.close()
before = peak()
backup = SqliteBackup(folder / "a" / "box.db")
with backup_file.new_backup_file(folder / "box.gz") as write:
    back_up(backup, now(), write)
into = SqliteBackup(folder / "b" / "box.db")
assert restore(into, lambda: backup_file.lines_of(folder / "box.gz")).sums[Kind.CONTENTS].count == {MAILS}
print(peak() - before)
"""


def python(program: str, *arguments: Path) -> str:
    answer = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        env={"PYTHONPATH": f"{FUNCTIONS}:{SUPPORT}:{FUNCTIONS.parent / 'scripts'}"},
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


@pytest.mark.long
def test_many_large_mails_are_backed_up_and_restored_a_few_at_a_time(tmp_path: Path) -> None:
    taken = int(python(PROGRAM, tmp_path))
    assert taken < MOST < MAILS * MAIL_BYTES / 2, f"{taken:,} B"


def test_a_line_that_never_ends_is_refused_before_it_is_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "box.gz"
    with gzip.open(file, "wb", compresslevel=1) as packed:
        packed.write(b'{"homthu_backup":2}\n')
        for _ in range(300):
            packed.write(b"a" * 1_000_000)
    program = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from local import backup_file\n"
        "from homthu.domain.backup import NotABackup\n"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024\n"
        "before = peak()\n"
        "try: list(backup_file.lines_of(Path(sys.argv[1])))\n"
        "except NotABackup as bad: print(bad.reason, peak() - before)\n"
    )
    reason, taken = python(program, file).split()
    assert reason == "line_too_long"
    assert int(taken) < 150_000_000
    done = run("restore", file, "--data", tmp_path / "box")
    assert done.returncode == 1
    assert "a line is too long" in done.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"not packed at all", "damaged"),
        (gzip.compress(b"\xff\xfe\x00"), "no backup"),
        (gzip.compress(b"x" * 9000)[:-9], "damaged"),
        (gzip.compress(b"")[:10] + b"\xff" * 50, "damaged"),
        (b"", "no backup"),
    ],
    ids=["not packed", "no text", "cut off", "no such block", "empty"],
)
def test_what_is_no_backup_is_refused_in_words(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "box.gz"
    file.write_bytes(content)
    done = run("restore", file, "--data", tmp_path / "box")
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
