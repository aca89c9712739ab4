"""Look after a box on a server of one's own, and run every other script as its service does.

hom-thu install …       install the box on this machine, or bring it up to date (--help says more)
hom-thu update [REF]    take a newer version: backup, check, trial, restart, look; goes back by itself
hom-thu status          one screen: served since, last form's day, last report, owed, jobs, backup, disk …
hom-thu backup          one encrypted backup now, as every night
hom-thu drill           restore the newest backup for a try, as every Sunday
hom-thu look            look whether all is well and tell people what is not, as every ten minutes
hom-thu notes           mail the status to the operators, as every Monday
hom-thu alarm TEXT      tell the operators and the office's own command this text: to try both ways
hom-thu new-key         make the key that backups are encrypted to; printed once, kept nowhere
hom-thu SCRIPT …        any other script (report, export, erase …), by the box's own settings and data
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import environment
from homthu.adapters.clock import system_clock
from own_server.as_service import become_service
from own_server.drill import DrillFailed, drill
from own_server.health import answers
from own_server.jobs import run_jobs
from own_server.layout import Layout
from own_server.look import look
from own_server.nightly import make_backup
from own_server.one_at_a_time import one_at_a_time
from own_server.people import tell_people
from own_server.settings import ServerSettings, read_server_settings
from own_server.status import status
from own_server.trial import trial

#: Scripts of developers and of the cloud: not for a box that citizens write to.
NOT_HERE = frozenset({"hom-thu", "seed-demo", "deploy", "test", "lint", "lock", "sabotage", "bench"})
#: Writes into the folder of box files (--record), which is root's.
AS_ROOT = frozenset({"check-box"})


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--root", type=Path, default=Path("/"), help=argparse.SUPPRESS)
    parser.add_argument("command", help="one of the above")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="its own arguments")
    return parser.parse_args()


def main() -> int:
    """Run the command."""
    arguments = parse()
    layout = Layout(arguments.root.resolve())
    match arguments.command:
        case "install":
            from own_server.install import main as install

            return install(layout, arguments.arguments)
        case "update":
            from own_server.update import main as update

            return update(layout, arguments.arguments)
        case "new-key":
            return new_key()
    become_service(layout, gives_up_root=arguments.command not in AS_ROOT)
    if own := OWN.get(arguments.command):
        return own(layout, read_server_settings(os.environ), arguments.arguments)
    return run_script(layout, arguments.command, arguments.arguments)


def new_key() -> int:
    """Print a key of age: the line that is secret for the safe, the other for the settings."""
    import pyrage

    key = pyrage.x25519.Identity.generate()
    print(
        "# Khóa bí mật: in ra hoặc chép vào két, KHÔNG để trên máy chủ. Mất khóa là mất mọi bản sao lưu.\n"
        "# The secret key: into the safe, not on the server. Without it no backup opens.\n"
        f"{key}\n\n# Ghi vào / for /etc/hom-thu/hom-thu.env:\nHOMTHU_BACKUP_KEY={key.to_public()}"
    )
    return 0


def run_script(layout: Layout, name: str, arguments: Sequence[str]) -> int:
    """Go on with another script, on the box's own data; files that it makes lie in a folder for that."""
    script = environment.ROOT / "scripts" / name
    if "/" in name or not script.is_file() or name in NOT_HERE or script.suffix:
        sys.exit(f"✗ {name}: không có lệnh này / no such command. hom-thu --help")
    module = script.parent / "commands" / f"{name.replace('-', '_')}.py"
    source = module.read_text("utf-8") if module.exists() else script.read_text("utf-8")
    given = list(arguments)
    for option, own, is_known in (
        ("--data", layout.data, "add_data_option" in source),
        ("--boxes", layout.boxes, '"--boxes"' in source),
    ):
        if not is_known:
            continue
        if any(one == option or one.startswith(f"{option}=") for one in given):
            sys.exit(
                f"✗ {option}: hom-thu luôn dùng {own}; muốn nơi khác thì gọi scripts/{name} trực tiếp.\n"
                f"✗ {option}: hom-thu always takes {own}; for another place call scripts/{name} itself."
            )
        given += [option, os.fspath(own)]
    # Root makes no folder among the service's data, which the service could then not enter.
    if name not in AS_ROOT:
        layout.files.mkdir(mode=0o700, exist_ok=True)
        os.chdir(layout.files)
    if "--out" in given:
        print(f"Tệp nằm ở / files lie in: {layout.files}", file=sys.stderr)
    os.execv(sys.executable, [sys.executable, os.fspath(script), *given])


def _status(layout: Layout, settings: ServerSettings, _: Sequence[str]) -> int:
    lines, is_well = status(layout, settings, system_clock())
    print("\n".join(lines))
    return 0 if is_well else 1


def _notes(layout: Layout, settings: ServerSettings, _: Sequence[str]) -> int:
    lines, is_well = status(layout, settings, system_clock())
    line = "Ghi nhận thứ Hai: hòm thư ổn" if is_well else "Ghi nhận thứ Hai: có việc cần xem"
    told = tell_people(layout.data, settings, line, "\n".join(lines), loudly=not is_well)
    return 0 if told.is_anybody else 1


def _backup(layout: Layout, settings: ServerSettings, _: Sequence[str]) -> int:
    with one_at_a_time(layout.data, "backup"):
        make_backup(layout, settings, system_clock())
    return 0


def _drill(layout: Layout, settings: ServerSettings, _: Sequence[str]) -> int:
    try:
        with one_at_a_time(layout.data, "backup"):
            told = drill(layout, settings, system_clock())
        print(f"✓ {told}")
    except DrillFailed as failed:
        sys.exit(f"✗ khôi phục thử không đạt / the drill failed: {failed}")
    return 0


def _look(layout: Layout, settings: ServerSettings, _: Sequence[str]) -> int:
    look(layout, settings, system_clock())
    # What was seen was told; the look itself has done its work.
    return 0


def _answers(_: Layout, __: ServerSettings, ___: Sequence[str]) -> int:
    """For a container's health check."""
    return 0 if answers(os.environ, seconds=1) else 1


def _jobs(layout: Layout, settings: ServerSettings, _: Sequence[str]) -> int:
    """For a container, which has no timers."""
    run_jobs(layout, settings)
    return 0


def _trial(layout: Layout, settings: ServerSettings, _: Sequence[str]) -> int:
    with one_at_a_time(layout.data, "backup"):
        return trial(layout, settings)


def _alarm(layout: Layout, settings: ServerSettings, arguments: Sequence[str]) -> int:
    line = " ".join(arguments) or "Thử báo động từ hòm thư góp ý"
    told = tell_people(layout.data, settings, line)
    print(f"thư / mails: {told.mails}; lệnh báo động / the office's command: {'✓' if told.is_rung else '✗'}")
    return 0 if told.is_anybody else 1


OWN: dict[str, Callable[[Layout, ServerSettings, Sequence[str]], int]] = {
    "status": _status,
    "backup": _backup,
    "drill": _drill,
    "look": _look,
    "notes": _notes,
    "alarm": _alarm,
    "trial": _trial,
    "answers": _answers,
    "jobs": _jobs,
}
