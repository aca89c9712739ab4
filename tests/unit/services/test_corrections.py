"""Corrections of a frozen report, and the chain that shows that nothing frozen was changed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import week_of_submissions
from erasing import erasure, reference
from homthu.adapters.web_files import load_texts
from homthu.domain.cases.verdict import Verdict as GivenVerdict
from homthu.domain.cases.verdict import VerdictKind
from homthu.domain.releases.history import History
from homthu.domain.releases.series import VERDICT, WARD
from homthu.domain.reports.alarm import Alarm
from homthu.domain.reports.edition import WEEKLY, Edition, EditionKind, NotAnEdition
from homthu.domain.reports.judged import only_verdicts
from homthu.domain.reports.ledger import FrozenReport
from homthu.domain.reports.tally import Tally
from homthu.domain.reports.weekly_report import Correction
from homthu.ports import StoreUnavailable
from homthu.render.letter.draft import letter_of
from homthu.render.report.headline import headline, subject
from homthu.render.report.names import Names
from homthu.services.correct import NothingToCorrect, correct_week
from homthu.services.deliver import deliver
from homthu.services.erase import erase
from homthu.services.verify import Verdict, verify_reports
from homthu.services.watch import watch
from report_builders import report
from report_harness import SENDER, W47, W48, W49, ReportHarness, monday

FIRST = Edition(EditionKind.CORRECTION, "1")


@pytest.fixture
def harness() -> ReportHarness:
    """Two weeks reported, then one more submission assigned to the first by hand."""
    made = ReportHarness()
    made.receive(W47.begins_at, 3)
    made.report(monday(W47))
    made.receive(W48.begins_at, 2)
    made.report(monday(W48))
    return made


def add_one(harness: ReportHarness) -> None:
    """What a restored backup or a mended import does to a closed week."""
    harness.receive(W47.begins_at)
    list(harness.store.assign_week(harness.ward, W47))
    harness.now = monday(W48) + timedelta(hours=3)


def correct(harness: ReportHarness, reason: str = "Bổ sung phiếu giấy") -> FrozenReport:
    return correct_week(harness.context, harness.box, W47, reason=reason, owner="worker")


def test_a_correction_is_a_new_numbered_report_and_leaves_the_old_one_as_it_was(
    harness: ReportHarness,
) -> None:
    old = harness.store.report(harness.ward, W47)
    add_one(harness)
    new = correct(harness)
    assert (new.week, new.edition, new.number, new.tally.total) == (W47, FIRST, 3, 4)
    assert new.previous_digest == harness.store.report(harness.ward, W48).digest
    assert harness.store.report(harness.ward, W47) == old
    assert harness.store.report(harness.ward, W47, FIRST) == new


def test_a_correction_goes_to_every_recipient_once(harness: ReportHarness) -> None:
    add_one(harness)
    correct(harness)
    before = len(harness.mailer.sent)
    for _ in range(3):
        deliver(harness.store, harness.mailer, lambda: harness.now, harness.box, sender=SENDER)
    assert len(harness.mailer.sent) - before == len(harness.box.recipients)
    assert b"no 3" in harness.mailer.sent[-1].message


def test_after_a_correction_the_next_weeks_cumulate_by_it_and_are_numbered_on(harness: ReportHarness) -> None:
    add_one(harness)
    correct(harness)
    harness.receive(W49.begins_at)
    (closed,) = harness.report(monday(W49)).closed
    assert closed.number == 4
    assert "year 7" in harness.mailer.sent[-1].message.decode()
    assert verify_reports(harness.store, harness.store, harness.ward) == Verdict(ward=harness.ward, holds=4)


def test_what_counts_as_reported_is_not_corrected(harness: ReportHarness) -> None:
    with pytest.raises(NothingToCorrect):
        correct(harness)
    with pytest.raises(NothingToCorrect):
        correct_week(harness.context, harness.box, W49, reason="x", owner="w")
    assert harness.store.head(harness.ward).owner == "", "the ward is free again"


def test_what_a_newer_version_counts_besides_corrects_nothing(harness: ReportHarness) -> None:
    report = harness.store.report(harness.ward, W47)
    older = {fact: count for fact, count in report.tally.counts.items() if fact[0] != "mode_answer"}
    harness.store.frozen[harness.ward, W47, WEEKLY] = replace(report, tally=Tally(older))
    with pytest.raises(NothingToCorrect):
        correct(harness)


def test_watch_is_silent_again_once_the_difference_has_been_corrected(harness: ReportHarness) -> None:
    harness.receive(W48.begins_at)
    list(harness.store.assign_week(harness.ward, W48))
    harness.now = monday(W48) + timedelta(hours=2)

    def look() -> list[Alarm]:
        return watch(harness.store, harness.store, harness.store, lambda: harness.now, harness.box)

    assert [alarm.kind for alarm in look()] == ["count_differs"]
    correct_week(harness.context, harness.box, W48, reason="Nhập bù", owner="worker")
    harness.report(harness.now)
    assert look() == []


def test_a_second_correction_counts_on(harness: ReportHarness) -> None:
    for _ in range(2):
        add_one(harness)
        correct(harness)
    editions = [str(one.edition) for one in harness.store.reports(harness.ward, W47) if one.week == W47]
    assert editions == ["week", "correction.1", "correction.2"]


@pytest.mark.parametrize("step", ["save_content", "freeze", "owe", "replace_head"])
@pytest.mark.parametrize("is_done", [False, True])
def test_a_correction_that_breaks_off_anywhere_leaves_a_chain_without_a_fork(
    harness: ReportHarness, step: str, is_done: bool
) -> None:
    add_one(harness)

    class Failing:
        """The ledger, failing once at one step, before it or after it was done."""

        calls = 0

        def __getattr__(self, name: str) -> object:
            real = getattr(harness.store, name)
            if name != step:
                return real

            def fail(*arguments: object) -> object:
                Failing.calls += 1
                # The first replaced head is the claim; the second names what is being frozen.
                if Failing.calls != (3 if step == "replace_head" else 1):
                    return real(*arguments)
                if is_done:
                    real(*arguments)
                raise StoreUnavailable("cut")

            return fail

    context = replace(harness.context, ledger=Failing())
    with pytest.raises(StoreUnavailable):
        correct_week(context, harness.box, W47, reason="x", owner="a")
    harness.receive(W49.begins_at)
    assert harness.report(monday(W49) + timedelta(hours=1)).is_done
    verdict = verify_reports(harness.store, harness.store, harness.ward)
    assert verdict.fault == ""
    if verdict.holds == 3:
        correct(harness)
    assert verify_reports(harness.store, harness.store, harness.ward) == Verdict(ward=harness.ward, holds=4)


def test_an_intact_chain_holds_and_an_unused_ward_too(harness: ReportHarness) -> None:
    assert verify_reports(harness.store, harness.store, harness.ward) == Verdict(ward=harness.ward, holds=2)
    assert verify_reports(harness.store, harness.store, "99999") == Verdict(ward="99999", holds=0)


def test_every_kind_of_tampering_is_named_at_its_first_link(harness: ReportHarness) -> None:
    harness.receive(W49.begins_at)
    harness.report(monday(W49))
    first, second, third = harness.store.reports(harness.ward, W47)

    def verdict_with(changed: dict[object, FrozenReport | None], **parts: object) -> Verdict:
        class Tampered:
            """The ledger after somebody edited it."""

            def __getattr__(self, name: str) -> object:
                return parts.get(name) or getattr(harness.store, name)

            def reports(self, ward: str, since: object) -> list[FrozenReport]:
                found = [changed.get(one.week, one) for one in (first, second, third)]
                return [one for one in found if one]

        return verify_reports(Tampered(), harness.store, harness.ward)

    def lost(name: str) -> bytes:
        raise LookupError(name)

    at_two = f"2/2026 ({W48} week)"
    assert verdict_with({W48: replace(second, number=7)}).fault in ("number_out_of_order", "link_missing")
    edited = replace(second, recipients=("x@example.org",))
    assert verdict_with({W48: edited}) == Verdict(ward=harness.ward, holds=1, fault="changed", at=at_two)
    forged = replace(edited, digest="0" * 64)
    assert verdict_with({W48: forged}).at == at_two
    at_three = f"3/2026 ({W49} week)"
    assert verdict_with({W48: None}) == Verdict(ward=harness.ward, holds=1, fault="link_missing", at=at_three)
    assert verdict_with({W49: None}) == Verdict(ward=harness.ward, holds=2, fault="end_missing", at="3/2026")
    assert verdict_with({}, content=lost).fault == "content_missing"
    assert verdict_with({}, content=lambda name: b"other").fault == "changed"


def test_a_correction_says_what_it_replaces_and_why() -> None:
    correction = Correction(number=11, year=2026, reason="Bổ sung 4 phiếu giấy")
    made = report(list(week_of_submissions(40)), correction=correction)
    texts = load_texts("vi")
    assert "Đính chính tuần 48: " in subject(made, texts)
    words = "báo cáo số 12, thay cho báo cáo số 11 năm 2026 (lý do: Bổ sung 4 phiếu giấy)"
    assert any(words in line.text for line in headline(made, Names(report=made, texts=texts)))
    said = "(Đính chính, thay cho báo cáo số 11 năm 2026; lý do: Bổ sung 4 phiếu giấy)"
    assert said in str(letter_of(made, texts))


def test_an_edition_is_read_back_as_it_was_written() -> None:
    for edition in (
        WEEKLY,
        FIRST,
        Edition(EditionKind.ROUND, "2026-dot-4"),
        Edition(EditionKind.YEAR, "2026"),
    ):
        assert Edition.parse(str(edition)) == edition
    with pytest.raises(NotAnEdition):
        Edition.parse("khac.1")


def judge(harness: ReportHarness, settled: int, not_settled: int) -> None:
    kinds = [VerdictKind.SETTLED] * settled + [VerdictKind.NOT_SETTLED] * not_settled
    for number, kind in enumerate(kinds):
        harness.store.create_verdict(
            GivenVerdict(id=f"v{number}", ward=harness.ward, case="c", kind=kind, on=W47.monday)
        )


def erase_one(harness: ReportHarness, number: int) -> None:
    erase(erasure(harness.store, lambda: harness.now), reference(number))


@pytest.mark.parametrize("erased", [0, 1])
def test_verdicts_give_a_week_nothing_to_correct(erased: int) -> None:
    harness = ReportHarness()
    harness.receive(W47.begins_at, text="Quầy số ba hỏng máy lấy số")
    harness.receive(W47.begins_at, 12)
    judge(harness, 0, 1)
    harness.report(monday(W47))
    for number in range(1, erased + 1):
        erase_one(harness, number)
    with pytest.raises(NothingToCorrect):
        correct(harness)


@pytest.mark.parametrize("erased", [0, 5])
def test_a_correction_tells_no_verdict_anew(erased: int) -> None:
    harness = ReportHarness()
    harness.receive(W47.begins_at, 5, text="Quầy số ba hỏng máy lấy số")
    harness.receive(W47.begins_at, 12)
    judge(harness, 3, 2)
    harness.report(monday(W47))
    for number in range(1, erased + 1):
        erase_one(harness, number)
    before = only_verdicts(harness.store.report(harness.ward, W47).tally)
    add_one(harness)
    new = correct(harness)
    assert before.counts
    assert only_verdicts(new.tally) == before
    harness.report(monday(W48))
    releases = History.of(harness.store.reports(harness.ward, W47)).releases()
    assert releases.of_year(2026, WARD, VERDICT) is None, "five people's verdicts are told of none"
