"""Installs a box on this machine, or puts right what is not as it should be. Safe to run again.

sudo git clone … /usr/local/src/hom-thu && cd /usr/local/src/hom-thu
sudo scripts/hom-thu install --base-url https://gopy.phuong.gov.vn --boxes /root/hop-thu
"""

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import environment
from homthu.adapters.box_files import BoxProblems, load_boxes
from homthu.adapters.box_files.samples import find_samples
from homthu.adapters.web_files import load_texts
from homthu.config import NEEDS, BadSettings, read_settings
from homthu.render.problems import describe

from own_server.env_file import read_env_file
from own_server.health import answers
from own_server.layout import Layout
from own_server.plan import OWN, SECRET, Plan
from own_server.proxy import chosen_proxy, lay_proxy
from own_server.releases import git, make_release, served_release
from own_server.settings import KEY, PROXIES, PROXY, read_server_settings

FILES = environment.ROOT / "infra" / "own-server"
SERVICE, SOCKET = "hom-thu.service", "hom-thu.socket"
TIMERS = ("hom-thu-backup", "hom-thu-drill", "hom-thu-look", "hom-thu-notes")
#: What is asked on the command line, by the line of the settings that it fills.
GIVEN = {
    "base_url": "HOMTHU_BASE_URL",
    "sender": "HOMTHU_SENDER",
    "mail": "HOMTHU_MAIL",
    "key": KEY,
    "proxy": PROXY,
}


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="hom-thu install", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
    parser.add_argument("--base-url", help="the address in the posters' codes: https://…")
    parser.add_argument("--sender", help="the address that reports come from")
    parser.add_argument("--mail", help="the mail server: smtp+starttls://USER:PASSWORD@HOST:587")
    parser.add_argument("--key", help="the public key of backups, age1… (hom-thu new-key makes one)")
    parser.add_argument("--boxes", type=Path, metavar="DIR", help="the ward's box files, copied once")
    parser.add_argument("--proxy", choices=PROXIES, help="kept; default: the one that is installed")
    parser.add_argument("--refresh", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--shared", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def main(layout: Layout, arguments: Sequence[str]) -> int:
    """Install; 0 when the box is served, or all is laid out below a root of its own."""
    options = parse(arguments)
    if layout.root == Path("/") and os.geteuid() != 0:
        sys.exit("✗ Cần quyền root / root's rights are needed: sudo scripts/hom-thu install …")
    plan = Plan(layout, dry=options.dry_run)
    if not environment.ROOT.is_relative_to(layout.releases):
        return _from_clone(plan, arguments)
    if options.shared:
        lay_shared(plan)
        return 0
    plan.user()
    _lay_folders(plan)
    _lay_settings(plan, options)
    _lay_units(plan)
    faults = _faults(layout)
    if not faults:
        proxy = chosen_proxy(options.proxy, layout)
        lay_proxy(plan, proxy, read_env_file(layout.env)["HOMTHU_BASE_URL"], FILES)
    if faults:
        print("\nCòn phải điền / still to be filled in:", *(f"  - {fault}" for fault in faults), sep="\n")
        print("rồi chạy lại lệnh này / then run this again: hom-thu install")
        return 1
    if options.refresh or plan.dry:
        return _told(plan)
    return _begin(plan)


def _from_clone(plan: Plan, arguments: Sequence[str]) -> int:
    """Make a release of the clone in which this was typed, and continue with that."""
    layout, clone = plan.layout, environment.ROOT
    if served := served_release(layout):
        # A newer version comes with `update`, which can go back.
        release = served
    elif plan.dry:
        plan.tell(f"bản / release {git('rev-parse', '--short', 'HEAD', at=clone)} → {layout.releases}")
        plan.user()
        for path in (layout.boxes, layout.data, layout.backups, layout.units, layout.wrapper):
            if not path.exists():
                plan.tell(os.fspath(path))
        return _told(plan)
    else:
        layout.program.mkdir(parents=True, exist_ok=True)
        keep_source(layout, clone)
        release = make_release(layout, layout.program / "source.git", "HEAD")
        plan.link(layout.current, release)
    return in_release(release, layout, "install", *arguments)


def keep_source(layout: Layout, clone: Path) -> None:
    """A repository of root's own that updates come through, from where the clone came from."""
    source = layout.program / "source.git"
    if source.exists():
        return
    git("clone", "--quiet", "--bare", "--no-hardlinks", os.fspath(clone), os.fspath(source), at=clone)
    remotes = git("remote", at=clone).split()
    if "origin" in remotes:
        git("remote", "set-url", "origin", git("remote", "get-url", "origin", at=clone), at=source)


def in_release(release: Path, layout: Layout, *arguments: str) -> int:
    """Run a command of a release by its own program."""
    python, script = release / ".venv/bin/python", release / "scripts/hom-thu"
    command = [os.fspath(python), os.fspath(script), "--root", os.fspath(layout.root), *arguments]
    return subprocess.run(command, check=False).returncode


def _lay_folders(plan: Plan) -> None:
    layout = plan.layout
    for path in (layout.settings, layout.boxes, layout.commands, layout.units, layout.wrapper.parent):
        plan.folder(path)
    for path in (layout.data, layout.backups):
        plan.folder(path, OWN, of_service=True)


def _lay_settings(plan: Plan, options: argparse.Namespace) -> None:
    layout = plan.layout
    given = {variable: getattr(options, name) for name, variable in GIVEN.items() if getattr(options, name)}
    template = (FILES / "hom-thu.env").read_text("utf-8")
    text = layout.env.read_text("utf-8") if layout.env.exists() else template
    plan.file(layout.env, filled_in(text, given).encode(), SECRET)
    for path in sorted((FILES / "commands").iterdir()):
        plan.file(layout.commands / path.name, path.read_bytes(), 0o755, keep=True)
    for path in sorted(options.boxes.glob("*.toml")) if options.boxes else ():
        plan.file(layout.boxes / path.name, path.read_bytes(), keep=True)
    lay_shared(plan, options.boxes)


def lay_shared(plan: Plan, chosen: Path | None = None) -> None:
    """Copy what box files depend on (questionnaires and the like), the ward's own or else the program's,
    once.
    """
    samples = environment.ROOT / "functions" / "boxes"
    for folder in sorted(path for path in samples.iterdir() if path.is_dir()):
        own = chosen / folder.name if chosen else folder
        plan.folder(plan.layout.boxes / folder.name)
        for path in sorted((own if own.is_dir() else folder).iterdir()):
            plan.file(plan.layout.boxes / folder.name / path.name, path.read_bytes(), keep=True)


def filled_in(text: str, given: Mapping[str, str]) -> str:
    """The settings' file with these values, each replacing its line, commented out or not."""
    for variable, value in given.items():
        lines = text.splitlines()
        found = (n for n, line in enumerate(lines) if line.lstrip("#").startswith(f"{variable}="))
        at = next(found, len(lines))
        text = "\n".join([*lines[:at], f"{variable}={value}", *lines[at + 1 :], ""])
    return text


def _lay_units(plan: Plan) -> None:
    layout = plan.layout
    before = plan.changes
    for path in sorted(path for path in FILES.iterdir() if path.suffix in (".service", ".socket", ".timer")):
        plan.file(layout.units / path.name, path.read_bytes())
    root = "" if plan.is_whole_machine else f" --root {layout.root}"
    stub = f'#!/bin/sh\nexec {layout.current}/.venv/bin/python {layout.current}/scripts/hom-thu{root} "$@"\n'
    plan.file(layout.wrapper, stub.encode(), 0o755)
    if plan.changes != before and plan.is_whole_machine and not plan.dry:
        plan.systemctl("daemon-reload")


def _faults(layout: Layout) -> list[str]:
    """Everything that keeps the box from being served, in words; samples are never served."""
    if not layout.env.exists():
        return []
    values = read_env_file(layout.env)
    faults = []
    # The secrets are made when it is first served.
    needs = frozenset(
        name for needed in NEEDS.values() for name in needed if not name.startswith("HOMTHU_SECRET")
    )
    texts = load_texts("vi")
    try:
        read_settings({"HOMTHU_STORE": "sqlite:///x", **values}, needs)
    except BadSettings as bad:
        faults += [
            f"{layout.env}: {p.variable}: {texts(f'setting.{p.code}', **p.data)}" for p in bad.problems
        ]
    faults += [
        f"{layout.env}: {variable}: còn là ví dụ / still the example: {values[variable]}"
        for variable in GIVEN.values()
        if re.search(r"\bexample\.org\b|MAT-KHAU", values.get(variable, ""))
    ]
    if not values.get(KEY):
        faults.append(f"{layout.env}: {KEY}: cần khóa công khai / a public key is needed: hom-thu new-key")
    try:
        read_server_settings(values)
    except SystemExit as wrong:
        faults.append(str(wrong))
    try:
        load_boxes(layout.boxes)
        found = [describe(problem, texts) for problem in find_samples(layout.boxes)]
    except BoxProblems as bad:
        found = [describe(problem, texts) for problem in bad.problems]
    return faults + [f"{layout.boxes}: {one}" for one in found]


def _begin(plan: Plan) -> int:
    """Enable and start everything, check that it is well, and make the first backup."""
    layout = plan.layout
    timers = [f"{name}.timer" for name in TIMERS]
    plan.systemctl("enable", "--quiet", SOCKET, SERVICE, *timers)
    if not plan.is_whole_machine:
        return _told(plan)
    plan.systemctl("start", SOCKET, SERVICE, *timers)
    if not answers(read_env_file(layout.env)):
        sys.exit("✗ hòm thư không chạy / the box does not run: journalctl -u hom-thu")
    if not list(layout.backups.glob("*.age")):
        plan.systemctl("start", "hom-thu-backup.service")
    host = urlsplit(read_env_file(layout.env)["HOMTHU_BASE_URL"]).hostname
    print(f"✓ hòm thư đang chạy / the box is served. Xem / see: https://{host}/ · hom-thu status")
    return _told(plan)


def _told(plan: Plan) -> int:
    if not plan.changes:
        print("không có gì phải đổi / nothing had to be changed")
    return 0
