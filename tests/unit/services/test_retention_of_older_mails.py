"""Words go from mails that were frozen before there were records of what each quotes."""

from datetime import datetime

import pytest
from erasing import WORDING, is_kept
from fakes.memory_eraser import MemoryEraser
from homthu.domain.reports.quotations import QUOTATIONS
from homthu.ports import StoreUnavailable
from homthu.services.retain import Retained, retain_all
from report_harness import W47, W49, ReportHarness, monday

WORDS = "Quầy số ba hỏng máy lấy số đã hai tuần mà không ai sửa"
NEWER = "Xin đặt thêm ghế chờ ở hành lang tầng hai"
#: Two years after the end of W47, and not yet after that of W49.
THEN = datetime.fromisoformat("2028-12-01T02:00:00+07:00")


@pytest.fixture
def harness() -> ReportHarness:
    """Two closed weeks with words, whose mails have no record of what they quote."""
    made = ReportHarness()
    for week, words in ((W47, WORDS), (W49, NEWER)):
        made.receive(week.begins_at, text=words)
        made.receive(week.begins_at, 11)
        made.report(monday(week))
    for name in [name for name in made.store.contents if name.endswith(QUOTATIONS)]:
        del made.store.contents[name]
    made.now = THEN
    return made


def run(harness: ReportHarness, eraser: MemoryEraser) -> list[Retained]:
    return retain_all(
        harness.context,
        eraser,
        [harness.box],
        wording=WORDING,
        forget_mails=lambda ward, week: 0,
        owner="keeper",
    )


def test_the_words_are_looked_for_in_the_mails_themselves(harness: ReportHarness) -> None:
    assert is_kept(harness.store, WORDS)
    (done,) = run(harness, MemoryEraser(harness.store))
    assert (done.words, done.problem) == (1, "")
    assert done.mails > 0
    assert not is_kept(harness.store, WORDS)
    assert is_kept(harness.store, NEWER)


def test_a_store_that_could_not_be_wiped_is_told_though_every_ward_is_done(harness: ReportHarness) -> None:
    class Full(MemoryEraser):
        def wipe(self) -> None:
            raise StoreUnavailable("full")

    ward, whole = run(harness, Full(harness.store))
    assert (ward.problem, whole.ward, whole.problem) == ("", "", "store_full")
