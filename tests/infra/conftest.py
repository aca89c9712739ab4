"""Terraform with the stand-in for Google's provider, and copies of infra/ to run it on."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
import shared
from infra.google import Google
from infra.google import serving as serve_google
from infra.laptop import STATE, Laptop, serving, wait_for
from infra.roots import INFRA, VARIABLES, Root, applied_root, make_root, missing
from machine import lacks
from ports import free_port

MakeRoot = Callable[[], Root]


@pytest.fixture(scope="session")
def terraform() -> None:
    """Terraform; CI may go without it only where .ci/run has said so loudly."""
    if reason := missing():
        lacks("terraform", reason)


@pytest.fixture(scope="session")
def google(terraform: None) -> dict[str, str]:
    """The environment in which Terraform uses the stand-in."""
    from infra.standin import provider

    environ: dict[str, str] = shared.once(provider.serving)
    return environ


@pytest.fixture
def root(google: dict[str, str], tmp_path: Path) -> Root:
    """A copy of infra/ with nothing applied."""
    return make_root(INFRA, tmp_path / "infra", google, VARIABLES)


@pytest.fixture(scope="session")
def applied(google: dict[str, str]) -> Root:
    """A copy of infra/ that has been applied; not to be changed."""
    return applied_root(google)


@pytest.fixture
def deployed(applied: Root, tmp_path: Path) -> Root:
    """A copy of infra/ that has been applied, and may be changed."""
    return applied.copy(tmp_path / "infra")


@pytest.fixture(scope="session")
def storage(terraform: None) -> Iterator[str]:
    """The address of the storage emulator, with the bucket that the stub will say it has made."""
    port = free_port()
    command = [sys.executable, "-m", "gcp_storage_emulator", "start", "--host=127.0.0.1", f"--port={port}"]
    server = subprocess.Popen(
        [*command, "--in-memory", f"--default-bucket={STATE}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "STORAGE_EMULATOR_HOST": f"127.0.0.1:{port}"},
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/storage/v1/b")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


@pytest.fixture(scope="session")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the true box, which stands in for the one in the cloud."""
    with serving(tmp_path_factory.mktemp("box")) as url:
        yield url


@pytest.fixture
def google_api() -> Iterator[Google]:
    """What scripts/deploy asks of Google by itself."""
    with serve_google() as api:
        yield api


@pytest.fixture
def own_google(terraform: None, request: pytest.FixtureRequest) -> Iterator[None]:
    """A stand-in for this test alone, whose answers it may change."""
    from infra.standin import provider

    with provider.serving() as environ:
        for name in {"deployed", "laptop", "root"} & set(request.fixturenames):
            request.getfixturevalue(name).environ.update(environ)
        yield
    provider.refusals.clear()
    provider.told.clear()


@pytest.fixture
def refusals(own_google: None) -> dict[str, list[str]]:
    """What Google will refuse at an apply, by type of resource."""
    from infra.standin import provider

    return provider.refusals


@pytest.fixture
def told(own_google: None) -> dict[str, dict[str, object]]:
    """What Google will tell of resources, by type."""
    from infra.standin import provider

    return provider.told


@pytest.fixture
def laptop(google: dict[str, str], google_api: Google, storage: str, tmp_path: Path) -> Iterator[Laptop]:
    endpoints = {
        "GOOGLE_BACKEND_STORAGE_CUSTOM_ENDPOINT": f"{storage}/storage/v1/b",
        "GOOGLE_RESOURCE_MANAGER_CUSTOM_ENDPOINT": f"{google_api.url}/v1/",
        "GOOGLE_FIREBASE_HOSTING_CUSTOM_ENDPOINT": f"{google_api.url}/hosting/",
        "STUB_STATE": f"{storage}/download/storage/v1/b/{STATE}/o/homthu%2Fdefault.tfstate?alt=media",
    }
    yield Laptop(tmp_path, {**google, **endpoints})
    forget = Request(f"{storage}/storage/v1/b/{STATE}/o/homthu%2Fdefault.tfstate", method="DELETE")
    # Not there if the test ended before an apply.
    with contextlib.suppress(HTTPError), urlopen(forget):
        pass
