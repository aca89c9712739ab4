"""Who holds all that `form` and `submit` hold, which the whole world may call, opens nothing else with it."""

import base64
import hmac
import os
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from board_side import W47
from citizen_side import NGO_QUYEN
from desk_side import MEMBERS, DeskSite
from homthu.adapters.seal import FernetSeal
from homthu.adapters.secret_file import load_secrets, make_secret_files
from homthu.bootstrap.parts import Parts
from homthu.bootstrap.start import start
from homthu.config import secret_variable
from homthu.domain.secret import SecretPurpose
from homthu.services.access import make_pass

#: What keys were ever made of a secret with.
LABELS = (b"homthu seal", b"homthu paper\0" + NGO_QUYEN.encode(), b"desk", b"")


@pytest.fixture(params=["a new box", "a box that had one secret for all"])
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    if request.param != "a new box":
        (tmp_path / "secret").write_text(os.urandom(32).hex())
    make_secret_files(tmp_path, os.urandom, {})
    return tmp_path


def started(function: str, folder: Path) -> Parts:
    paths = make_secret_files(folder, os.urandom, {})
    return start(
        function,
        {
            "HOMTHU_BASE_URL": "https://gopy.example.org",
            "HOMTHU_STORE": f"sqlite://{folder}/box.db",
            "HOMTHU_MAIL": f"outbox:{folder}/outbox",
            "HOMTHU_SENDER": "hom-thu@example.org",
            **{secret_variable(purpose): str(path) for purpose, path in paths.items()},
        },
    )


def held_by(parts: Parts) -> set[bytes]:
    """Every secret that a function's memory holds."""
    return {secret for secrets in parts._secrets.values() for secret in secrets.all}


def keys_from(held: set[bytes]) -> Iterator[bytes]:
    for secret, label in product(held, LABELS):
        yield base64.urlsafe_b64encode(hmac.digest(secret, label, "sha256"))
    yield from (base64.urlsafe_b64encode(secret[:32]) for secret in held)


def test_no_pass_of_the_desk_can_be_forged_with_what_form_and_submit_hold(folder: Path) -> None:
    site = DeskSite()
    site.receive(W47, text="Lời của người dân")
    site.close(W47)
    desk = load_secrets(folder / "secret-desk")
    site.desk_seal = FernetSeal(desk.sealing_keys(), site.clock)
    box = site.boxes.by_ward[NGO_QUYEN]
    held = held_by(started("form", folder)) | held_by(started("submit", folder))
    assert len(held) == 2
    for key in keys_from(held):
        # The store tells them whatever it holds.
        forged = make_pass(replace(site.passes, seal=FernetSeal([key], site.clock)), box, MEMBERS[0])
        assert site.post("ban", forged).status_code == 403
    # The same attempt with the desk's own secret, which shows that the attempt is a good one.
    opened = [
        site.post("ban", make_pass(replace(site.passes, seal=seal), box, MEMBERS[0])).status_code == 200
        for seal in (FernetSeal([key], site.clock) for key in keys_from(set(desk.all)))
    ]
    assert sum(opened) == 1


@pytest.mark.parametrize(
    ("function", "purposes"),
    [
        ("form", {SecretPurpose.RECEIPTS}),
        ("submit", {SecretPurpose.RECEIPTS, SecretPurpose.REFERENCES}),
        ("board", {SecretPurpose.REFERENCES}),
        ("withdraw", {SecretPurpose.REFERENCES}),
        ("desk", {SecretPurpose.DESK}),
        ("report", {SecretPurpose.DESK}),
        ("watch", set()),
    ],
)
def test_a_function_does_not_even_read_a_secret_that_it_can_do_without(
    folder: Path, function: str, purposes: set[SecretPurpose]
) -> None:
    paths = make_secret_files(folder, os.urandom, {})
    wanted = {secret for purpose in purposes for secret in load_secrets(paths[purpose]).all}
    assert held_by(started(function, folder)) == wanted
