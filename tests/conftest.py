"""What every test may lean on."""

import os
import uuid
from collections.abc import Iterator

import canaries
import emulator
import pytest

from infra import roots


def pytest_report_header() -> list[str]:
    """Say before anything else whether the tests against Firestore and Terraform can run."""
    reason = emulator.missing()
    lines = [
        f"NOT RUN: the tests marked `emulator`. {reason}" if reason else f"emulator: {emulator.find_jar()}"
    ]
    if reason := roots.missing():
        lines.append(f"NOT RUN: the tests marked `terraform`. {reason}")
    return lines


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Whatever a test's functions print is searched for canaries.

    No fixture can do it: pytest sets the streams anew between the fixtures and the test. Last, to be
    within what it sets.
    """
    with canaries.overhearing():
        return (yield)


@pytest.fixture(scope="session")
def firestore_emulator() -> Iterator[str]:
    """The `host:port` of an emulator that runs for this session; CI may not go without it."""
    if reason := emulator.missing():
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with emulator.running() as address:
        yield address


@pytest.fixture
def firestore_project(firestore_emulator: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A project of the emulator that is this test's own, and so empty."""
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", firestore_emulator)
    return f"test-{uuid.uuid4().hex[:12]}"
