"""What every test may lean on, and what a run says before and after them."""

import uuid
from collections import Counter
from collections.abc import Iterator
from typing import Any

import canaries
import emulator
import hypothesis
import pytest
import shared
from machine import lacks

from infra import roots

#: How many lines tell what was not run.
_SKIP_LINES = 5

# How long an example takes depends on what runs beside it.
hypothesis.settings.register_profile(
    "suite", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("suite")


def pytest_configure(config: pytest.Config) -> None:
    """One process of several asks the one that began the run for what is shared."""
    if address := getattr(config, "workerinput", {}).get("shared"):
        shared.ask(address)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config, specs: list[Any]) -> None:
    """Hand what is shared to the processes that are about to begin."""
    config.stash[_SHARED] = shared.listen()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a process where to ask for it."""
    node.workerinput["shared"] = node.config.stash[_SHARED]


def pytest_unconfigure() -> None:
    """End what is shared, after the last test."""
    shared.put_away()


_SHARED = pytest.StashKey[str]()


def pytest_report_header() -> list[str]:
    """Say before anything else whether the tests against Firestore and Terraform can run."""
    reason = emulator.missing()
    lines = [
        f"NOT RUN: the tests marked `emulator`. {reason}" if reason else f"emulator: {emulator.find_jar()}"
    ]
    if reason := roots.missing():
        lines.append(f"NOT RUN: the tests marked `terraform`. {reason}")
    return lines


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was not run and why, the most frequent reasons first, in a few lines."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = Counter(str(report.longrepr[-1]).removeprefix("Skipped: ") for report in skipped)
    told = reasons.most_common()
    if len(told) > _SKIP_LINES:
        kept, rest = told[: _SKIP_LINES - 1], told[_SKIP_LINES - 1 :]
        told = [*kept, (f"for {len(rest)} other reasons (-rs tells them)", sum(n for _, n in rest))]
    for reason, count in told:
        terminalreporter.write_line(f"NOT RUN ({count}): {' '.join(reason.split())}", yellow=True)


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Whatever a test's functions print is searched for canaries.

    No fixture can do it: pytest sets the streams anew between the fixtures and the test. Last, to be
    within what it sets.
    """
    with canaries.overhearing():
        return (yield)


@pytest.fixture(scope="session")
def firestore_emulator() -> str:
    """The `host:port` of an emulator that runs for all tests; CI may not go without it."""
    if reason := emulator.missing():
        lacks("emulator", reason)
    address: str = shared.once(emulator.running)
    return address


@pytest.fixture
def firestore_project(firestore_emulator: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A project of the emulator that is this test's own, and so empty."""
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", firestore_emulator)
    return f"test-{uuid.uuid4().hex[:12]}"
