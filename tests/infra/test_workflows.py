"""The pipeline on GitHub: pinned, without a key, with a person's own commands, linted offline."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from infra.roots import PROJECT

FOLDER = PROJECT / ".github" / "workflows"
WORKFLOWS = {path.stem: path.read_text("utf-8") for path in sorted(FOLDER.glob("*.yml"))}
BIN = Path(sys.executable).parent
#: Name of the mistake: (workflow, what is there, what a person might write, what the linter says to it).
MISTAKES = {
    "an action by its tag": (
        "plan",
        "google-github-actions/auth@7c6bc770dae815cd3e89ee6cdf493a5fab2cc093 # v3.0.0",
        "google-github-actions/auth@v3",
        "unpinned-uses",
    ),
    "a title run as a command": (
        "plan",
        '- run: scripts/deploy --project "$HOMTHU_PROJECT" --plan --skip-rights',
        "- run: echo ${{ github.event.pull_request.title }}",
        "template-injection",
    ),
    "a pull request with the base's rights": (
        "plan",
        "  pull_request:\n",
        "  pull_request_target:\n",
        "dangerous-triggers",
    ),
    "every permission": (
        "check",
        "    permissions:\n      contents: read\n",
        "    permissions: write-all\n",
        "excessive-permissions",
    ),
    "a credential left in the folder": (
        "check",
        "persist-credentials: false",
        "fetch-depth: 1",
        "artipacked",
    ),
    "a key that GitHub does not know": ("drift", "runs-on:", "run-on:", "run-on"),
}


def test_there_is_one_for_each_of_the_pipelines_ways() -> None:
    assert set(WORKFLOWS) == {"check", "deploy", "drift", "plan"}


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_names_its_actions_by_digest_and_version_and_holds_no_secret(name: str) -> None:
    uses = re.findall(r"uses: (.*)", WORKFLOWS[name])
    assert uses
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one) for one in uses), uses
    assert "secrets." not in WORKFLOWS[name], "the token of the run is the only credential"
    assert "permissions: {}" in WORKFLOWS[name]


def test_one_version_of_an_action_is_one_digest() -> None:
    pinned: dict[str, set[str]] = {}
    for text in WORKFLOWS.values():
        for action, digest in re.findall(r"uses: (\S+)@(\S+ # \S+)", text):
            pinned.setdefault(action, set()).add(digest)
    assert {action for action, digests in pinned.items() if len(digests) > 1} == set()


def test_every_command_is_one_that_a_person_runs() -> None:
    for name, text in WORKFLOWS.items():
        (command,) = re.findall(r"- run: (.*)", text)
        program = next(word for word in command.split() if "/" in word and "=" not in word)
        assert (PROJECT / program).is_file(), f"{name}: {command}"
        module = PROJECT / "scripts" / "commands" / f"{Path(program).name}.py"
        source = module.read_text("utf-8") if module.exists() else ""
        options = re.findall(r"\s(--[a-z-]+)", command.partition(program)[2])
        assert all(f'"{option}"' in source for option in options), f"{name}: {command}"


def test_only_a_tag_deploys_and_only_after_people_said_yes() -> None:
    deploying = {name for name, text in WORKFLOWS.items() if "GOOGLE_DEPLOYER" in text}
    assert deploying == {"deploy"}
    assert re.search(r"^on:\n  push:\n    tags: \[v\*\]\n\n", WORKFLOWS["deploy"], re.M)
    assert "environment: production" in WORKFLOWS["deploy"]
    for name in ("plan", "drift"):
        assert "GOOGLE_PLANNER" in WORKFLOWS[name]
        assert re.search(r"--(plan|drift)\b", WORKFLOWS[name])


def lint(folder: Path) -> tuple[int, str]:
    """What both linters of scripts/lint say, and the worse of their statuses."""
    files = sorted(str(path) for path in folder.glob("*.yml"))
    schema = [str(BIN / "check-jsonschema"), "--builtin-schema", "vendor.github-workflows", *files]
    security = [str(BIN / "zizmor"), "--offline", "--no-progress", *files]
    done = [subprocess.run(one, capture_output=True, text=True) for one in (schema, security)]
    return max(one.returncode for one in done), "".join(one.stdout + one.stderr for one in done)


def test_the_linters_find_nothing() -> None:
    status, said = lint(FOLDER)
    assert status == 0, said


@pytest.fixture(scope="module")
def said_of_mistakes(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Each paragraph of what the linters say to all of them, each in a workflow of its own."""
    folder = tmp_path_factory.mktemp("mistakes") / ".github" / "workflows"
    folder.mkdir(parents=True)
    for name, (workflow, old, new, _) in MISTAKES.items():
        assert old in WORKFLOWS[workflow]
        (folder / file_of(name)).write_text(WORKFLOWS[workflow].replace(old, new, 1))
    status, said = lint(folder)
    assert status != 0
    return said.split("\n\n")


def file_of(mistake: str) -> str:
    return f"{mistake.replace(' ', '-').replace(chr(39), '')}.yml"


@pytest.mark.parametrize("name", MISTAKES)
def test_the_linters_refuse(said_of_mistakes: list[str], name: str) -> None:
    said = [one for one in said_of_mistakes if file_of(name) in one]
    assert any(MISTAKES[name][-1] in one for one in said), said
