"""The list of protections to take away stays true to the code, between two runs of scripts/sabotage."""

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENTRIES = [
    entry
    for path in sorted((ROOT / "tests" / "mutations").glob("*.toml"))
    for entry in tomllib.loads(path.read_text("utf-8"))["sabotage"]
]


def test_there_are_thirty_protections_at_least() -> None:
    assert len({entry["name"] for entry in ENTRIES}) == len(ENTRIES) >= 30


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["name"])
def test_what_is_to_be_taken_away_is_there_once_and_so_are_its_tests(entry: dict[str, str]) -> None:
    assert (ROOT / entry["file"]).read_text("utf-8").count(entry["old"]) == 1
    for test in entry["tests"]:
        assert (ROOT / test.split("::")[0]).exists(), test
