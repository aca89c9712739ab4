"""Erasing: what counts on, what is never told anew, and what a crash or a report in between leaves."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import pytest
from builders import SIGNS
from erasing import WORDING, erasure, is_kept, reference
from fakes.memory_eraser import MemoryEraser
from homthu.domain.boxes.retention import Retention
from homthu.domain.cases.case import ActionKind, Case, CaseAction, CaseEvent
from homthu.domain.reports.ledger import newest_counts
from homthu.domain.reports.quotations import quotations_name
from homthu.ports import StoreUnavailable
from homthu.render.report.anchor import plain_text
from homthu.services.cases import open_case
from homthu.services.chain import chain_digest
from homthu.services.claim import WardBusy, claim_ward
from homthu.services.correct import NothingToCorrect, correct_week
from homthu.services.erase import Erasure, NoSuchReference, erase
from homthu.services.frozen_content import is_mail
from homthu.services.published import published_results
from homthu.services.retain import retain_all
from homthu.services.verify import verify_reports
from report_harness import W47, W48, ReportHarness, monday

WORDS = "Quầy số ba hỏng máy lấy số đã hai tuần mà không ai sửa"


def erased(
    harness: ReportHarness,
    typed: str,
    eraser: object = None,
    outbox: Callable[..., int] = lambda ward, change: 0,
) -> Erasure:
    return erase(
        erasure(
            harness.store,
            lambda: harness.now,
            eraser=eraser or MemoryEraser(harness.store),
            change_outbox=outbox,
        ),
        typed,
    )


@pytest.fixture
def harness() -> ReportHarness:
    """One closed week with words in it, and a dozen forms without."""
    made = ReportHarness()
    made.receive(W47.begins_at, text=WORDS)
    made.receive(W47.begins_at, 12)
    made.report(monday(W47))
    return made


def id_in(harness: ReportHarness) -> str:
    return next(one.id for one in harness.store.everything(harness.ward) if one.submission.text == WORDS)


def test_the_frozen_mail_loses_the_words_and_the_chain_says_when(harness: ReportHarness) -> None:
    assert is_kept(harness.store, WORDS)
    done = erased(harness, reference(1))
    assert [report.number for report in done.reports] == [1]
    assert not is_kept(harness.store, WORDS)
    verdict = verify_reports(harness.store, harness.store, harness.ward)
    assert (verdict.fault, verdict.holds) == ("", 1)
    assert verdict.erased == ((f"1/2026 ({W47} week)", (done.on,)),)


def test_a_form_of_an_open_week_counts_as_received_and_brings_no_answer() -> None:
    harness = ReportHarness()
    harness.receive(W47.begins_at, text=WORDS)
    erased(harness, reference(1))
    harness.report(monday(W47))
    (report,) = harness.store.reports(harness.ward, W47)
    assert report.tally.total == 1
    assert not [fact for fact in report.tally.counts if fact[0] in ("text", "series_answer", "joint")]
    assert not is_kept(harness.store, WORDS)


def test_a_recount_agrees_and_a_later_correction_keeps_what_was_counted(harness: ReportHarness) -> None:
    before = newest_counts(harness.store.reports(harness.ward, W47))[W47].tally
    erased(harness, reference(1))
    with pytest.raises(NothingToCorrect):
        correct_week(harness.context, harness.box, W47, reason="x", owner="a")
    # One more form of that week, such as a restore may bring.
    harness.receive(W47.begins_at + timedelta(days=1), text="Thêm ghế ngồi")
    list(harness.store.assign_week(harness.ward, W47))
    after = correct_week(harness.context, harness.box, W47, reason="x", owner="a").tally
    lost = {fact for fact, count in before.counts.items() if after.count(*fact) < count}
    assert {fact for fact in lost if fact[0] not in ("released", "closed")} == set()
    assert after.total == before.total + 1
    # The new form may hide behind the erased one, never the other way round.
    assert after.count("text") in (1, 2)


def test_more_missing_than_was_erased_is_a_difference(harness: ReportHarness) -> None:
    erased(harness, reference(1))
    others = [one.id for one in harness.store.everything(harness.ward) if not one.erased_on][:2]
    for id in others:
        MemoryEraser(harness.store).blank(id, harness.now.date())
        harness.store.rows[id] = _without_mark(harness.store.rows[id])
    correct_week(harness.context, harness.box, W47, reason="x", owner="a")


def _without_mark(row: object) -> object:
    from dataclasses import replace

    return replace(row, erased_on=None)  # type: ignore[type-var]


def test_the_case_is_closed_without_words_and_leaves_the_board(harness: ReportHarness) -> None:
    day = harness.now.date()
    steps = (
        CaseEvent(action=CaseAction(kind=ActionKind.OPEN), who="A", on=day, idempotency_key="1"),
        CaseEvent(
            action=CaseAction(kind=ActionKind.ANSWER, subject="Máy hỏng", text="Đã sửa"),
            who="A",
            on=day,
            idempotency_key="2",
        ),
    )
    about = {"id": id_in(harness), "ward": harness.ward, "place": "tt01", "service": "x", "week": W47}
    harness.store.create_case(Case(**about, is_petition=False, history=steps))

    def shown() -> int:
        return len(
            published_results(harness.store, harness.store, ward=harness.ward, now=harness.now).answers
        )

    assert shown() == 1
    assert erased(harness, reference(1)).had_case
    case = harness.store.case(id_in_case(harness))
    assert case is not None
    assert [step.action.kind for step in case.history] == [
        ActionKind.OPEN,
        ActionKind.ANSWER,
        ActionKind.CLOSE,
    ]
    assert {step.action.subject + step.action.text for step in case.history} == {"", "Đã xóa theo yêu cầu"}
    assert case.possible == frozenset()
    assert shown() == 0
    harness.receive(W48.begins_at)
    assert harness.report(monday(W48)).is_done


def id_in_case(harness: ReportHarness) -> str:
    (case,) = harness.store.cases_changed_since(harness.ward, date.min)
    return case.id


@pytest.mark.parametrize("step", ["replace_contents", "blank", "wipe"])
@pytest.mark.parametrize("is_done", [False, True])
def test_broken_off_anywhere_it_goes_on_when_it_is_called_again(
    harness: ReportHarness, step: str, is_done: bool
) -> None:
    class Failing:
        def __getattr__(self, name: str) -> object:
            real = getattr(MemoryEraser(harness.store), name)
            if name != step:
                return real

            def fail(*arguments: object, **options: object) -> None:
                if is_done:
                    real(*arguments, **options)
                raise StoreUnavailable("cut")

            return fail

    with pytest.raises(StoreUnavailable):
        erased(harness, reference(1), Failing())
    erased(harness, reference(1))
    assert not is_kept(harness.store, WORDS)
    assert not [one for one in harness.store.everything(harness.ward) if one.submission.text]
    assert verify_reports(harness.store, harness.store, harness.ward).fault == ""


def test_it_waits_for_a_report_that_is_being_made(harness: ReportHarness) -> None:
    claim = claim_ward(harness.store, lambda: harness.now, ward=harness.ward, owner="report")
    with pytest.raises(WardBusy):
        erased(harness, reference(1))
    assert id_in(harness)
    claim.release()
    erased(harness, reference(1))


def test_a_content_that_a_crash_left_without_a_report_is_searched_too(harness: ReportHarness) -> None:
    harness.store.save_content(f"{harness.ward}.{W48}.stray", f"Subject: x\r\n\r\n{WORDS}".encode())
    erased(harness, reference(1))
    assert not is_kept(harness.store, WORDS)


def frozen_before_quotations(harness: ReportHarness) -> None:
    """The report as an earlier version froze it: its digest covers every byte of the mail."""
    ((key, report),) = harness.store.frozen.items()
    plain = harness.store.contents.pop(report.content).replace(b"base64", b"8bit")
    del harness.store.contents[quotations_name(report.content)]
    content = plain.partition(b"\r\n\r\n")[0] + f"\r\n\r\nhỏng\r\n{WORDS}\r\n".encode()
    harness.store.save_content(report.content, content)
    digest = chain_digest(report, [sha256(content).hexdigest()])
    harness.store.frozen[key] = replace(report, digest=digest)
    head = harness.store.head(harness.ward)
    assert head is not None
    harness.store.replace_head(head, replace(head, last_digest=digest))


def test_a_mail_that_was_frozen_before_quotations_were_committed_to_loses_the_words_too(
    harness: ReportHarness,
) -> None:
    frozen_before_quotations(harness)
    assert verify_reports(harness.store, harness.store, harness.ward).fault == ""
    erased(harness, reference(1))
    verdict = verify_reports(harness.store, harness.store, harness.ward)
    assert (verdict.fault, len(verdict.erased)) == ("", 1)
    assert not any(WORDS in plain_text(content) for content in harness.store.contents.values())
    name = next(name for name in harness.store.contents if is_mail(name))
    harness.store.contents[name] += b" "
    assert verify_reports(harness.store, harness.store, harness.ward).fault == "changed"


def test_what_leads_nowhere_is_said_and_a_second_time_changes_nothing(harness: ReportHarness) -> None:
    for typed in ("", "xyz", reference(99)):
        with pytest.raises(NoSuchReference):
            erased(harness, typed)
    first = erased(harness, reference(1))
    contents, rows = dict(harness.store.contents), dict(harness.store.rows)
    harness.now += timedelta(days=3)
    second = erased(harness, reference(1))
    assert (second.was_erased, second.on) == (True, first.on)
    assert (harness.store.contents, harness.store.rows) == (contents, rows)


def retained(harness: ReportHarness, on: str, **months: int) -> None:
    """The monthly run of this day, by such a box file."""
    harness.box = replace(harness.box, retention=Retention(**months))
    harness.now = datetime.fromisoformat(f"{on}T02:00:00+07:00").astimezone(UTC)
    (done,) = retain_all(
        harness.context,
        MemoryEraser(harness.store),
        [harness.box],
        wording=WORDING,
        forget_mails=lambda ward, week: 0,
        owner="keeper",
    )
    assert done.problem == ""


def words_in_mails(harness: ReportHarness) -> bool:
    return any(WORDS in plain_text(one) for name, one in harness.store.contents.items() if is_mail(name))


@pytest.mark.parametrize("months", [{"answers": 12}, {"words": 12, "quotations": 60}])
def test_what_was_past_its_time_in_part_is_erased_whole(
    harness: ReportHarness, months: dict[str, int]
) -> None:
    retained(harness, "2027-12-01", **months)
    assert words_in_mails(harness)
    assert not erased(harness, reference(1)).was_erased
    assert not words_in_mails(harness)
    assert not [one for one in harness.store.everything(harness.ward) if one.submission.text]
    verdict = verify_reports(harness.store, harness.store, harness.ward)
    assert (verdict.fault, len(verdict.erased)) == ("", 1)
    assert erased(harness, reference(1)).was_erased


def test_a_case_that_outlived_the_words_is_erased_on_request(harness: ReportHarness) -> None:
    id, on = id_in(harness), date(2026, 11, 25)
    steps = tuple(
        CaseEvent(action=CaseAction(kind=kind, **what), who="A", on=on, idempotency_key=kind)
        for kind, what in ((ActionKind.OPEN, {}), (ActionKind.ANSWER, {"subject": "Máy", "text": "Đã sửa"}))
    )
    about = {"id": id, "ward": harness.ward, "place": "tt01", "service": "", "week": W47}
    harness.store.create_case(Case(**about, is_petition=False, history=steps))
    retained(harness, "2028-12-01")
    assert not harness.store.case(id).is_erased
    assert erased(harness, reference(1)).had_case
    assert harness.store.case(id).is_erased


def test_what_was_withdrawn_has_no_mails_looked_through_however_often_it_is_asked(
    harness: ReportHarness,
) -> None:
    erased(harness, reference(1))
    harness.store.content = None  # type: ignore[method-assign, assignment]
    assert erased(harness, reference(1)).was_erased


def test_a_case_that_a_member_opens_meanwhile_is_erased_too(harness: ReportHarness) -> None:
    id, store = id_in(harness), harness.store

    def opened(key: str) -> None:
        on = harness.now.date()
        open_case(store, store, SIGNS, ward=harness.ward, id=id, who="A", on=on, idempotency_key=key)

    class Overtaken(MemoryEraser):
        def blank(self, id: str, on: date, **what: bool) -> None:
            opened("just now")
            super().blank(id, on, **what)

    assert erased(harness, reference(1), Overtaken(store)).had_case
    assert store.case(id).is_erased
    assert not list(store.open_cases(harness.ward))
    # Read before, and stored after all was done: the next call finds it.
    del store.opened_cases[id]
    store.create_case(store_case(harness, id))
    assert not erased(harness, reference(1)).was_erased
    assert store.case(id).is_erased


def store_case(harness: ReportHarness, id: str) -> Case:
    first = CaseEvent(
        action=CaseAction(kind=ActionKind.OPEN), who="A", on=harness.now.date(), idempotency_key="late"
    )
    about = {"id": id, "ward": harness.ward, "place": "tt01", "service": "", "week": W47}
    return Case(**about, is_petition=False, history=(first,))
