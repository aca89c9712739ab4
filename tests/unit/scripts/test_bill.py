"""The bill of materials: valid, complete, and the same bytes twice."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from dev.supply.bill import NAME, NotInstalled, write_bill
from dev.supply.licences import licences_of, words_of
from dev.supply.lock_file import read_pins

ROOT = Path(__file__).parents[3]
LOCK, SOURCE = ROOT / "requirements.txt", ROOT / "functions" / "requirements.in"


@pytest.fixture(scope="module")
def bill() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(write_bill(LOCK, SOURCE))
    return content


def sbom(*arguments: str, **environ: str) -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, str(ROOT / "scripts" / "sbom"), *arguments]
    return subprocess.run(command, capture_output=True, check=True, env={**os.environ, **environ})


def test_it_is_valid_by_the_strict_schema_of_cyclonedx_1_6(bill: dict[str, Any]) -> None:
    # Two seconds of processor, which each process that only reads this file would spend.
    from cyclonedx.validation.json import JsonStrictValidator

    validator = JsonStrictValidator(SchemaVersion.V1_6)
    assert validator.validate_str(json.dumps(bill)) is None
    assert validator.validate_str(json.dumps({**bill, "unknown": 1})) is not None


def test_the_same_lock_gives_the_same_bytes_in_another_process_and_order_of_hashing(tmp_path: Path) -> None:
    sbom("--out", str(tmp_path / "one"), PYTHONHASHSEED="1")
    printed = sbom(PYTHONHASHSEED="2", TZ="Asia/Ho_Chi_Minh", LC_ALL="C.UTF-8").stdout
    assert (tmp_path / "one").read_bytes() == printed == write_bill(LOCK, SOURCE).encode()


def test_another_lock_has_another_serial_number_and_no_lock_a_time(
    bill: dict[str, Any], tmp_path: Path
) -> None:
    (tmp_path / "lock").write_text("# changed\n" + LOCK.read_text("utf-8"), "utf-8")
    changed = json.loads(write_bill(tmp_path / "lock", SOURCE))
    assert changed.pop("serialNumber") != bill["serialNumber"]
    assert changed == {name: value for name, value in bill.items() if name != "serialNumber"}
    assert "timestamp" not in bill["metadata"]


def test_every_package_of_the_lock_is_there_with_its_hashes_and_a_licence(bill: dict[str, Any]) -> None:
    listed = {one["name"]: one for one in bill["components"]}
    pins = read_pins(LOCK)
    assert sorted(listed) == [pin.name for pin in pins]
    for pin in pins:
        one = listed[pin.name]
        assert (one["version"], one["purl"]) == (pin.version, f"pkg:pypi/{pin.name}@{pin.version}")
        hashes = {hash["content"] for hash in one["externalReferences"][0]["hashes"]}
        assert hashes == set(pin.hashes)
        assert one["licenses"], pin.name


def test_every_package_is_needed_by_us_or_by_another(bill: dict[str, Any]) -> None:
    needs = {one["ref"]: one.get("dependsOn", []) for one in bill["dependencies"]}
    reached, waiting = set(), [NAME]
    while waiting:
        if (ref := waiting.pop()) not in reached:
            reached.add(ref)
            waiting += needs[ref]
    assert reached == {NAME, *(one["bom-ref"] for one in bill["components"])}


def test_a_licence_has_its_spdx_name_where_the_package_says_which_it_is() -> None:
    assert words_of(licences_of("certifi")) == "MPL-2.0"
    assert words_of(licences_of("google-auth")) == "Apache-2.0"
    assert words_of(licences_of("cryptography")) == "Apache-2.0 OR BSD-3-Clause"
    assert words_of(licences_of("jinja2")) == "BSD License", "it does not say which"


def test_the_command_lists_every_package_under_its_licence() -> None:
    said = sbom("--out", os.devnull).stderr.decode()
    for pin in read_pins(LOCK):
        line = next(line for line in said.splitlines() if pin.name in line.replace(",", "").split())
        assert words_of(licences_of(pin.name)) in line


def test_a_lock_that_is_not_what_is_installed_is_refused(tmp_path: Path) -> None:
    text = LOCK.read_text("utf-8")
    (tmp_path / "lock").write_text(text.replace("flask==", "flask==0."), "utf-8")
    with pytest.raises(NotInstalled, match="flask"):
        write_bill(tmp_path / "lock", SOURCE)


@pytest.mark.parametrize("line", ["flask", "flask>=3", "flask==3.1.3", "flask==3.1.3 --hash=md5:00", "== 1"])
def test_a_lock_with_something_loose_in_it_is_refused(line: str, tmp_path: Path) -> None:
    (tmp_path / "lock").write_text(line + "\n")
    with pytest.raises(ValueError, match=r"flask|=="):
        read_pins(tmp_path / "lock")
