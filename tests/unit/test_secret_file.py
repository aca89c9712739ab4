import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from homthu.adapters.seal import FernetSeal
from homthu.adapters.secret_file import BadSecretFile, load_secrets, make_secret_file
from homthu.domain.secret import Secrets

ONE, TWO = bytes(range(32)), bytes(range(32, 64))
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def seal(secrets: Secrets, now: datetime = NOW) -> FernetSeal:
    return FernetSeal(secrets.sealing_keys(), lambda: now)


def test_a_made_secret_is_read_back_private_and_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    make_secret_file(path, lambda count: b"x" * count)
    make_secret_file(path, lambda count: b"y" * count)
    assert load_secrets(path) == Secrets(current=b"x" * 32)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


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
