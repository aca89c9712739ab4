"""The files for a server of the ward's own: they name what there is, and the box runs by them."""

import configparser
import os
import re
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from commands.hom_thu import OWN
from homthu.bootstrap.start import NEEDS
from homthu.config import read_settings
from infra.laptop import wait_for
from infra.roots import INFRA, PROJECT
from machine import require
from own_server.env_file import read_env_file
from own_server.settings import ALARM, COPY, KEY, PROXY
from secret_settings import secret_settings

FOLDER = INFRA / "own-server"
UNITS = sorted(path for path in FOLDER.iterdir() if path.suffix in (".service", ".socket", ".timer"))
SERVICES = [path for path in UNITS if path.suffix == ".service"]


def unit(name: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment, method-assign] - systemd's names have capitals
    parser.read(FOLDER / name, "utf-8")
    return parser


def commands() -> Iterator[list[str]]:
    """Our own commands in the units, each as its words."""
    for path in UNITS:
        for line in path.read_text("utf-8").splitlines():
            if line.startswith("ExecStart="):
                yield shlex.split(line.removeprefix("ExecStart="))


def test_the_units_start_commands_that_there_are_with_options_that_they_have() -> None:
    found = []
    for words in commands():
        (script,) = (Path(word) for word in words if "scripts/" in word)
        assert (PROJECT / "scripts" / script.name).exists(), script.name
        if script.name == "hom-thu":
            assert words[1] in OWN, words
            found.append(words[1])
            continue
        source = (PROJECT / "scripts" / "commands" / f"{script.name}.py").read_text("utf-8")
        for option in (word for word in words if word.startswith("--")):
            assert f'"{option}"' in source or (option == "--data" and "add_data_option" in source), option
        found.append(script.name)
    assert sorted(found) == ["alarm", "backup", "drill", "look", "notes", "serve"]


def test_systemd_finds_nothing_wrong() -> None:
    require("systemd-analyze", "systemd")
    done = subprocess.run(["systemd-analyze", "verify", *map(str, UNITS)], capture_output=True, text=True)
    # The box is not installed in /opt here.
    said = [line for line in done.stderr.splitlines() if "is not executable" not in line]
    assert said == []


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_a_unit_is_exposed_as_little_as_can_be(path: Path) -> None:
    """At most 1.5 of 10 by systemd's own measure; a unit without any protection has 9.6."""
    require("systemd-analyze", "systemd")
    measure = ["systemd-analyze", "security", "--offline=yes", "--threshold=15", "--no-pager", str(path)]
    done = subprocess.run(measure, capture_output=True, text=True)
    told = re.search(r"exposure level for \S+: ([0-9.]+)", done.stdout)
    assert told, done.stderr
    assert done.returncode == 0, told[1]
    assert float(told[1]) <= 1.5


def test_the_box_may_write_to_its_own_folder_only() -> None:
    service = unit("hom-thu.service")["Service"]
    assert service["ProtectSystem"] == "strict"
    assert service["StateDirectoryMode"] == "0700"
    assert service["User"] != "root"
    assert "--data /var/lib/" + service["StateDirectory"] in service["ExecStart"]
    assert "ReadWritePaths" not in service
    address = unit("hom-thu.socket")["Socket"]["ListenStream"]
    assert address == "127.0.0.1:8080", "only the proxy is reached from outside"
    assert "--host 127.0.0.1 --port 8080" in service["ExecStart"]


def test_every_job_of_the_box_has_the_boxs_user_settings_and_protection() -> None:
    service = dict(unit("hom-thu.service")["Service"])
    alike = {
        name: value for name, value in service.items() if name.startswith(("Protect", "Private", "Restrict"))
    }
    alike |= {
        name: service[name] for name in ("User", "Group", "EnvironmentFile", "UMask", "SystemCallFilter")
    }
    for path in SERVICES:
        assert alike.items() <= dict(unit(path.name)["Service"]).items(), path.name


def test_whatever_fails_is_told_and_what_tells_it_calls_nobody_when_it_fails() -> None:
    for path in SERVICES:
        told = unit(path.name)["Unit"].get("OnFailure", "")
        assert told == ("" if "alarm" in path.name else "hom-thu-alarm@%n.service"), path.name
    assert "alarm" in unit("hom-thu-alarm@.service")["Service"]["ExecStart"]


def test_a_backup_that_fails_is_tried_again_and_then_told() -> None:
    """Without an end to its tries systemd would never call the unit failed, and nobody would be told."""
    backup = unit("hom-thu-backup.service")
    assert backup["Service"]["Restart"] == "on-failure"
    assert int(backup["Unit"]["StartLimitBurst"]) * 20 < 4 * 60
    assert (backup["Service"]["RestartSec"], backup["Unit"]["StartLimitIntervalSec"]) == ("20min", "4h")


def test_the_timers_leave_the_report_alone_and_make_up_for_a_machine_that_was_off() -> None:
    for name in ("backup", "drill", "notes"):
        timer = unit(f"hom-thu-{name}.timer")["Timer"]
        assert timer["Persistent"] == "yes"
        when = re.fullmatch(r"(\S+ )?\*-\*-\* (\d\d):\d\d:\d\d Asia/Ho_Chi_Minh", timer["OnCalendar"])
        assert when is not None, name
        assert not 6 <= int(when[2]) < 9, "a report may be running"
    assert unit("hom-thu-look.timer")["Timer"]["OnUnitActiveSec"] == "10min"


def test_systemd_reads_the_timers_as_they_are_meant() -> None:
    require("systemd-analyze", "systemd")
    meant = {"backup": "02:30", "drill": "04:00", "notes": "09:40"}
    for name, time in meant.items():
        calendar = unit(f"hom-thu-{name}.timer")["Timer"]["OnCalendar"]
        done = subprocess.run(
            ["systemd-analyze", "calendar", calendar],
            capture_output=True,
            text=True,
            env={**os.environ, "TZ": "Asia/Ho_Chi_Minh"},
        )
        assert re.search(rf"Next elapse: \S+ \S+ {time}", done.stdout), done.stdout + done.stderr


def test_the_settings_are_enough_for_every_function() -> None:
    given = {
        **read_env_file(FOLDER / "hom-thu.env"),
        "HOMTHU_STORE": "sqlite:///var/lib/hom-thu/hom-thu.db",
        **secret_settings("/x"),
    }
    for name in ("form", "submit", "report", "watch"):
        read_settings(given, NEEDS[name])


def test_every_setting_of_the_server_stands_in_the_file() -> None:
    text = (FOLDER / "hom-thu.env").read_text("utf-8")
    assert all(f"#{variable}=" in text for variable in (ALARM, COPY, KEY, PROXY))
    for command in re.findall(r"=/etc/hom-thu/commands/(\S+)", text):
        assert os.access(FOLDER / "commands" / command, os.X_OK), command


def test_a_restart_takes_the_socket_that_was_kept_and_nobody_is_refused(tmp_path: Path) -> None:
    """systemd's way of handing a socket over (sd_listen_fds(3)), without systemd."""
    held = socket.create_server(("127.0.0.1", 0), backlog=128)
    address = f"http://127.0.0.1:{held.getsockname()[1]}"
    serve = [
        sys.executable,
        str(PROJECT / "scripts/serve"),
        "--port",
        "8080",
        "--data",
        str(tmp_path / "data"),
    ]

    def begin() -> "subprocess.Popen[bytes]":
        took = 'export LISTEN_PID=$$ LISTEN_FDS=1; exec 3<&"$1"; shift; exec "$@"'
        return subprocess.Popen(
            ["bash", "-c", took, "bash", str(held.fileno()), *serve], pass_fds=[held.fileno()]
        )

    server = begin()
    try:
        wait_for(f"{address}/g/bg-hcc")
        server.terminate()
        server.wait(20)
        with ThreadPoolExecutor(8) as pool:
            asked = [pool.submit(wait_for, f"{address}/g/bg-hcc") for _ in range(8)]
            server = begin()
            assert all("<form" in one.result(30) for one in asked)
    finally:
        server.terminate()
        server.wait(20)
        held.close()
