"""What a server of one's own reads and remembers, below what runs it."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from own_server import facts
from own_server.as_service import become_service, service_environment
from own_server.env_file import BadEnvFile, read_env_file
from own_server.facts import Fact
from own_server.install import GIVEN, filled_in, parse
from own_server.layout import Layout
from own_server.look import next_state
from own_server.notes import BACKUP, DRILL, write_note
from own_server.proxy import chosen_proxy
from own_server.settings import ServerSettings, read_server_settings

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 11, 26, 3, tzinfo=UTC)
KEY = "age1442zgz7gs2dxeuqpcrrnp8m7c9atpax7yg55zx3mfplclp22sczs8y4ry3"


def test_the_settings_are_read_as_systemd_reads_them(tmp_path: Path) -> None:
    file = tmp_path / "env"
    file.write_text(
        "\ufeff# c\n; c\n\nA=1\nB= hai ba \nC=\"x y\"\nD='z'\nE=\nM=smtp://a%40b:c%24@d=e\n", "utf-8"
    )
    assert read_env_file(file) == {
        "A": "1",
        "B": "hai ba",
        "C": "x y",
        "D": "z",
        "E": "",
        "M": "smtp://a%40b:c%24@d=e",
    }


def test_every_line_that_two_readers_might_read_apart_is_named_at_once(tmp_path: Path) -> None:
    file = tmp_path / "env"
    file.write_text('A=1\nexport B=2\nno\nC=a\\b\nD=a"b\nE=$HOME\n', "utf-8")
    with pytest.raises(BadEnvFile) as bad:
        read_env_file(file)
    assert [f":{line}:" in str(bad.value) for line in range(1, 7)] == [False, True, True, True, True, True]


def test_every_wrong_setting_of_the_server_is_told_at_once(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.touch(0o600)
    wrong = {
        "HOMTHU_BACKUP_KEY": f"{KEY} age1short",
        "HOMTHU_BACKUPS": "backups",
        "HOMTHU_BACKUP_COPY": "copy",
        "HOMTHU_ALARM_COMMAND": str(plain),
    }
    with pytest.raises(SystemExit) as stopped:
        read_server_settings(wrong)
    assert all(name in str(stopped.value) for name in wrong)
    assert read_server_settings({"HOMTHU_BACKUP_KEY": f"{KEY} {KEY}"}).backup_keys == (KEY, KEY)


def installed(root: Path) -> Layout:
    layout = Layout(root)
    for folder in (layout.settings, layout.data):
        folder.mkdir(parents=True)
    layout.env.write_text("HOMTHU_MAIL=outbox:/x\nALARM_URL=https://sms\n")
    return layout


def test_what_is_typed_gets_the_services_settings_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = installed(tmp_path)
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    environ = service_environment(layout)
    assert environ["HOMTHU_MAIL"] == "outbox:/x"
    assert environ["ALARM_URL"] == "https://sms"
    assert environ["HOMTHU_BOXES"] == str(layout.boxes)
    assert environ["HOME"] == str(layout.data)
    assert "PYTHONPATH" not in environ


def test_a_session_with_other_settings_stops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOMTHU_MAIL", "outbox:/other")
    with pytest.raises(SystemExit, match="HOMTHU_MAIL"):
        service_environment(installed(tmp_path))


def test_before_the_install_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", dict(os.environ))
    if os.geteuid() != 0:
        pytest.skip("who is not root is told to be")
    with pytest.raises(SystemExit, match="hom-thu install"):
        become_service(installed(tmp_path))


def test_what_is_given_takes_its_lines_place_commented_out_or_not() -> None:
    text = "# A=\nHOMTHU_A=1\n#HOMTHU_B=2\nHOMTHU_AB=3\n"
    assert filled_in(text, {"HOMTHU_A": "x", "HOMTHU_B": "y", "HOMTHU_C": "z"}) == (
        "# A=\nHOMTHU_A=x\nHOMTHU_B=y\nHOMTHU_AB=3\nHOMTHU_C=z\n"
    )


def fact(*, is_well: bool) -> Fact:
    return Fact(name="disk", is_well=is_well, told="…")


def test_what_is_ill_is_told_the_second_time_and_then_once_a_day() -> None:
    state, due, _ = next_state({}, [fact(is_well=False)], NOW)
    assert due == [], "a restart is no alarm"
    state, due, _ = next_state(state, [fact(is_well=False)], NOW)
    assert [one.name for one in due] == ["disk"]
    state["disk"]["told"] = NOW.isoformat()
    state, due, _ = next_state(state, [fact(is_well=False)], NOW + timedelta(hours=23))
    assert due == []
    _, due, _ = next_state(state, [fact(is_well=False)], NOW + timedelta(hours=24))
    assert [one.name for one in due] == ["disk"]
    _, due, _ = next_state(state, [fact(is_well=False)], NOW - timedelta(days=400))
    assert [one.name for one in due] == ["disk"], (
        "told at a time that is still to come, by a clock that was ahead"
    )


def test_that_it_is_well_again_is_told_once_if_anybody_was_told() -> None:
    told = {"disk": {"times": 4, "told": NOW.isoformat()}}
    assert next_state(told, [fact(is_well=True)], NOW) == ({}, [], ["disk"])
    assert next_state({"disk": {"times": 1, "told": None}}, [fact(is_well=True)], NOW) == ({}, [], [])


@pytest.mark.parametrize(
    ("free", "total", "is_well"),
    [(2e9, 100e9, True), (0.9e9, 5e9, True), (0.9e9, 100e9, False), (0, 5e9, False)],
)
def test_a_disk_is_told_before_it_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: float, total: float, is_well: bool
) -> None:
    usage = type("usage", (), {"free": free, "total": total})
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    assert facts.disk(tmp_path, None).is_well is is_well


@pytest.mark.parametrize(
    ("age", "changes", "is_well"),
    [
        (timedelta(days=6), {}, True),
        (timedelta(days=7, minutes=1), {}, False),
        (-timedelta(days=1), {}, False),
        (timedelta(days=1), {"copy_failed": "exit_1"}, False),
        (timedelta(days=1), {"file": "gone.tar.age"}, False),
    ],
)
def test_a_backup_is_well_if_it_is_young_there_and_copied(
    tmp_path: Path, age: timedelta, changes: dict[str, str], is_well: bool
) -> None:
    (tmp_path / "b.tar.age").touch()
    write_note(tmp_path, BACKUP, NOW - age, **{"file": "b.tar.age", "copy_failed": "", **changes})
    assert facts.backup(tmp_path, ServerSettings(backups=tmp_path), NOW).is_well is is_well


def test_a_drill_is_owed_from_the_second_sunday_on(tmp_path: Path) -> None:
    assert not facts.drill(tmp_path, NOW).is_well
    write_note(tmp_path, DRILL, NOW - timedelta(days=14), is_well=True, told="khôi phục thử đạt, 3/3 báo cáo")
    assert facts.drill(tmp_path, NOW).is_well
    assert not facts.drill(tmp_path, NOW + timedelta(days=2)).is_well
    write_note(tmp_path, DRILL, NOW, is_well=False, told="khôi phục thử KHÔNG đạt")
    assert not facts.drill(tmp_path, NOW).is_well


def test_the_proxy_that_was_asked_for_once_is_kept_by_whatever_installs_later(tmp_path: Path) -> None:
    """As an update does, which is given no such option."""
    layout = Layout(tmp_path)
    for path in (layout.env, tmp_path / "usr/sbin/nginx"):
        path.parent.mkdir(parents=True)
        path.touch()
    template = (ROOT / "infra/own-server/hom-thu.env").read_text("utf-8")
    layout.env.write_text(template, "utf-8")
    assert chosen_proxy(None, layout) == "nginx"
    asked = parse(["--proxy", "none"]).proxy
    assert chosen_proxy(asked, layout) == "none"
    for text in (template, "HOMTHU_MODE=open\n"):
        layout.env.write_text(filled_in(text, {GIVEN["proxy"]: asked}), "utf-8")
        assert chosen_proxy(None, layout) == "none"
        assert chosen_proxy("caddy", layout) == "caddy"
    with pytest.raises(SystemExit, match="HOMTHU_PROXY: apache"):
        read_server_settings({"HOMTHU_PROXY": "apache"})
