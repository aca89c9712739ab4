"""The parts that a URL in the environment selects: store, backup, mailer and queue.

Each is imported on use: the Firestore SDK takes half a second that no other function should spend.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from homthu.config import (
    CloudTasksSetting,
    FirestoreStoreSetting,
    MailSetting,
    OutboxMailSetting,
    SmtpMailSetting,
    SqliteStoreSetting,
    StoreSetting,
)
from homthu.ports import Access

if TYPE_CHECKING:
    from homthu.adapters.firestore.eraser import FirestoreEraser
    from homthu.adapters.sqlite.eraser import SqliteEraser
    from homthu.adapters.sqlite.probe import SqliteProbe
    from homthu.ports import Clock, Mailer, Store, WardQueue
    from homthu.ports.backup import Backup

    StoreEraser = FirestoreEraser | SqliteEraser


def make_store(setting: StoreSetting | None, clock: Clock, *, reading: bool = False) -> Store:
    """The store, unchangeable if only `reading`. Raise `LookupError` if none is configured."""
    if isinstance(setting, FirestoreStoreSetting):
        from homthu.adapters.firestore.store import FirestoreStore

        access = Access.READ if reading else Access.CREATE
        return FirestoreStore(setting.project, setting.database, clock, access=access)
    if setting is None:
        raise LookupError("HOMTHU_STORE was not asked for")
    from homthu.adapters.sqlite.store import SqliteStore

    return SqliteStore(setting.path, clock, access=_access(setting, reading=reading))


def make_backup(setting: StoreSetting | None, *, reading: bool = False) -> Backup:
    """Everything in the store. Raise `LookupError` if none is configured."""
    if isinstance(setting, FirestoreStoreSetting):
        from homthu.adapters.firestore.backup import FirestoreBackup

        return FirestoreBackup(setting.project, setting.database)
    if setting is None:
        raise LookupError("HOMTHU_STORE was not asked for")
    from homthu.adapters.sqlite.backup import SqliteBackup

    return SqliteBackup(setting.path, access=_access(setting, reading=reading))


def make_eraser(setting: StoreSetting | None) -> StoreEraser:
    """Erases words from the store for good. Raise `LookupError` if none is configured."""
    if isinstance(setting, FirestoreStoreSetting):
        from homthu.adapters.firestore.eraser import FirestoreEraser

        return FirestoreEraser(setting.project, setting.database)
    if setting is None:
        raise LookupError("HOMTHU_STORE was not asked for")
    from homthu.adapters.sqlite.eraser import SqliteEraser

    return SqliteEraser(setting.path)


def make_probe(setting: StoreSetting | None) -> SqliteProbe | None:
    """Tries whether the store can be written; None for a store that is not on this machine."""
    if not isinstance(setting, SqliteStoreSetting):
        return None
    from homthu.adapters.sqlite.probe import SqliteProbe

    return SqliteProbe(setting.path)


def _access(setting: SqliteStoreSetting, *, reading: bool) -> Access:
    if reading:
        return Access.READ
    return Access.WRITE if setting.must_exist else Access.CREATE


def make_mailer(setting: MailSetting | None, *, bounces_to: str = "") -> Mailer:
    """Sends mail. Raise `LookupError` if no way to do so is configured.

    `bounces_to` is the address for notices of non-delivery; empty means the sender's.
    """
    if isinstance(setting, OutboxMailSetting):
        from homthu.adapters.mail.outbox import OutboxMailer

        return OutboxMailer(setting.folder)
    if isinstance(setting, SmtpMailSetting):
        from homthu.adapters.mail.smtp import SmtpMailer

        return SmtpMailer(
            setting.host,
            setting.port,
            setting.username,
            setting.password,
            implicit_tls=setting.implicit_tls,
            bounces_to=bounces_to,
        )
    if setting is None:
        raise LookupError("HOMTHU_MAIL was not asked for")
    from homthu.adapters.mail.ses import SesMailer

    if setting.role:
        from homthu.adapters.mail.google_identity import identity_token

        return SesMailer.in_role(setting.role, identity_token, region=setting.region, bounces_to=bounces_to)
    return SesMailer(setting.region, bounces_to=bounces_to)


def make_queue(setting: CloudTasksSetting | None) -> WardQueue | None:
    """The queue of wards, or None if they take turns in one call."""
    if setting is None:
        return None
    from homthu.adapters.cloud_tasks import CloudTasksQueue

    return CloudTasksQueue(
        project=setting.project, region=setting.region, queue=setting.queue, account=setting.account
    )
