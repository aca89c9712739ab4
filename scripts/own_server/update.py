"""Installs a newer version: backup, check of the boxes, trial on a copy, switch, check; else back again.

What citizens send meanwhile waits at the socket. While the new version is checked it accepts no form, so that
going back loses none.
"""

import argparse
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from own_server.env_file import read_env_file
from own_server.health import answers
from own_server.install import SERVICE, in_release
from own_server.layout import Layout
from own_server.one_at_a_time import one_at_a_time
from own_server.plan import Plan
from own_server.releases import git, make_release, name_of, remove_old, served_release, version_of

_DATABASE, _ASIDE = "hom-thu.db", "hom-thu.db.before-update"
#: Where the header of an SQLite file keeps `user_version`: https://sqlite.org/fileformat2.html#the_database_header
_VERSION_AT = slice(60, 64)


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="hom-thu update", description=__doc__)
    parser.add_argument("ref", nargs="?", default="HEAD", help="tag, branch or commit (default: newest)")
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
    return parser.parse_args(arguments)


def main(layout: Layout, arguments: Sequence[str]) -> int:
    """Update; 0 when the new version is served, 1 when the old one is again or still."""
    options = parse(arguments)
    if os.geteuid() != 0:
        sys.exit("✗ Cần quyền root / root's rights are needed: sudo hom-thu update")
    served = served_release(layout)
    if served is None:
        sys.exit("✗ Chưa cài / not installed: hom-thu install")
    source = layout.program / "source.git"
    if "origin" in git("remote", at=source).split():
        heads, tags = "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"
        git("fetch", "--quiet", "--prune", "origin", heads, tags, at=source)
    version = version_of(source, options.ref)
    if version.replace("/", "-") == served.name:
        print(f"đã là bản này / this version is served already: {version}")
        return 0
    print(f"{served.name} → {version}")
    if options.dry_run:
        return 0
    with one_at_a_time(layout.program, "update", waits=False):
        release = make_release(layout, source, options.ref)
        plan = Plan(layout, dry=False)
        _prepare(plan, release)
        if _switch(plan, served, release):
            remove_old(layout)
            print(f"✓ đang chạy bản / served: {version}")
            return 0
        print(f"✗ bản {version} không chạy được; đã quay lại / went back to {served.name}", file=sys.stderr)
        return 1


def _prepare(plan: Plan, release: Path) -> None:
    """Everything that can be known before anybody notices; exit here if the new version is not fit."""
    layout = plan.layout
    print("→ kiểm tra tệp hòm thư bằng bản mới / the box files by the new version", flush=True)
    # What box files lean on may be new in this version; what is there stays as it is.
    if in_release(release, layout, "install", "--shared") or in_release(release, layout, "check-box"):
        sys.exit("✗ bản mới không nhận tệp hòm thư; chưa đổi gì / it refuses the box files: nothing changed")
    print("→ sao lưu / a backup", flush=True)
    plan.systemctl("start", "hom-thu-backup.service")
    print("→ thử trên bản sao / a trial on a copy", flush=True)
    if in_release(release, layout, "trial"):
        sys.exit("✗ bản mới không qua được lần thử; chưa đổi gì / the trial failed; nothing was changed")


def _switch(plan: Plan, old: Path, new: Path) -> bool:
    """Serve the new version if it is well, else the old one as before; whether the new one is served."""
    layout = plan.layout
    settings = read_env_file(layout.env)
    plan.systemctl("stop", SERVICE)
    shutil.copy2(layout.data / _DATABASE, layout.data / _ASIDE)
    _give_to_service(layout, layout.data / _ASIDE)
    plan.link(layout.current, new)
    is_well = not in_release(new, layout, "install", "--refresh")
    if is_well:
        with _Paused(plan):
            plan.systemctl("start", SERVICE)
            is_well = answers(settings, name_of(new))
        if is_well:
            plan.systemctl("restart", SERVICE)
            is_well = answers(settings, name_of(new))
    if is_well:
        (layout.data / _ASIDE).unlink()
        return True
    plan.systemctl("stop", SERVICE)
    _put_back(layout)
    plan.link(layout.current, old)
    in_release(old, layout, "install", "--refresh")
    plan.systemctl("start", SERVICE)
    if not answers(settings, name_of(old)):
        sys.exit("✗ bản cũ cũng không chạy / the old one does not run either: journalctl -u hom-thu")
    return False


class _Paused:
    """A block in which the service starts in the mode that accepts no form."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._folder = plan.layout.root / f"run/systemd/system/{SERVICE}.d"

    def __enter__(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        mode = self._folder / "paused.env"
        mode.write_text("HOMTHU_MODE=paused\n", "utf-8")
        # A later file's settings go before an earlier one's.
        (self._folder / "update.conf").write_text(f"[Service]\nEnvironmentFile={mode}\n", "utf-8")
        self._plan.systemctl("daemon-reload")

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._folder)
        self._plan.systemctl("daemon-reload")


def _put_back(layout: Layout) -> None:
    """The database as the old version left it, if the new one has migrated it."""
    database, aside = layout.data / _DATABASE, layout.data / _ASIDE
    if _form_of(database) == _form_of(aside):
        aside.unlink()
        return
    kept = layout.data / f"{_DATABASE}.after-update"
    for end in ("", "-wal", "-shm"):
        path = database.with_name(database.name + end)
        if path.exists():
            path.replace(kept.with_name(kept.name + end))
    aside.replace(database)
    print(f"! cơ sở dữ liệu của bản mới nằm ở / the new version's database lies in {kept}", file=sys.stderr)


def _form_of(database: Path) -> bytes:
    with database.open("rb") as file:
        return file.read(_VERSION_AT.stop)[_VERSION_AT]


def _give_to_service(layout: Layout, path: Path) -> None:
    uid, gid = layout.user()
    os.chown(path, uid, gid)
    path.chmod(0o600)
