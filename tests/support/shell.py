"""Our commands with what a person types after them, without a setting of this machine.

`run` and `succeed` call a command's `main` in this process, as `scripts/NAME` does once it has begun:
beginning takes longer than most commands, and is tried by `typed` with each of them in test_typed_commands.
What Python itself reads as it begins (PYTHONPATH) reaches `typed` alone.
"""

import contextlib
import gc
import importlib
import io
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from commands import running

SCRIPTS = Path(__file__).parents[2] / "scripts"
Done = subprocess.CompletedProcess[str]


def typed(script: str, *arguments: str | Path, entered: str = "", **environ: str) -> Done:
    """Run a command in a process of its own."""
    return subprocess.run(
        [sys.executable, str(SCRIPTS / script), *map(str, arguments)],
        env=_without_settings() | environ,
        input=entered,
        capture_output=True,
        text=True,
    )


def run(
    script: str, *arguments: str | Path, entered: str = "", package: str = "commands", **environ: str
) -> Done:
    """Run a command in this process; what it printed and the exit status it would have ended with.

    `entered` is what it finds on its standard input; its module is in `package`.
    """
    command = [str(SCRIPTS / script), *map(str, arguments)]
    module = importlib.import_module(f"{package}.{script.replace('-', '_')}")
    with _at_a_shell(command, entered, _without_settings() | environ) as (out, error):
        try:
            status = running.run(module.main)
        except SystemExit as ending:
            # As the interpreter does with it.
            status = ending.code if isinstance(ending.code, int) else int(ending.code is not None)
            if isinstance(ending.code, str):
                print(ending.code, file=sys.stderr)
        # The end of a process closes what a command left open.
        gc.collect()
    return Done(command, status, *(_text_of(stream) for stream in (out, error)))


def succeed(script: str, *arguments: str | Path, **environ: str) -> str:
    """Run a command that must succeed, in this process; what it printed."""
    done = run(script, *arguments, **environ)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextlib.contextmanager
def _at_a_shell(
    command: list[str], entered: str, environ: Mapping[str, str]
) -> Iterator[tuple[io.TextIOWrapper, io.TextIOWrapper]]:
    """This process as a command finds its own: arguments, settings, and streams that are no terminal."""
    streams = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
    before, kept = (sys.argv, sys.stdin), dict(os.environ)
    sys.argv, sys.stdin = command, io.StringIO(entered)
    _replace_settings(environ)
    try:
        with contextlib.redirect_stdout(streams[0]), contextlib.redirect_stderr(streams[1]):
            yield streams
    finally:
        sys.argv, sys.stdin = before
        _replace_settings(kept)


def _replace_settings(environ: Mapping[str, str]) -> None:
    for name in os.environ.keys() - environ.keys():
        del os.environ[name]
    os.environ.update(environ)


def _without_settings() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("HOMTHU_")}


def _text_of(stream: io.TextIOWrapper) -> str:
    """All that was written; read as a pipe is, which knows no other line's end."""
    stream.flush()
    written = stream.buffer
    assert isinstance(written, io.BytesIO)
    return io.TextIOWrapper(io.BytesIO(written.getvalue()), "utf-8").read()
