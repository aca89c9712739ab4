"""What is installed: pinned, hashed, and under licences that an office may use."""

import re
from importlib.metadata import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = (
    ROOT / "requirements.txt",
    ROOT / "tests" / "requirements.txt",
    ROOT / "scripts" / "posters" / "requirements.txt",
    ROOT / "scripts" / "own_server" / "requirements.txt",
    ROOT / "scripts" / "setting_up" / "requirements.txt",
)
#: Permissive licences, and the Mozilla one, which asks nothing of who only uses the library.
LICENCE = re.compile(r"apache|bsd|mit\b|isc|psf|python software|mpl|mozilla|unlicense|zero", re.IGNORECASE)


def pins(lock: Path) -> dict[str, str]:
    """Each package of a lock, with its version and hashes."""
    blocks = re.split(r"(?m)^(?=[a-z0-9])", lock.read_text("utf-8"))
    return {block.partition("==")[0].partition("[")[0]: block for block in blocks if "==" in block}


@pytest.mark.parametrize("lock", LOCKS, ids=["run", "test", "print", "server", "set-up"])
def test_every_package_is_pinned_to_one_version_and_its_files_hashes(lock: Path) -> None:
    found = pins(lock)
    assert len(found) == len(re.findall(r"(?m)^[a-z0-9].*==", lock.read_text("utf-8"))) > 0
    assert [name for name, block in found.items() if "--hash=sha256:" not in block] == []
    assert "http" not in re.sub(r"(?m)^#.*$", "", lock.read_text("utf-8"))


def test_what_runs_is_under_a_permissive_licence() -> None:
    unclear = []
    for name in pins(LOCKS[0]):
        about = metadata(name)
        said = [about.get("License-Expression") or "", (about.get("License") or "")[:200]]
        said += [value for value in about.get_all("Classifier") or [] if value.startswith("License")]
        if not LICENCE.search(" ".join(said)):
            unclear.append((name, said))
    assert unclear == []
