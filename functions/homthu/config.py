"""The settings: read from the environment once at start, and refused with all their faults at once.

The README's table explains each variable; a test keeps the two in step.
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import field
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import TypeVar
from urllib.parse import SplitResult, unquote, unquote_to_bytes, urlsplit

from homthu.domain.errors import HomThuError
from homthu.domain.mail_address import ascii_host, is_host, is_mail_address
from homthu.domain.secret import SecretPurpose
from homthu.record import record

BOXES = Path(__file__).parents[1] / "boxes"
#: As text, not compiled: most functions get few of the values that these check.
_PROJECT = r"[a-z][a-z0-9-]{4,29}"
_DATABASE = r"\(default\)|[a-z][a-z0-9-]{3,62}"
_ROLE = r"arn:aws:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,128}"
_REGION = r"[a-z]{2}(-[a-z]+)+-[0-9]"
_GOOGLE_REGION = r"[a-z]+(-[a-z]+)+[0-9]{1,2}"
_QUEUE = r"[A-Za-z0-9-]{1,100}"
#: Room for the pages of some two hundred places in every variant; an instance in the cloud has 512 MiB.
_PAGE_CACHE_MIB = 32
T = TypeVar("T")
_WITH_LINKS = frozenset(
    {"HOMTHU_BASE_URL", "HOMTHU_SECRET_DESK", "HOMTHU_STORE", "HOMTHU_MAIL", "HOMTHU_SENDER"}
)
#: The variables that each function and each script requires.
NEEDS = {
    "form": frozenset({"HOMTHU_BASE_URL", "HOMTHU_SECRET_RECEIPTS"}),
    "submit": frozenset(
        {"HOMTHU_BASE_URL", "HOMTHU_SECRET_RECEIPTS", "HOMTHU_SECRET_REFERENCES", "HOMTHU_STORE"}
    ),
    "report": _WITH_LINKS,
    "watch": frozenset({"HOMTHU_BASE_URL", "HOMTHU_STORE", "HOMTHU_MAIL", "HOMTHU_SENDER"}),
    "board": frozenset({"HOMTHU_BASE_URL", "HOMTHU_SECRET_REFERENCES", "HOMTHU_STORE"}),
    "withdraw": frozenset({"HOMTHU_BASE_URL", "HOMTHU_SECRET_REFERENCES", "HOMTHU_STORE"}),
    "desk": _WITH_LINKS,
    "export": frozenset({"HOMTHU_STORE"}),
    "backup": frozenset({"HOMTHU_STORE"}),
    "verify": frozenset({"HOMTHU_STORE"}),
    "erase": frozenset({"HOMTHU_STORE", "HOMTHU_SECRET_REFERENCES"}),
    "paper_code": frozenset({"HOMTHU_STORE"}),
    "boxes": frozenset(),
}


def secret_variable(purpose: SecretPurpose) -> str:
    """The variable with the path of the file that holds the secret for this purpose."""
    return f"HOMTHU_SECRET_{purpose.name}"


class ServiceMode(StrEnum):
    """Whether the box accepts submissions at all."""

    OPEN = "open"
    PAUSED = "paused"


@record
class SqliteStoreSetting:
    """A database file on this machine, created on first use unless it `must_exist`."""

    path: Path
    must_exist: bool = False


@record
class FirestoreStoreSetting:
    """A Firestore database in native mode."""

    project: str
    database: str


@record
class OutboxMailSetting:
    """A folder of .eml files."""

    folder: Path


@record
class SmtpMailSetting:
    """A mail server with TLS, implicit or by STARTTLS.

    Without a username it is a relay that accepts this machine's mail without a login.
    """

    host: str
    port: int
    username: str = ""
    password: str = ""
    implicit_tls: bool = False

    def __repr__(self) -> str:
        return f"SmtpMailSetting({self.host}:{self.port})"


@record
class SesMailSetting:
    """Amazon SES in one region, with credentials from the environment or a role that trusts Google."""

    region: str
    role: str = ""


@record
class CloudTasksSetting:
    """A Cloud Tasks queue, and the service account that its tasks authenticate as."""

    project: str
    region: str
    queue: str
    account: str


StoreSetting = SqliteStoreSetting | FirestoreStoreSetting
MailSetting = OutboxMailSetting | SmtpMailSetting | SesMailSetting


@record
class Settings:
    """Every setting; those that a function does not need may be None or empty."""

    boxes: Path
    mode: ServiceMode
    base_url: str
    secrets: Mapping[SecretPurpose, Path]
    store: StoreSetting | None
    mail: MailSetting | None
    sender: str
    bounces_to: str
    queue: CloudTasksSetting | None
    page_cache_bytes: int


@record
class SettingProblem:
    """One variable whose value cannot be used.

    `code` names the sentence that says what would be right, and `data` fills it.
    """

    variable: str
    code: str
    data: Mapping[str, str] = field(default_factory=dict)


class BadSettings(HomThuError):
    """The environment cannot be used; `problems` holds every fault found.

    `settings` holds what could be read, so that faults elsewhere can be reported together with these.
    """

    def __init__(self, problems: tuple[SettingProblem, ...], settings: Settings) -> None:
        super().__init__("; ".join(f"{p.variable}: {p.code}" for p in problems))
        self.problems = problems
        self.settings = settings


class _Bad(Exception):
    """The value at hand is wrong: the code of a sentence, and the data that fills it."""

    def __init__(self, code: str, **data: str) -> None:
        super().__init__(code)
        self.data = data


def read_settings(environ: Mapping[str, str], needs: frozenset[str]) -> Settings:
    """Read the settings of a function that requires these variables. Raise `BadSettings`."""
    problems: list[SettingProblem] = []
    on_cloud_run = "K_SERVICE" in environ

    def read(variable: str, parse: Callable[[str], T], default: T) -> T:
        value = environ.get(variable, "").strip()
        try:
            if value:
                return parse(value)
            if variable in needs:
                raise _Bad("missing")
        except _Bad as bad:
            problems.append(SettingProblem(variable=variable, code=str(bad), data=bad.data))
        return default

    settings = Settings(
        boxes=read("HOMTHU_BOXES", _parse_folder, BOXES),
        mode=read("HOMTHU_MODE", _parse_mode, ServiceMode.OPEN),
        base_url=read("HOMTHU_BASE_URL", _parse_base_url, ""),
        # A secret that is not needed is not even read: a function cannot leak what it does not know.
        secrets={
            purpose: path
            for purpose, variable in ((purpose, secret_variable(purpose)) for purpose in SecretPurpose)
            if variable in needs and (path := read(variable, _parse_path, None))
        },
        store=read("HOMTHU_STORE", _parse_store, None),
        mail=read("HOMTHU_MAIL", _parse_mail, None),
        sender=read("HOMTHU_SENDER", _parse_address, ""),
        bounces_to=read("HOMTHU_BOUNCES_TO", _parse_address, ""),
        queue=read("HOMTHU_QUEUE", _parse_queue, None),
        page_cache_bytes=read("HOMTHU_PAGE_CACHE", _parse_mebibytes, _PAGE_CACHE_MIB) * 2**20,
    )
    if on_cloud_run and isinstance(settings.store, SqliteStoreSetting):
        problems.append(SettingProblem(variable="HOMTHU_STORE", code="sqlite_in_cloud"))
    if on_cloud_run and isinstance(settings.mail, OutboxMailSetting):
        problems.append(SettingProblem(variable="HOMTHU_MAIL", code="outbox_in_cloud"))
    if environ.get("HOMTHU_SECRET"):
        # Ignoring it would make new secrets, and no reference would lead to its submission any more.
        problems.append(SettingProblem(variable="HOMTHU_SECRET", code="split_secret"))
    if problems:
        raise BadSettings(tuple(problems), settings)
    return settings


def _parse_folder(value: str) -> Path:
    path = Path(value)
    if not path.is_dir():
        raise _Bad("no_folder")
    return path


def _parse_path(value: str) -> Path:
    if not Path(value).is_absolute():
        raise _Bad("not_absolute")
    return Path(value)


def _parse_mode(value: str) -> ServiceMode:
    try:
        return ServiceMode(value)
    except ValueError:
        raise _Bad("unknown_mode") from None


def _parse_mebibytes(value: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,3}", value):
        raise _Bad("not_mebibytes")
    return int(value)


def _parse_base_url(value: str) -> str:
    """An origin fit for browsers, posters and mails, with its host in lower case."""
    url = _split(value)
    if url.path not in ("", "/") or url.query or url.fragment or not url.hostname:
        raise _Bad("not_an_origin")
    if "@" in url.netloc:
        raise _Bad("origin_with_login")
    if not url.hostname.isascii() and (written := ascii_host(url.hostname)):
        raise _Bad("host_not_ascii", host=written)
    if not is_host(url.hostname):
        raise _Bad("bad_host")
    if url.scheme != "https" and not (url.scheme == "http" and _is_local(url.hostname)):
        raise _Bad("not_https")
    return f"{url.scheme}://{url.hostname}" + (f":{url.port}" if url.port else "")


def _is_local(host: str) -> bool:
    """Whether plain HTTP is acceptable: on this machine or its own network, to try things out."""
    try:
        return ip_address(host).is_private
    except ValueError:
        return host == "localhost"


def _parse_store(value: str) -> StoreSetting:
    url = _split(value)
    if url.scheme == "sqlite":
        # A `#` in a file name is written `%23`; as the start of a fragment it would name another file.
        if url.netloc or not url.path.startswith("/") or url.query not in ("", "mode=rw") or "#" in value:
            raise _Bad("bad_sqlite")
        # As SQLite reads URIs (https://sqlite.org/uri.html): `mode=rw` never creates, `/C:` is a drive.
        path = Path(os.fsdecode(unquote_to_bytes(url.path)).removeprefix("/" * (os.name == "nt")))
        return SqliteStoreSetting(path=path, must_exist=bool(url.query))
    if url.scheme == "firestore":
        database = unquote(url.path.removeprefix("/"))
        if url.query or url.fragment:
            raise _Bad("bad_firestore")
        if not re.fullmatch(_PROJECT, url.netloc) or not re.fullmatch(_DATABASE, database):
            raise _Bad("bad_firestore")
        return FirestoreStoreSetting(project=url.netloc, database=database)
    raise _Bad("unknown_store")


def _parse_mail(value: str) -> MailSetting:
    if value.startswith("outbox:"):
        return OutboxMailSetting(folder=_parse_path(value.removeprefix("outbox:")))
    url = _split(value)
    if url.scheme == "ses":
        role = url.query.removeprefix("role=")
        if not re.fullmatch(_REGION, url.netloc) or (url.query and not re.fullmatch(_ROLE, role)):
            raise _Bad("bad_ses")
        return SesMailSetting(region=url.netloc, role=role)
    if url.scheme in ("smtp+starttls", "smtps"):
        return _parse_smtp(url)
    raise _Bad("unknown_mail")


def _parse_smtp(url: SplitResult) -> SmtpMailSetting:
    implicit_tls = url.scheme == "smtps"
    username, password = unquote(url.username or ""), unquote(url.password or "")
    has_more = url.path not in ("", "/") or url.query or url.fragment
    if not url.hostname or not is_host(url.hostname) or bool(username) != bool(password) or has_more:
        raise _Bad("bad_smtp")
    if not (username + password).isascii():
        raise _Bad("login_not_ascii")
    # RFC 8314: on 465 the server waits for TLS while a STARTTLS client waits for a greeting.
    if url.port == 465 and not implicit_tls:
        raise _Bad("starttls_on_465")
    if url.port in (25, 587) and implicit_tls:
        raise _Bad("smtps_on_587")
    return SmtpMailSetting(
        host=url.hostname,
        port=url.port or (465 if implicit_tls else 587),
        username=username,
        password=password,
        implicit_tls=implicit_tls,
    )


def _parse_address(value: str) -> str:
    if not is_mail_address(value):
        raise _Bad("bad_address")
    return value


def _parse_queue(value: str) -> CloudTasksSetting:
    url = _split(value)
    region, _, queue = url.path.removeprefix("/").partition("/")
    account = url.query.removeprefix("account=")
    named = (_PROJECT, url.netloc), (_GOOGLE_REGION, region), (_QUEUE, queue)
    is_named = all(re.fullmatch(pattern, value) for pattern, value in named)
    if url.scheme != "tasks" or not is_named or not is_mail_address(account):
        raise _Bad("bad_queue")
    return CloudTasksSetting(project=url.netloc, region=region, queue=queue, account=account)


def _split(value: str) -> SplitResult:
    try:
        url = urlsplit(value)
        _ = url.port
    except ValueError:
        raise _Bad("not_a_url") from None
    return url
