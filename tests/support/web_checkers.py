"""What checks pages, scripts and styles, installed from tests/web's lock file on first use."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import shared
from machine import lacks, require
from playwright.sync_api import Page

WEB = Path(__file__).parents[1] / "web"
AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"
#: Asks axe-core by these of its rules, or by all.
_AXE_RUN = """(only) => axe.run(
  document, {resultTypes: ['violations'], ...(only.length ? {runOnly: only} : {})}
).then(found => found.violations.map(
  v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).join(', ')))"""
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
#: The oldest that Zalo's browser still is on a phone in use; what they cannot do is refused below.
OLDEST = ("chrome 80", "ios_saf 14.0-14.4")
#: What the scripts ask for before they use it.
ASKED_FOR = ("trustedTypes",)
#: The syntax of 2009, by the parser of ESLint; what is called is held against MDN's tables.
_ESLINT = f"""
import compat from "eslint-plugin-compat";
export default [{{
  files: ["**/*.js"],
  languageOptions: {{ ecmaVersion: 5, sourceType: "script" }},
  plugins: {{ compat }},
  settings: {{ browsers: {json.dumps(OLDEST)}, polyfills: {json.dumps(ASKED_FOR)}, lintAllEsApis: true }},
  rules: {{ "compat/compat": "error" }},
}}];
"""
#: What may be missing because nothing but a comfort is lost: the corner to drag a text field by; the
#: rule that hides a ring which shows then; a box kept whole on paper. `hidden` is old of `overflow`.
COMFORTS = ("css-resize", "css-focus-visible", "multicolumn", "css-overflow")


def checkers() -> Path:
    """The folder with all of them installed; a machine that cannot install them skips, and CI fails."""
    if not _are_installed():
        require("npm")
    # Asked of the whole run also where they seem to be there: another process may be at it.
    if reason := shared.once(_installed):
        lacks("npm", f"npm ci failed: the pages were NOT checked. {reason}")
    return WEB / "node_modules"


def _are_installed() -> bool:
    wanted = json.loads((WEB / "package.json").read_text("utf-8"))["devDependencies"]
    return all((WEB / "node_modules" / name).is_dir() for name in wanted)


@contextmanager
def _installed() -> Iterator[str]:
    """Install what the lock file names; gives npm's complaint, if it has one."""
    # npm writes this list of what it has installed last of all.
    if _are_installed() and (WEB / "node_modules" / ".package-lock.json").exists():
        yield ""
        return
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=WEB, capture_output=True, text=True, check=False)
    yield done.stderr[-300:] if done.returncode else ""


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


def lint_scripts(folder: Path) -> list[str]:
    """What the oldest browsers cannot parse or do of every .js file in a folder, a line a complaint."""
    (folder / "eslint.config.mjs").write_text(_ESLINT)
    (folder / "node_modules").symlink_to(checkers())
    command = ["node", "node_modules/eslint/bin/eslint.js", "--format", "json", "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return [
        f"{Path(file['filePath']).name}:{message['line']}: {message['message']}"
        for file in json.loads(done.stdout)
        for message in file["messages"]
    ]


def lint_style(sheet: Path) -> list[str]:
    """What the oldest browsers cannot do of a style sheet, by caniuse's tables, beside the comforts."""
    command = ["node", str(checkers() / "doiuse" / "bin" / "cli.js"), "--browsers", ", ".join(OLDEST)]
    command += ["--ignore", ",".join(COMFORTS), str(sheet)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def complaints(page: Page, *only: str) -> list[str]:
    """What axe-core finds on the page as it stands, by these of its rules or by all."""
    checkers()
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    found: list[str] = page.evaluate(_AXE_RUN, only)
    return found
