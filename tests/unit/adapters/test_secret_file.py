import base64
import hmac
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from homthu.adapters.seal import FernetSeal
from homthu.adapters.secret_file import BadSecretFile, load_secrets, make_secret_files
from homthu.domain.secret import SecretPurpose, Secrets

ONE, TWO = bytes(range(32)), bytes(range(32, 64))
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def seal(secrets: Secrets, now: datetime = NOW) -> FernetSeal:
    return FernetSeal(secrets.sealing_keys(), lambda: now)


def made(folder: Path, given: dict[SecretPurpose, Path] | None = None) -> dict[SecretPurpose, Secrets]:
    paths = make_secret_files(folder, os.urandom, given or {})
    return {purpose: load_secrets(path) for purpose, path in paths.items()}


def test_each_purpose_gets_a_secret_of_its_own_private_and_never_replaced(tmp_path: Path) -> None:
    first = made(tmp_path)
    assert set(first) == set(SecretPurpose)
    assert len({secrets.current for secrets in first.values()}) == len(SecretPurpose)
    assert made(tmp_path) == first
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}


def test_a_box_with_one_secret_keeps_its_references_and_what_citizens_have_open(
    tmp_path: Path,
) -> None:
    """The keys that the version before made from its secret were HMAC-SHA-256(secret, "homthu seal")."""
    (tmp_path / "secret").write_text(f"{ONE.hex()}\n{TWO.hex()}\n")
    after = made(tmp_path)
    assert after[SecretPurpose.REFERENCES] == Secrets(current=ONE, previous=(TWO,))
    keys = [base64.urlsafe_b64encode(hmac.digest(one, b"homthu seal", "sha256")) for one in (ONE, TWO)]
    for key in keys:
        token = FernetSeal([key], lambda: NOW).seal("receipt", ["x"])
        assert seal(after[SecretPurpose.RECEIPTS]).open("receipt", token, timedelta(hours=1)) is not None
        assert seal(after[SecretPurpose.DESK]).open("receipt", token, timedelta(hours=1)) is None
    # And the other way round, for while functions of both versions answer.
    token = seal(after[SecretPurpose.RECEIPTS]).seal("receipt", ["x"])
    assert FernetSeal(keys, lambda: NOW).open("receipt", token, timedelta(hours=1)) is not None
    assert ONE.hex() not in (tmp_path / "secret-receipts").read_text()


def test_a_file_that_is_given_stands_for_the_folders_own(tmp_path: Path) -> None:
    elsewhere, data = tmp_path / "elsewhere", tmp_path / "data"
    elsewhere.write_text(ONE.hex())
    data.mkdir()
    after = made(data, {SecretPurpose.REFERENCES: elsewhere})
    assert after[SecretPurpose.REFERENCES].current == ONE
    assert not (data / "secret").exists()


def test_nothing_is_made_from_a_secret_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("bad")
    make_secret_files(tmp_path, os.urandom, {})
    assert not (tmp_path / "secret-receipts").exists()
    assert (tmp_path / "secret").read_text() == "bad"


def test_older_secrets_stand_below_the_current_one(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text(f"{ONE.hex()}\n{TWO.hex()}\n")
    assert load_secrets(path) == Secrets(current=ONE, previous=(TWO,))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "unreadable"),
        ("", "empty"),
        ("zz", "not_hexadecimal"),
        ("bí mật", "not_hexadecimal"),
        ("ab" * 31, "too_short"),
    ],
)
def test_a_bad_secret_file_says_what_is_wrong(tmp_path: Path, content: str | None, reason: str) -> None:
    path = tmp_path / "secret"
    if content is not None:
        path.write_text(content, "utf-8")
    with pytest.raises(BadSecretFile) as raised:
        load_secrets(path)
    assert raised.value.reason == reason


def test_secrets_do_not_show_themselves() -> None:
    assert ONE.hex() not in repr(Secrets(current=ONE))
    assert "x00" not in repr(Secrets(current=ONE))


def test_what_was_sealed_comes_back_and_nobody_can_read_it() -> None:
    token = seal(Secrets(current=ONE)).seal("receipt", ["ABCDEFGHJKMN", "nq-mc"])
    assert "ABCDEFGHJKMN" not in token
    unsealed = seal(Secrets(current=ONE), NOW + timedelta(minutes=5)).open(
        "receipt", token, timedelta(hours=1)
    )
    assert unsealed is not None
    assert unsealed.values == ("ABCDEFGHJKMN", "nq-mc")
    assert unsealed.age == timedelta(minutes=5)


def test_a_token_from_an_instance_a_little_ahead_is_taken() -> None:
    token = seal(Secrets(current=ONE), NOW + timedelta(seconds=30)).seal("receipt", [])
    assert seal(Secrets(current=ONE)).open("receipt", token, timedelta(hours=1)) is not None


def test_after_a_rotation_older_tokens_still_open() -> None:
    token = seal(Secrets(current=ONE)).seal("receipt", ["x"])
    assert seal(Secrets(current=TWO, previous=(ONE,))).open("receipt", token, timedelta(hours=1)) is not None


@pytest.mark.parametrize("token", ["", "x", "gAAAA", "á" * 40, "\ud800"])
def test_what_is_no_token_opens_to_nothing(token: str) -> None:
    assert seal(Secrets(current=ONE)).open("receipt", token, timedelta(hours=1)) is None


def test_a_token_is_refused_when_old_forged_or_anothers() -> None:
    here = seal(Secrets(current=ONE))
    token = here.seal("receipt", ["x"])
    assert here.open("review", token, timedelta(hours=1)) is None
    assert seal(Secrets(current=TWO)).open("receipt", token, timedelta(hours=1)) is None
    assert (
        seal(Secrets(current=ONE), NOW + timedelta(hours=2)).open("receipt", token, timedelta(hours=1))
        is None
    )
