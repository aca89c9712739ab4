"""What a setting makes: the adapter that it names, or nothing where the function did not ask for it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from homthu.adapters.clock import system_clock
from homthu.adapters.cloud_tasks import CloudTasksQueue
from homthu.adapters.firestore.backup import FirestoreBackup
from homthu.adapters.firestore.eraser import FirestoreEraser
from homthu.adapters.mail.outbox import OutboxMailer
from homthu.adapters.mail.ses import SesMailer
from homthu.adapters.mail.smtp import SmtpMailer
from homthu.adapters.sqlite.backup import SqliteBackup
from homthu.adapters.sqlite.eraser import SqliteEraser
from homthu.adapters.sqlite.probe import SqliteProbe
from homthu.bootstrap import swappable
from homthu.config import (
    CloudTasksSetting,
    FirestoreStoreSetting,
    MailSetting,
    OutboxMailSetting,
    SesMailSetting,
    SmtpMailSetting,
    SqliteStoreSetting,
)

CLOUD = FirestoreStoreSetting(project="gop-y", database="(default)")


def make_store(setting: None) -> object:
    return swappable.make_store(setting, system_clock)


@pytest.mark.parametrize(
    ("make", "variable"),
    [
        (make_store, "HOMTHU_STORE"),
        (swappable.make_backup, "HOMTHU_STORE"),
        (swappable.make_eraser, "HOMTHU_STORE"),
        (swappable.make_mailer, "HOMTHU_MAIL"),
    ],
)
def test_what_was_not_asked_for_is_named(make: Callable[[None], object], variable: str) -> None:
    with pytest.raises(LookupError, match=f"^{variable} was not asked for$"):
        make(None)


@pytest.mark.parametrize(
    ("setting", "kind"),
    [
        (OutboxMailSetting(folder=Path("outbox")), OutboxMailer),
        (SmtpMailSetting(host="smtp.example.org", port=587), SmtpMailer),
        (SesMailSetting(region="ap-southeast-1"), SesMailer),
        (SesMailSetting(region="ap-southeast-1", role="arn:aws:iam::123456789012:role/thu"), SesMailer),
    ],
)
def test_mail_goes_the_way_that_is_set(setting: MailSetting, kind: type) -> None:
    assert type(swappable.make_mailer(setting)) is kind


def test_a_store_elsewhere_is_backed_up_and_erased_there_and_needs_no_probe(tmp_path: Path) -> None:
    here = SqliteStoreSetting(path=tmp_path / "hom-thu.db")
    assert type(swappable.make_backup(here)) is SqliteBackup
    assert type(swappable.make_eraser(here)) is SqliteEraser
    assert type(swappable.make_probe(here)) is SqliteProbe
    assert type(swappable.make_backup(CLOUD)) is FirestoreBackup
    assert type(swappable.make_eraser(CLOUD)) is FirestoreEraser
    assert swappable.make_probe(CLOUD) is None


def test_wards_take_turns_without_a_queue() -> None:
    setting = CloudTasksSetting(
        project="gop-y", region="asia-southeast1", queue="tuan", account="a@b.example"
    )
    assert type(swappable.make_queue(setting)) is CloudTasksQueue
    assert swappable.make_queue(None) is None
