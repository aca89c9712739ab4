"""The settings of a box on one machine: a data folder with database, outbox and secrets.

Serving a box, filling a demo and restoring a backup may make the folder; every other command needs an
existing box, and says what it did not find.
"""

import argparse
import os
import shlex
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from environment import ROOT, version
from homthu.adapters.randomness import random_bytes
from homthu.adapters.secret_file import make_secret_file, make_secret_files, secret_paths
from homthu.adapters.whole_file import make_folder, replace_whole
from homthu.config import (
    BOXES,
    NEEDS,
    BadSettings,
    OutboxMailSetting,
    Settings,
    SqliteStoreSetting,
    read_settings,
    secret_variable,
)
from homthu.domain.secret import SecretPurpose
from own_server.env_file import read_env_file

from local import served_with

DEFAULT_DATA = ROOT / ".data"
#: Where invented forms go: never the folder that a box is served from without being asked.
DEFAULT_DEMO = ROOT / ".demo"
_DEFAULT_ADDRESS = "http://127.0.0.1:8080"
_ADDRESS = "base-url"
DATABASE = "hom-thu.db"
_STORE, _MAIL, _BOXES = "HOMTHU_STORE", "HOMTHU_MAIL", "HOMTHU_BOXES"
#: What the set-up page keeps beside the box: how mail is sent, one `NAME=value` per line.
SETTINGS_FILE = "hom-thu.env"
#: Marks a folder of invented forms, for programs and for people who open it.
MARK = "DU-LIEU-MAU.txt"
_MARK_TEXT = """\
Thư mục này chứa phiếu BỊA do scripts/seed-demo tạo ra để xem thử, không phải ý kiến của người dân.
Đừng xóa tệp này, đừng dùng thư mục này cho hòm thư thật.

The forms in this folder are INVENTED (scripts/seed-demo). Keep this file; no real box belongs here.
"""


def add_data_option(parser: argparse.ArgumentParser, default: Path = DEFAULT_DATA) -> None:
    """Give a command the option that says where the box keeps everything."""
    parser.add_argument(
        "--data",
        type=Path,
        default=default,
        metavar="DIR",
        help=f"folder with the database, the outbox and the secrets (default: {default.name})",
    )


def new_or_existing_box(data: Path, base_url: str | None = None) -> dict[str, str]:
    """The environment for a box that lives in this folder; variables already set are kept.

    The folder and its secrets are made on first use, readable by this user only. Serving the box sets its
    address, which is noted there, so that mails made by other commands lead to the same one.
    """
    environ = new_or_existing_store(data, base_url)
    data = data.resolve()
    make_folder(data)
    secrets = make_secret_files(data, random_bytes, _given_secrets())
    environ |= {secret_variable(purpose): str(path) for purpose, path in secrets.items()}
    if base_url and environ["HOMTHU_BASE_URL"] != _noted_address(data):
        replace_whole(data / _ADDRESS, environ["HOMTHU_BASE_URL"].encode())
    return environ


def new_or_existing_store(data: Path, base_url: str | None = None) -> dict[str, str]:
    """The environment for a store alone: without secrets, and without a folder for a store elsewhere."""
    data = data.resolve()
    environ = _settings(data, base_url)
    _refuse_misplaced(data, environ)
    if environ[_STORE] == own_store(data):
        make_folder(data)
    return environ


def existing_box(data: Path, purpose: str) -> dict[str, str]:
    """The environment for a command of this purpose (a key of `NEEDS`) on a box that is there.

    Nothing is made but the secret of the desk's links, in a box of before the report mailed them: with a
    new one no link holds that was given out, and nothing else. Raise `SystemExit` with what was not found: a
    folder that is not there is a slip of the pen, or a disk that is not mounted.
    """
    data = data.resolve()
    environ = never_creating(_settings(data))
    _refuse_misplaced(data, environ)
    store = _read(environ).store
    if isinstance(store, SqliteStoreSetting) and _STORE in NEEDS[purpose]:
        _require(store.path)
    given = _given_secrets()
    for use, path in secret_paths(data, given).items():
        if secret_variable(use) in NEEDS[purpose]:
            if use not in given and use is SecretPurpose.DESK and path.parent.is_dir():
                make_secret_file(path, use, random_bytes)
            elif use not in given:
                _require(path)
            environ[secret_variable(use)] = str(path)
    served_with.refuse_other_ways(data, _read(environ), purpose)
    if is_invented(data):
        print(f"Lưu ý: {data}: phiếu bịa để xem thử / the forms here are invented", file=sys.stderr)
    return environ


def note_how_served(data: Path, environ: Mapping[str, str], since: datetime) -> None:
    """Note for other commands by which store, way of mail and box files the box is served."""
    served_with.note(data.resolve(), _read(environ), version=version(), since=since.isoformat())


def never_creating(environ: Mapping[str, str]) -> dict[str, str]:
    """The same, but a database file that is not there is a fault: a new one would hide the loss."""
    store = environ[_STORE]
    is_open = isinstance(_read(environ).store, SqliteStoreSetting) and "?" not in store
    return {**environ, _STORE: f"{store}?mode=rw" if is_open else store}


def settings_for(data: Path) -> dict[str, str]:
    """All settings but the secrets, for code that must be able to say that the box does not exist."""
    return never_creating(_settings(data.resolve()))


def own_store(data: Path) -> str:
    """The setting for the database in a folder, whatever characters the folder's name has."""
    path = (data.resolve() / DATABASE).as_posix()
    return f"sqlite://{'' if path.startswith('/') else '/'}{quote(os.fsencode(path))}"


def is_invented(data: Path) -> bool:
    """Whether the folder says that its forms are made up."""
    return (data / MARK).exists()


def demo_box(data: Path) -> dict[str, str]:
    """The environment for invented forms, in a folder marked as such.

    Raise `SystemExit` where they would be mixed with real ones: in a folder that has a database and no such
    mark, or in any store that is not the folder's own.
    """
    data = data.resolve()
    if os.environ.get(_STORE, own_store(data)) != own_store(data):
        sys.exit(
            f"✗ Phiếu bịa chỉ ghi vào thư mục riêng, không vào {_STORE}: bỏ biến này (unset {_STORE}).\n"
            f"✗ Invented forms go into a folder of their own, never into {_STORE}: unset it."
        )
    if (data / DATABASE).exists() and not is_invented(data):
        sys.exit(
            f"✗ {data} là một hòm thư thật (có {DATABASE} mà không có {MARK}): phiếu bịa không bao giờ để "
            f"cạnh phiếu thật. Chọn thư mục khác: --data TÊN_MỚI (mặc định {DEFAULT_DEMO.name}).\n"
            f"✗ {data} is a real box: invented forms never go beside real ones. Choose another folder."
        )
    make_folder(data)
    if not is_invented(data):
        replace_whole(data / MARK, _MARK_TEXT.encode())
    return new_or_existing_box(data)


def refuse_to_mail_invented(data: Path, environ: Mapping[str, str]) -> None:
    """End with a sentence if reports of invented forms would leave this machine."""
    mail = _read(environ).mail
    if is_invented(data) and mail is not None and not isinstance(mail, OutboxMailSetting):
        sys.exit(
            f"✗ {data} chứa phiếu bịa ({MARK}): báo cáo của nó không gửi cho ai cả. Bỏ {_MAIL} thì thư nằm "
            "trong outbox.\n"
            f"✗ The forms of {data} are invented: their reports are mailed to nobody. Unset {_MAIL}."
        )


def own_boxes(data: Path) -> Path | None:
    """The box files that were set up for this folder and lie in it, or None."""
    folder = data.resolve() / "boxes"
    return folder if folder.is_dir() and any(folder.glob("*.toml")) else None


def boxes_folder() -> Path:
    """The default box files of a command: this machine's own, else those of the program."""
    return own_boxes(DEFAULT_DATA) or BOXES


def _settings(data: Path, base_url: str | None = None) -> dict[str, str]:
    """All but the secrets."""
    kept = data / SETTINGS_FILE
    own = own_boxes(data)
    return {
        _STORE: own_store(data),
        _MAIL: f"outbox:{data.as_posix()}/outbox",
        "HOMTHU_BASE_URL": base_url or _noted_address(data),
        "HOMTHU_SENDER": "hom-thu-gop-y@example.org",
        **({_BOXES: os.fspath(own)} if own else {}),
        **(read_env_file(kept) if kept.exists() else {}),
        **os.environ,
    }


def _given_secrets() -> dict[SecretPurpose, Path]:
    paths = {purpose: os.environ.get(secret_variable(purpose)) for purpose in SecretPurpose}
    return {purpose: Path(path) for purpose, path in paths.items() if path}


def _read(environ: Mapping[str, str]) -> Settings:
    """The settings as far as they can be read; what is wrong with them is reported when
    the program starts.
    """
    try:
        return read_settings(environ, frozenset())
    except BadSettings as bad:
        return bad.settings


def _refuse_misplaced(data: Path, environ: Mapping[str, str]) -> None:
    """Exit with instructions where an earlier version cut the folder's name at `#`, `?` or `%`.

    It put the database beside such a folder; ignoring it there would start an empty box.
    """
    own, once = data / DATABASE, Path(unquote(urlsplit(f"sqlite://{data}/{DATABASE}").path))
    is_ours = environ[_STORE].removesuffix("?mode=rw") == own_store(data)
    if not is_ours or once == own or own.exists() or not once.is_file():
        return
    parts = [(once.with_name(once.name + end), own.with_name(own.name + end)) for end in ("", "-wal")]
    moves = [shlex.join(["mv", str(old), str(new)]) for old, new in parts if old.exists()]
    sys.exit(
        "✗ Bản trước đã để cơ sở dữ liệu của hòm thư này ngoài thư mục của nó. Dừng serve rồi chuyển vào:\n"
        "✗ An earlier version left this box's database beside its folder. Stop serve, then move it in:\n  "
        + "\n  ".join(moves)
    )


def _require(file: Path) -> None:
    if file.exists():
        return
    folder = file.parent
    what = f"thư mục này không có {file.name}" if folder.is_dir() else "không có thư mục này"
    thing = f"has no {file.name}" if folder.is_dir() else "is no folder"
    sys.exit(
        f"✗ {folder}: {what}: gõ sai tên, hay ổ đĩa chưa được gắn? Chưa tạo, chưa ghi gì cả.\n"
        f"✗ {folder} {thing}: is the name right, is the disk mounted? Nothing was made or written."
    )


def _noted_address(data: Path) -> str:
    try:
        return (data / _ADDRESS).read_text("utf-8").strip() or _DEFAULT_ADDRESS
    except (FileNotFoundError, NotADirectoryError):
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
