"""Three years of a ward by a turned clock: what is kept long enough is announced, and goes on its day.

The box of the examples keeps words, answers and quotations for 24 months after their week. The first week
ends on 10 January 2027; the job comes on the first of each month.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from box_editing import ONE_READER, one_reader
from commands.backup import check
from every_byte import every_byte, inside
from homthu.adapters.sqlite.backup import SqliteBackup
from homthu.domain.boxes.retention import first_kept
from homthu.domain.week import Week
from homthu.services.backup import back_up
from homthu.services.verify import verify_reports
from local import backup_file
from turned_box import Member, TurnedBox

pytestmark = pytest.mark.long

WARD, FIRST = "07207", Week(2027, 1)
TOLD, WAITS, NEWER = "Máy lấy số kẹt giấy suốt sáng thứ Ba", "Mái che nhà xe dột nước", "Cầu thang trơn trượt"
JUDGED = "Mới chỉ sửa một nửa cái máy"
ERASED = "Đã xóa khi hết thời hạn lưu"


@pytest.fixture
def box(tmp_path: Path) -> Iterator[TurnedBox]:
    made = TurnedBox(tmp_path, "2027-01-05 10:00", jobs=("report", "retention"), change=one_reader)
    yield made
    made.close()


def left_of(box: TurnedBox, texts: Iterable[str]) -> set[str]:
    """Which of these words stand in any byte of the folder (the file, its log, the outbox) or of a record."""
    found, wanted = set(), set(texts)
    for content in every_byte(box.data, SqliteBackup(box.data / "hom-thu.db")):
        said = re.sub(r"<[^<>]*>|\s+", " ", content.decode("utf-8", "replace"))
        found |= {text for text in wanted if text in re.sub(r"\s+", " ", said)}
    return found


def quoting(box: TurnedBox, text: str) -> list[Path]:
    """The mails of the outbox that quote these words."""
    mails = (box.data / "outbox").glob("*.eml")
    return [
        mail
        for mail in mails
        if any(
            text in re.sub(r"\s+", " ", one.decode("utf-8", "replace")) for one in inside(mail.read_bytes())
        )
    ]


def back_it_up(box: TurnedBox, path: Path) -> None:
    with closing(SqliteBackup(box.data / "hom-thu.db")) as store, backup_file.new_backup_file(path) as write:
        back_up(store, box.now, write)


def test_three_years_of_a_ward(box: TurnedBox, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    office, parts = Member(box, ONE_READER), box.parts["report"]
    told, waits = box.write(TOLD), box.write(WAITS, "nq-nvh1")
    for _ in range(10):
        box.write("")
    box.turn("2027-01-11 10:00")
    for text in (TOLD, WAITS):
        office.do(text, "open")
    office.do(TOLD, "answer", tom_tat="Máy ở sảnh", tra_loi="Đã thay bộ nạp.", loai="done")
    office.do(WAITS, "assign", don_vi_khac="Tổ nhà xe", han="2027-02-01")
    found = box.post("/tra-cuu", ma=told).text
    permit = re.search(r'name="phieu" value="([^"]+)"', found)
    assert permit
    judged = box.post("/tra-cuu/danh-gia", phieu=permit.group(1), danh_gia="partly", gop_y=JUDGED)
    assert judged.status_code == 200
    assert left_of(box, (TOLD, WAITS, JUDGED)) == {TOLD, WAITS, JUDGED}
    back_it_up(box, tmp_path / "a.gz")
    tally = [one.tally for one in parts.ledger.reports(WARD, FIRST) if one.week == FIRST]

    # Not yet on the first of January 2029: the week is not two years over. The Mondays of that month say it.
    box.turn("2028-12-26 10:00")
    box.write(NEWER)
    box.turn("2029-01-29 10:00")
    going = "Ngày 01/02/2029 xóa lời góp ý của các phiếu tuần 04/01–31/01/2027"
    days = ("2028-12-25", "2029-01-01", "2029-01-29")
    assert [going in office.monday(day) for day in days] == [False, True, True]
    assert left_of(box, (TOLD, WAITS, JUDGED)) == {TOLD, WAITS, JUDGED}
    assert "giữ 24 tháng" in box.get("/luu-gi").text

    # Gone on the first of February, but for the words of what is in hand still, and for what the report of
    # all 2027 quotes, whose own two years have not passed.
    box.turn("2029-02-01 10:00")
    assert left_of(box, (JUDGED, NEWER)) == {NEWER}
    assert {mail.name.split(".")[2] for mail in quoting(box, TOLD)} == {"year"}
    forms = list(parts.archive.in_week(WARD, FIRST))
    assert len(forms) == 12
    assert sorted(one.erased_on == date(2029, 2, 1) for one in forms) == [False, *[True] * 11]
    assert {one.submission.text for one in forms} == {"", WAITS}
    assert [one.tally for one in parts.ledger.reports(WARD, FIRST) if one.week == FIRST] == tally
    looked_up = box.post("/tra-cuu", ma=told).text
    assert ERASED in looked_up
    assert "nằm trong 12 phiếu đã đếm" in looked_up
    assert not list((box.data / "outbox").glob(f"{WARD}.2027-W01*"))
    verdict = verify_reports(parts.ledger, parts.archive, WARD, quoting_since=first_kept(box.today, 24))
    assert verdict.fault == ""
    back_it_up(box, tmp_path / "b.gz")
    assert check([tmp_path / "a.gz", tmp_path / "b.gz"], parts.boxes.by_ward.values(), box.today) is False
    old, new = capsys.readouterr().out.splitlines()[-2:]
    assert "lời góp ý" in old
    assert new.startswith("✓")

    # What waited goes with the first job after it was done.
    box.turn("2029-05-14 10:00")
    office.do(WAITS, "close", ly_do="Đã lợp lại")
    box.turn("2029-05-31 23:00")
    assert WAITS in {one.submission.text for one in parts.archive.in_week(WARD, FIRST)}
    box.turn("2029-06-01 10:00")
    assert {one.submission.text for one in parts.archive.in_week(WARD, FIRST)} == {""}
    assert ERASED in box.post("/tra-cuu", ma=waits).text

    # The year's report is the last to quote the others, until the first of February 2030. What waited was in
    # the mail of every Monday until it was done, each of which keeps it for its own two years.
    box.turn("2030-02-01 10:00")
    assert left_of(box, (TOLD, JUDGED, NEWER)) == {NEWER}
