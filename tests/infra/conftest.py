"""Terraform with the stand-in for Google's provider, and copies of infra/ to run it on."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from infra.roots import INFRA, VARIABLES, Root, make_root, missing

MakeRoot = Callable[[], Root]


@pytest.fixture(scope="session")
def terraform() -> None:
    """Terraform; CI may go without it only where .ci/run has said so loudly."""
    if reason := missing():
        if os.environ.get("CI") == "true" and "terraform" not in os.environ.get("CI_WITHOUT", "").split():
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.fixture(scope="session")
def google(terraform: None) -> Iterator[dict[str, str]]:
    """The environment in which Terraform uses the stand-in."""
    from infra.standin import provider

    with provider.serving() as environ:
        yield environ


@pytest.fixture
def root(google: dict[str, str], tmp_path: Path) -> Root:
    """A copy of infra/ with nothing applied."""
    return make_root(INFRA, tmp_path / "infra", google, VARIABLES)


@pytest.fixture(scope="session")
def applied(google: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Root:
    """A copy of infra/ that has been applied; not to be changed."""
    root = make_root(INFRA, tmp_path_factory.mktemp("applied") / "infra", google, VARIABLES)
    root.apply()
    return root
