"""What Mozilla's HTTP Observatory says of our headers, scored on this machine without the network.

The package is an npm one, installed on first use from `tests/observatory/package-lock.json` without
running anybody's install scripts; so this is run by --all.
A site without headers scores 30, A+ begins at 100.
"""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from citizen_side import PLACE, Site

FOLDER = Path(__file__).parents[1] / "observatory"
PACKAGE = FOLDER / "node_modules" / "@mdn" / "mdn-http-observatory"
WANTED = 130

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(shutil.which("npm") is None, reason="NOT RUN: npm is missing"),
]


def install() -> None:
    """Install the locked packages; the list of preloaded sites, which it would fetch, stays empty."""
    if not PACKAGE.exists():
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(command, cwd=FOLDER, check=True, capture_output=True, timeout=300)
    (PACKAGE / "conf" / "hsts-preload.json").write_text("{}")


def test_every_answer_scores_at_least_130_and_one_without_headers_does_not() -> None:
    install()
    site = Site()
    answers = {
        "form": site.form.get(f"/g/{PLACE}"),
        "landing": site.form.get("/"),
        "asset": site.form.get("/assets/favicon.svg"),
        "not found": site.form.get("/khong-co"),
        "receipt gone": site.form.get("/da-gui?p=x"),
        "method": site.submit.put("/gui"),
        "stored": site.send(),
        "review": site.send(key=""),
        "faulty": site.send(thai_do=""),
        "receipt": site.form.get(site.send().headers["Location"]),
    }
    lines = [
        {"name": name, "status": one.status_code, "headers": dict(one.headers), "body": one.text}
        for name, one in answers.items()
    ]
    lines.append({"name": "bare", "status": 200, "headers": {}, "body": ""})
    done = subprocess.run(
        ["node", "score.mjs"],
        cwd=FOLDER,
        input="\n".join(json.dumps(line) for line in lines),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    scores = {row["name"]: row["score"] for row in map(json.loads, done.stdout.splitlines())}
    print(scores)
    assert scores.pop("bare") < WANTED
    assert len(scores) == len(answers)
    assert min(scores.values()) >= WANTED, scores
