"""axe-core and html-validate, installed from tests/web's lock file on first use."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

WEB = Path(__file__).parent / "web"
AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"
#: The standard and its rules for accessibility; what is switched off is a matter of taste.
CONFIG = {
    "extends": ["html-validate:standard", "html-validate:a11y"],
    "rules": {
        # A button in a form sends it unless it says otherwise: that is the standard's own default.
        "no-implicit-button-type": "off",
        # A telephone number is shown as the office writes it.
        "tel-non-breaking": "off",
    },
}


def checkers() -> Path:
    """The folder with both installed; a machine that cannot install them skips, and CI fails."""
    if AXE.exists():
        return WEB / "node_modules"
    reason = "npm is missing: the pages were NOT checked by axe-core and html-validate"
    if npm := shutil.which("npm"):
        done = subprocess.run(
            [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            cwd=WEB,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode == 0:
            return WEB / "node_modules"
        reason = f"npm ci failed: the pages were NOT checked. {done.stderr[-300:]}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def validate(folder: Path) -> list[str]:
    """What html-validate says of every .html file in a folder, a line a complaint."""
    (folder / ".htmlvalidate.json").write_text(json.dumps({"root": True, **CONFIG}))
    command = ["node", str(checkers() / "html-validate" / "bin" / "html-validate.mjs")]
    said = folder / "said.json"
    # Not through a pipe, which it leaves before all is written.
    with said.open("w") as out:
        subprocess.run([*command, "--formatter", "json", "."], cwd=folder, stdout=out, check=False)
    return [
        f"{Path(file['filePath']).name}:{message['line']}: {message['ruleId']}: {message['message']}"
        for file in json.loads(said.read_text("utf-8"))
        for message in file["messages"]
    ]
