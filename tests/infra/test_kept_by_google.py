"""What citizens are told that Google keeps, held against what the database is set to."""

import re
from pathlib import Path

import pytest
from homthu.adapters.web_files import load_texts

DATABASE = (Path(__file__).parents[2] / "infra" / "firestore.tf").read_text("utf-8")
#: What Firestore keeps of a database with point-in-time recovery; nothing sets it otherwise.
RECOVERY_DAYS = 7


@pytest.mark.parametrize(("language", "day"), [("vi", "ngày"), ("en", "days")])
def test_citizens_are_told_for_how_many_days_google_keeps_what_was_erased(language: str, day: str) -> None:
    assert '"POINT_IN_TIME_RECOVERY_ENABLED"' in DATABASE
    (backup_days,) = re.findall(r'retention = "\$\{(\d+) \* local\.day_seconds\}s"', DATABASE)
    said = load_texts(language)
    assert re.findall(rf"(\d+)[ -]{day[:3]}", said("page.stored.kept_cloud")) == [
        str(RECOVERY_DAYS),
        backup_days,
    ]
    assert re.findall(rf"(\d+)[ -]{day[:3]}", said("board.withdraw.elsewhere")) == [backup_days]
