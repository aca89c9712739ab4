"""scripts/audit with the real pip-audit, beside an advisory service that sees, is blind or finds a hole."""

import re
from pathlib import Path

import pytest
import shell
from dev.supply.advisories import CANARY, Blind, holes_in
from dev.supply.lock_file import Pin, read_pins
from fakes.advisory_server import advisory, advisory_server
from ports import free_port

ROOT = Path(__file__).parents[3]
LOCKS = (
    "requirements.txt",
    "tests/requirements.txt",
    "scripts/posters/requirements.txt",
    "scripts/own_server/requirements.txt",
    "scripts/setting_up/requirements.txt",
)
PINS = {pin.name: pin for lock in LOCKS for pin in read_pins(ROOT / lock)}
CANARY_PACKAGE = ("jinja2", "2.10")
SEES = {CANARY_PACKAGE: advisory("jinja2", "GHSA-462w-v97r-4m45", mended_in="2.10.1", alias="CVE-2019-10906")}


def audit(url: str) -> shell.Done:
    return shell.run("audit", "--advisories", url, package="dev")


def of(pin: Pin) -> tuple[str, str]:
    return pin.name, pin.version


def is_blind(done: shell.Done) -> bool:
    said = done.stderr
    return done.returncode == 3 and "KIỂM TRA MÙ" in said and "BLIND" in said and "✓" not in done.stdout


def test_the_canary_is_what_the_service_is_asked_about() -> None:
    assert "==".join(CANARY_PACKAGE) == CANARY
    assert PINS["jinja2"].version != CANARY_PACKAGE[1]


def test_a_service_that_sees_and_knows_nothing_against_ours_is_a_clean_audit_of_every_package() -> None:
    with advisory_server(known=SEES) as advisories:
        done = audit(advisories.url)
    assert (done.returncode, done.stderr) == (0, "")
    assert advisories.asked == {CANARY_PACKAGE, *map(of, PINS.values())}
    assert f"✓ {len(PINS)} gói" in done.stdout


def test_a_service_that_does_not_know_the_canary_is_blind() -> None:
    with advisory_server() as advisories:
        done = audit(advisories.url)
    assert is_blind(done), done
    assert advisories.asked == {CANARY_PACKAGE}


@pytest.mark.long
def test_a_service_that_knows_other_versions_only_is_blind() -> None:
    with advisory_server(known={("jinja2", "2.9"): SEES[CANARY_PACKAGE]}) as advisories:
        assert is_blind(audit(advisories.url))


def test_a_service_that_cannot_be_reached_is_blind() -> None:
    assert is_blind(audit(f"http://127.0.0.1:{free_port()}/v1/query"))


@pytest.mark.parametrize(
    "failing",
    [
        pytest.param("jinja2", marks=pytest.mark.long, id="at the canary"),
        pytest.param("flask", id="at one of ours"),
    ],
)
def test_a_service_that_fails_is_blind(failing: str) -> None:
    with advisory_server(known=SEES, failing={failing}) as advisories:
        assert is_blind(audit(advisories.url))


def test_a_package_that_was_left_out_makes_the_audit_blind(tmp_path: Path) -> None:
    """pip-audit leaves out, without a word, what is locked for another platform."""
    lock = tmp_path / "lock.txt"
    hashes = f"--hash=sha256:{'0' * 64}"
    lock.write_text(f"flask==3.1.3 {hashes}\ncolorama==0.4.6 ; sys_platform == 'win32' {hashes}\n")
    with advisory_server() as advisories, pytest.raises(Blind, match="1 of 2"):
        holes_in([lock], len(read_pins(lock)), advisories.url)
    assert advisories.asked == {("flask", "3.1.3")}


@pytest.mark.parametrize(
    ("package", "lock"),
    [
        pytest.param("flask", LOCKS[0], id="run"),
        pytest.param("pytest", LOCKS[1], marks=pytest.mark.long, id="test"),
        pytest.param("pillow", LOCKS[2], marks=pytest.mark.long, id="print"),
    ],
)
def test_a_hole_in_one_of_ours_is_named_with_what_mends_it_if_anything_does(package: str, lock: str) -> None:
    ours = PINS[package]
    hole = advisory(package, "GHSA-aaaa-bbbb-cccc", mended_in="99.1", alias="CVE-2099-1")
    open_hole = advisory("werkzeug", "GHSA-dddd-eeee-ffff", mended_in=None)
    with advisory_server(known={**SEES, of(ours): hole, of(PINS["werkzeug"]): open_hole}) as advisories:
        done = audit(advisories.url)
    assert done.returncode == 1
    assert re.search(rf"(?m)^✗ {package} {re.escape(ours.version)} \([^)]*\b{lock}\b", done.stdout)
    for words in ("GHSA-aaaa-bbbb-cccc", "CVE-2099-1", "mended in 99.1"):
        assert words in done.stdout
    assert "BLIND" not in done.stderr
    assert "✓" not in done.stdout
    assert re.search(r"(?m)^✗ werkzeug .*GHSA-dddd-eeee-ffff.* not mended yet$", done.stdout)
