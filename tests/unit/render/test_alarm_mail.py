"""The alarm says of each cause what is wrong, who mends it, and what happens by itself."""

from pathlib import Path

import pytest
from builders import box
from homthu.adapters.web_files import load_templates, load_texts
from homthu.domain.mail_cause import MailCause, cause_of
from homthu.domain.reports.alarm import Alarm, AlarmKind
from homthu.domain.week import Week
from homthu.render.mail.alarm import render_alarm
from homthu.render.templates import make_environment

TEXTS = load_texts("vi")
WEEK = Week(2026, 47)
ADAPTERS = Path(__file__).parents[3] / "functions" / "homthu" / "adapters" / "mail"
#: Who may be asked to do something; nobody else reads the alarm or can be reached by who does.
WHO = ("quản trị", "Văn phòng", "Chủ hộp thư", "văn phòng")
#: What nobody need do anything about.
PASSING = {MailCause.BUSY, MailCause.DISCONNECTED, MailCause.NO_ANSWER}


def told(kind: AlarmKind, reason: str = "") -> str:
    alarm = Alarm(kind=kind, ward="07207", week=WEEK, count=2, reason=reason, recipients=("a@b.vn", "c@d.vn"))
    return render_alarm(box(), [alarm], texts=TEXTS, templates=make_environment(load_templates())).text


@pytest.mark.parametrize("cause", MailCause)
def test_every_cause_says_what_is_wrong_and_who_mends_it(cause: MailCause) -> None:
    sentence = TEXTS(f"cause.{cause}")
    assert any(who in sentence for who in WHO) != (cause in PASSING)
    assert sentence in told(AlarmKind.DELIVERY_BLOCKED, f"{cause} 550 5.7.1")


def test_every_sentence_is_of_a_cause_and_every_cause_is_given_by_some_module() -> None:
    sentences = {key.removeprefix("cause.") for key in TEXTS.keys if key.startswith("cause.")}
    assert sentences == {*MailCause, "other"}
    functions = ADAPTERS.parents[1]
    source = "".join(
        path.read_text("utf-8") for path in functions.rglob("*.py") if path.name != "mail_cause.py"
    )
    assert {cause for cause in MailCause if f"MailCause.{cause.name}" not in source} == set()


@pytest.mark.parametrize("kind", AlarmKind)
def test_every_alarm_is_worded_whole(kind: AlarmKind) -> None:
    text = told(kind, "not_allowed 553 5.7.1")
    assert "{" not in text
    assert "2026-W47" in text


def test_an_address_that_was_refused_for_our_fault_is_not_told_to_be_wrong() -> None:
    text = told(AlarmKind.DELIVERY_BLOCKED, "not_allowed 553 5.7.1")
    assert "a@b.vn, c@d.vn" in text
    assert "không mất" in text
    assert "553 5.7.1" in text
    assert "tự gửi lại" not in text


def test_what_bounced_is_not_said_to_be_tried_again_and_the_way_to_do_so_is_named() -> None:
    text = told(AlarmKind.DELIVERY_BOUNCED, "no_mailbox 550 5.1.1")
    assert "không tự gửi lại" in text
    assert "scripts/report --resend --ward 07207 --week 2026-W47" in text


def test_a_code_that_an_earlier_version_wrote_is_told_all_the_same() -> None:
    assert cause_of("rcpt_451") is None
    assert "rcpt_451" in told(AlarmKind.DELIVERY_STUCK, "rcpt_451")


def test_a_stranger_is_not_promised_a_mail() -> None:
    text = told(AlarmKind.DELIVERY_TO_STRANGER, "not_a_recipient")
    assert "không bao giờ gửi" in text
    assert "chạy scripts/report" not in text
