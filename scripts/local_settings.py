"""The settings of a box on one machine: a data folder with database, outbox and secrets."""

import argparse
import os
from datetime import datetime
from pathlib import Path

from environment import ROOT
from homthu.adapters.randomness import random_bytes
from homthu.adapters.secret_file import make_secret_files
from homthu.adapters.whole_file import make_folder, replace_whole
from homthu.config import secret_variable
from homthu.domain.secret import SecretPurpose

DEFAULT_DATA = ROOT / ".data"
_DEFAULT_ADDRESS = "http://127.0.0.1:8080"
_ADDRESS = "base-url"


def add_data_option(parser: argparse.ArgumentParser) -> None:
    """Give a command the option that says where the box keeps everything."""
    parser.add_argument(
        "--data",
        type=Path,
        default=DEFAULT_DATA,
        metavar="DIR",
        help="folder with the database, the outbox and the secrets (default: .data)",
    )


def local_environment(data: Path, base_url: str | None = None) -> dict[str, str]:
    """The environment for a box that lives in this folder; variables already set are kept.

    The folder and its secrets are made on first use, readable by this user only. Who serves the box
    gives its address, which is noted there: a mail made by another command leads to the same one.
    """
    data = data.resolve()
    make_folder(data)
    given = {
        purpose: Path(path) for purpose in SecretPurpose if (path := os.environ.get(secret_variable(purpose)))
    }
    secrets = make_secret_files(data, random_bytes, given)
    environ = {
        "HOMTHU_STORE": f"sqlite://{data}/hom-thu.db",
        "HOMTHU_MAIL": f"outbox:{data}/outbox",
        **{secret_variable(purpose): str(path) for purpose, path in secrets.items()},
        "HOMTHU_BASE_URL": base_url or _noted_address(data),
        "HOMTHU_SENDER": "hom-thu-gop-y@example.org",
        **os.environ,
    }
    if base_url and environ["HOMTHU_BASE_URL"] != _noted_address(data):
        replace_whole(data / _ADDRESS, environ["HOMTHU_BASE_URL"].encode())
    return environ


def _noted_address(data: Path) -> str:
    try:
        return (data / _ADDRESS).read_text("utf-8").strip() or _DEFAULT_ADDRESS
    except FileNotFoundError:
        return _DEFAULT_ADDRESS


def instant(text: str) -> datetime:
    """An instant from a command line, such as 2026-11-30T07:00+07:00; the offset is required."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r}: cần dạng 2026-11-30T07:00+07:00 / expected 2026-11-30T07:00+07:00"
        ) from None
    if value.tzinfo is None:
        raise argparse.ArgumentTypeError(
            f"{text!r}: thiếu múi giờ, ví dụ +07:00 / the offset is missing, such as +07:00"
        )
    return value
