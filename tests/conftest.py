"""What every test may lean on, and what a run says before and after them."""

import gc
import uuid
from collections import Counter
from collections.abc import Iterator
from typing import Any

import canaries
import emulator
import examples
import order
import pytest
import shared
from machine import lacks

from infra import roots

#: How many lines tell what was not run.
_SKIP_LINES = 5
#: Where pytest's cache keeps how many seconds each file took when it last ran.
_SECONDS = "homthu/seconds"
#: The seconds that each test marked `long` counts for in a file that has not run here yet.
_LONG_SECONDS = 60.0

examples.register_profiles()


def pytest_configure(config: pytest.Config) -> None:
    """One process of several asks the one that began the run for what is shared."""
    if address := getattr(config, "workerinput", {}).get("shared"):
        shared.ask(address)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config, specs: list[Any]) -> None:
    """Hand what is shared to the processes that are about to begin."""
    config.stash[_SHARED] = shared.listen()
    config.stash[_LAST_SECONDS] = _last_seconds(config)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a process where to ask for it, and what each file took last time."""
    node.workerinput["shared"] = node.config.stash[_SHARED]
    node.workerinput["seconds"] = node.config.stash[_LAST_SECONDS]


def pytest_unconfigure() -> None:
    """End what is shared, after the last test."""
    shared.put_away()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """One process of several begins with what takes longest; a single one keeps the order of the files."""
    if (given := getattr(config, "workerinput", None)) is None:
        return
    files = [order.file_of(item.nodeid) for item in items]
    long = Counter(order.file_of(item.nodeid) for item in items if item.get_closest_marker("long"))
    seconds = {file: count * _LONG_SECONDS for file, count in long.items()} | given["seconds"]
    items[:] = [items[place] for place in order.piles(files, seconds, given["workercount"])]


_SHARED = pytest.StashKey[str]()
_LAST_SECONDS = pytest.StashKey[dict[str, float]]()


def _last_seconds(config: pytest.Config) -> dict[str, float]:
    """What each file took, in seconds; nothing where pytest runs without its cache."""
    cache = getattr(config, "cache", None)
    return dict(cache.get(_SECONDS, {})) if cache else {}


def pytest_report_header() -> list[str]:
    """Say before anything else whether the tests against Firestore and Terraform can run."""
    reason = emulator.missing()
    lines = [
        f"NOT RUN: the tests marked `emulator`. {reason}" if reason else f"emulator: {emulator.find_jar()}"
    ]
    if reason := roots.missing():
        lines.append(f"NOT RUN: the tests marked `terraform`. {reason}")
    return lines


def pytest_collection_finish() -> None:
    """Take thousands of tests, which stay to the end, out of what is searched for garbage after each."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Note what each file took, and say what was not run and why, the most frequent reasons first."""
    if cache := getattr(config, "cache", None):
        reports = (report for kind in terminalreporter.stats.values() for report in kind)
        took = order.seconds_by_file(one for one in reports if isinstance(one, pytest.TestReport))
        cache.set(_SECONDS, _last_seconds(config) | took)
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
