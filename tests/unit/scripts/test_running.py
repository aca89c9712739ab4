"""What a command says when something outside of it, or within, goes wrong."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from commands.running import _STORE, FAILED, FAULT, INTERRUPTED, run
from homthu.adapters.sqlite import database
from homthu.ports import StoreUnavailable

ROOT = Path(__file__).parents[3]


def fail(error: BaseException) -> int:
    def main() -> None:
        raise error

    return run(main)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (FileNotFoundError(errno.ENOENT, "No such file", "/nowhere/a.xlsx"), "/nowhere/a.xlsx: không có tệp"),
        (PermissionError(errno.EACCES, "Permission denied", "/root/x"), "/root/x: không có quyền"),
        (OSError(errno.ENOSPC, "No space left on device"), "No space left on device"),
        (StoreUnavailable("full"), "đĩa đầy"),
        (StoreUnavailable("status_503"), "status_503"),
    ],
)
def test_what_may_go_wrong_outside_is_said_in_a_sentence(
    error: Exception, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fail(error) == FAILED
    told = capsys.readouterr().err
    assert said in told
    assert "Traceback" not in told


def test_a_fault_of_ours_is_told_by_its_place_and_never_by_its_words(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    error = ValueError("Ông A nhận tiền của tôi")
    assert fail(error) == FAULT
    told = capsys.readouterr().err
    assert "ValueError" in told
    assert "test_running.py:" in told
    assert "Ông A" not in told
    assert "Traceback" not in told
    monkeypatch.setenv("HOMTHU_TRACEBACK", "1")
    fail(error)
    assert "Traceback" in capsys.readouterr().err


def test_whoever_presses_control_c_sees_no_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert fail(KeyboardInterrupt()) == INTERRUPTED
    assert "Traceback" not in capsys.readouterr().err


def test_every_reason_that_sqlite_gives_has_a_sentence() -> None:
    source = Path(database.__file__).read_text("utf-8")
    reasons = {*database._REASONS.values()} - {"too_big", "refused"}
    reasons |= {part.split('"')[1] for part in source.split("StoreUnavailable(")[1:] if part.startswith('"')}
    assert reasons <= set(_STORE)


@pytest.mark.parametrize("command", ["check-box", "seed-demo --help", "report --help"])
def test_a_reader_that_has_seen_enough_is_no_fault(command: str) -> None:
    """`check-box | head -1`, with a reader that goes away before anything is written."""
    reader, writer = os.pipe()
    os.close(reader)
    name, *arguments = command.split()
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / name, *arguments],
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writer)
    assert done.stderr == ""


def test_a_terminal_without_vietnamese_letters_still_gets_an_answer() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "check-box"],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert "07210" in done.stdout
    assert done.stderr == ""
