"""The files for a server of the ward's own: they name what there is, and the box runs by them."""

import configparser
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from canaries import Watch
from homthu.bootstrap.start import NEEDS
from homthu.config import read_settings
from infra.laptop import wait_for
from infra.roots import INFRA, PROJECT
from machine import require
from ports import free_port
from secret_settings import secret_settings

FOLDER = INFRA / "own-server"
UNITS = sorted(path for path in FOLDER.iterdir() if path.suffix in (".service", ".timer"))


def unit(name: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment, method-assign] - systemd's names have capitals
    parser.read(FOLDER / name, "utf-8")
    return parser


def settings() -> dict[str, str]:
    lines = (FOLDER / "hom-thu.env").read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def commands() -> Iterator[list[str]]:
    """Our own commands in the units, each as its words."""
    for path in UNITS:
        for line in path.read_text("utf-8").splitlines():
            if line.startswith("ExecStart="):
                words = shlex.split(line.removeprefix("ExecStart="))
                # `sh -c` holds the command in one word.
                yield shlex.split(words[-1]) if words[:2] == ["/bin/sh", "-c"] else words


def test_the_units_start_commands_that_there_are_with_options_that_they_have() -> None:
    found = 0
    for words in commands():
        (script,) = (Path(word) for word in words if "scripts/" in word)
        module = PROJECT / "scripts" / "commands" / f"{script.name.replace('-', '_')}.py"
        assert (PROJECT / "scripts" / script.name).exists(), script.name
        source = module.read_text("utf-8")
        for option in (word for word in words if word.startswith("--")):
            assert f'"{option}"' in source or (option == "--data" and "add_data_option" in source), option
            found += 1
    assert found == 5


def test_systemd_finds_nothing_wrong() -> None:
    require("systemd-analyze", "systemd")
    done = subprocess.run(["systemd-analyze", "verify", *map(str, UNITS)], capture_output=True, text=True)
    # The box is not installed in /opt here.
    said = [line for line in done.stderr.splitlines() if "is not executable" not in line]
    assert said == []


def test_the_box_may_write_to_its_own_folder_only() -> None:
    service = unit("hom-thu.service")["Service"]
    assert service["ProtectSystem"] == "strict"
    assert service["StateDirectoryMode"] == "0700"
    assert service["User"] != "root"
    assert "--data /var/lib/" + service["StateDirectory"] in service["ExecStart"]
    assert "--host 127.0.0.1" in service["ExecStart"], "only the proxy is reached from outside"


def test_the_timer_starts_a_backup_every_night_and_makes_up_for_one() -> None:
    timer = unit("hom-thu-backup.timer")["Timer"]
    assert timer["Persistent"] == "yes"
    hour = re.fullmatch(r"\*-\*-\* (\d\d):\d\d:\d\d", timer["OnCalendar"])
    assert hour is not None
    assert not 6 <= int(hour[1]) <= 10, "a report may be running"


def test_the_settings_are_enough_for_every_function() -> None:
    given = {**settings(), "HOMTHU_STORE": "sqlite:///var/lib/hom-thu/hom-thu.db", **secret_settings("/x")}
    for name in ("form", "submit", "report", "watch"):
        read_settings(given, NEEDS[name])


def test_the_proxy_leads_to_the_box_and_keeps_no_addresses() -> None:
    caddy = (FOLDER / "Caddyfile").read_text("utf-8")
    port = re.search(r"--port (\d+)", unit("hom-thu.service")["Service"]["ExecStart"])
    assert port is not None
    assert f"reverse_proxy 127.0.0.1:{port[1]}" in caddy
    logs = re.findall(r"^\s*log\b[^}]*}", caddy, re.MULTILINE)
    assert ["".join(log.split()) for log in logs] == [
        "log{excludehttp.log.errorhttp.handlers.reverse_proxy}"
    ], "there is no access log, and Caddy's own leaves out what names a sender"
    host = settings()["HOMTHU_BASE_URL"].removeprefix("https://")
    assert f"{host} {{" in caddy


def test_the_box_runs_by_these_settings_and_a_backup_is_made_meanwhile(tmp_path: Path) -> None:
    """The unit's own command with its own environment, but for the folders."""
    port = free_port()
    data, backups = tmp_path / "data", tmp_path / "backups"
    backups.mkdir()
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), **settings()}
    serve = shlex.split(unit("hom-thu.service")["Service"]["ExecStart"])[1:]
    serve[serve.index("--port") + 1], serve[serve.index("--data") + 1] = str(port), str(data)
    log = tmp_path / "log"
    with log.open("wb") as sink:
        command = [sys.executable, str(PROJECT / "scripts" / "serve"), *serve]
        server = subprocess.Popen(command, env=environ, stdout=sink, stderr=sink)
    try:
        page = wait_for(f"http://127.0.0.1:{port}/g/bg-hcc")
        assert "https://gopy.example.org" in page, "links lead to the address of the posters"
        command = [sys.executable, str(PROJECT / "scripts" / "backup"), "--data", str(data)]
        made = subprocess.run(
            [*command, "--out", str(backups / "2026-11-23.backup.gz")],
            env=environ,
            capture_output=True,
            text=True,
        )
        assert made.returncode == 0, made.stderr
    finally:
        server.terminate()
        server.wait(20)
    Watch().assert_nothing_leaked(log, data)
