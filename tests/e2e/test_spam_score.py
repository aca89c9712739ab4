"""The Monday mail before a spam filter: SpamAssassin with the rules that came with it, and no network."""

import os
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from builders import week_of_submissions
from case_builders import case_statistics
from homthu.render.mail.message import address, build_content
from machine import require
from read_mail import render
from report_builders import report

#: From 5 on a mail is taken for spam.
MOST = 1.0


@pytest.mark.long
def test_the_mail_is_far_from_what_is_taken_for_spam(tmp_path: Path) -> None:
    require("spamassassin")
    submissions = list(week_of_submissions(87))
    mail = render(report(submissions, case_statistics=case_statistics()), submissions)
    content = build_content(
        mail,
        sender_name="Hòm thư góp ý phường Bắc Giang",
        sender="hom-thu@gopy.example.vn",
        date=datetime(2026, 11, 30, tzinfo=UTC),
    )
    message = address(
        content,
        recipient_name="Ban Chỉ đạo",
        recipient="bcd@bacgiang.example.vn",
        message_id="<0123456789abcdef@gopy.example.vn>",
    )
    judged = subprocess.run(
        ["spamassassin", "--local", "--test-mode", f"--prefspath={tmp_path / 'none'}"],
        input=message,
        capture_output=True,
        check=True,
        env={**os.environ, "HOME": str(tmp_path)},
    ).stdout.decode("utf-8", "replace")
    status = re.search(r"^X-Spam-Status: \w+, score=(-?[\d.]+)", judged, re.MULTILINE)
    rules = re.findall(r"^ *(-?\d+\.\d) +([A-Z0-9_]+) ", judged, re.MULTILINE)
    print(f"\n{status and status[1]} points of 5; {rules}", end="")
    assert status is not None
    assert float(status[1]) <= MOST, rules
    # «ê» with a tone is no plain e, as in any Vietnamese mail of some length; nothing else is held.
    assert {rule for score, rule in rules if float(score) > 0} <= {"MIXED_ES"}
