"""Kept no longer than needed: what goes on the first of a month, what stays, and what is said before."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from fakes.memory_eraser import MemoryEraser
from fakes.memory_store import MemoryStore
from homthu.adapters.web_files import load_texts
from homthu.domain.boxes.retention import Retention, first_kept, months_before, next_run
from homthu.domain.cases.case import ActionKind, AnswerKind, Case, CaseAction, CaseEvent
from homthu.domain.cases.matter import Actor
from homthu.domain.cases.review import Decision, Review, ReviewEvent, ReviewKind
from homthu.domain.cases.verdict import Verdict, VerdictKind
from homthu.domain.rekeying.typed import Mark, Tick, TypedWeek
from homthu.domain.reports.expiring import Expiring
from homthu.domain.week import Week
from homthu.ports import StoreUnavailable
from homthu.render.report.anchor import plain_text
from homthu.render.report.headline import notes
from homthu.services.claim import claim_ward
from homthu.services.erase_records import Wording, erase_case
from homthu.services.expiring import expiring
from homthu.services.frozen_content import is_mail
from homthu.services.retain import Retained, retain_all
from homthu.services.verify import verify_reports
from report_builders import report as a_report
from report_harness import W47, W48, W49, ReportHarness, monday

WORDS = "Quầy số ba hỏng máy lấy số đã hai tuần mà không ai sửa"
NEWER = "Xin đặt thêm ghế chờ ở hành lang tầng hai"
GONE = Wording(notice="[hết hạn]", step="Đã hết thời hạn lưu", who="Hệ thống")


def first_of(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T02:00:00+07:00").astimezone(UTC)


#: Two years after the end of W47, and not yet after that of W48.
THEN = first_of("2028-12-01")


@pytest.fixture
def harness() -> ReportHarness:
    """Two closed weeks with words, each among a dozen forms; the older one's two years are over."""
    made = ReportHarness()
    made.receive(W47.begins_at, text=WORDS)
    made.receive(W47.begins_at, 11)
    made.report(monday(W47))
    made.receive(W49.begins_at, text=NEWER)
    made.report(monday(W49))
    made.now = THEN
    return made


class WatchedCases:
    """The cases of a store, which remembers those that were read by their ids."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self.read: list[str] = []

    def case(self, id: str) -> Case | None:
        self.read.append(id)
        return self._store.case(id)

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)


def run(harness: ReportHarness, cases: WatchedCases | None = None, **changes: object) -> Retained:
    context = replace(harness.context, cases=cases) if cases else harness.context
    options = {"wording": GONE, "forget_mails": lambda ward, week: 0, "owner": "keeper"} | changes
    (outcome,) = retain_all(context, MemoryEraser(harness.store), [harness.box], **options)  # type: ignore[arg-type]
    return outcome


def id_of(harness: ReportHarness, words: str) -> str:
    return next(one.id for one in harness.store.everything(harness.ward) if one.submission.text == words)


def everything_stored(harness: ReportHarness) -> bytes:
    return mails(harness).encode() + repr(harness.store.rows).encode()


def mails(harness: ReportHarness) -> str:
    """All that the frozen mails say."""
    return "".join(plain_text(content) for name, content in harness.store.contents.items() if is_mail(name))


def a_case(harness: ReportHarness, *kinds: ActionKind, on: date) -> Case:
    steps = tuple(
        CaseEvent(action=CaseAction(kind=kind, text="Đã sửa máy"), who="Chị A", on=on, idempotency_key=kind)
        for kind in kinds
    )
    about = {"id": id_of(harness, WORDS), "ward": harness.ward, "place": "tt01", "service": "x", "week": W47}
    return harness.store.create_case(Case(**about, is_petition=False, history=steps))


def test_words_answers_and_quotations_of_old_weeks_go_and_what_was_told_stays(harness: ReportHarness) -> None:
    tallies = [one.tally for one in harness.store.reports(harness.ward, W47)]
    done = run(harness)
    assert (done.words, done.answers, done.mails, done.problem) == (1, 12, 1, "")
    kept = everything_stored(harness)
    assert WORDS.encode() not in kept
    assert NEWER.encode() in kept, "what is not two years old is read on"
    old = list(harness.store.in_week(harness.ward, W47))
    assert len(old) == 12
    assert {one.erased_on for one in old} == {date(2028, 12, 1)}
    assert not any(one.submission.answers or one.submission.text for one in old)
    assert [one.tally for one in harness.store.reports(harness.ward, W47)] == tallies
    assert mails(harness).count(GONE.notice) == 1


def test_the_chain_holds_and_says_that_quotations_are_past_their_time(harness: ReportHarness) -> None:
    run(harness)
    since = first_kept(THEN.date(), harness.box.retention.quotations)
    verdict = verify_reports(harness.store, harness.store, harness.ward, quoting_since=since)
    assert (verdict.fault, verdict.holds, verdict.expired, verdict.erased) == ("", 3, 1, ())
    # Without the words, a change of anything else is one: nobody hides behind the time that has passed.
    name = next(name for name in harness.store.contents if is_mail(name) and f".{W47}." in name)
    harness.store.contents[name] = harness.store.contents[name].replace(b"no 1", b"no 9")
    verdict = verify_reports(harness.store, harness.store, harness.ward, quoting_since=since)
    assert (verdict.fault, verdict.holds) == ("changed", 0)


def test_a_mail_that_is_not_past_its_time_may_not_have_lost_words(harness: ReportHarness) -> None:
    harness.box = replace(harness.box, retention=Retention(words=120, answers=120))
    assert run(harness).mails == 1
    assert verify_reports(harness.store, harness.store, harness.ward).fault == "changed"


def test_a_second_run_finds_nothing_and_reads_no_mail(harness: ReportHarness) -> None:
    run(harness)
    read: list[str] = []
    content = harness.store.content
    harness.store.content = lambda name: (read.append(name), content(name))[1]  # type: ignore[method-assign]
    done = run(harness)
    assert (done.words, done.answers, done.mails, done.cases, done.names) == (0, 0, 0, 0, 0)
    assert not any(is_mail(name) for name in read)


def test_each_kind_has_its_own_time(harness: ReportHarness) -> None:
    harness.box = replace(harness.box, retention=Retention(words=12, answers=36, quotations=36))
    done = run(harness)
    # Of W49 too, which is more than a year old.
    assert (done.words, done.answers, done.mails) == (2, 0, 0)
    (one, *_) = [one for one in harness.store.in_week(harness.ward, W47) if one.erased_on]
    assert (one.submission.text, bool(one.submission.answers)) == ("", True)
    assert WORDS in mails(harness)
    harness.now = first_of("2029-12-01")
    done = run(harness)
    assert (done.words, done.answers) == (0, 12)
    assert WORDS not in mails(harness)


def test_words_of_a_case_in_hand_wait_until_it_is_closed(harness: ReportHarness) -> None:
    case = a_case(harness, ActionKind.OPEN, on=THEN.date() - timedelta(days=40))
    assert run(harness).words == 0
    end = CaseEvent(
        action=CaseAction(kind=ActionKind.CLOSE, text="x"), who="A", on=THEN.date(), idempotency_key="e"
    )
    harness.store.replace_case(harness.store.case(case.id), harness.store.case(case.id).after(end))
    # By now every other form of its week is empty, where the search for the oldest would end.
    assert run(harness).words == 1
    assert not harness.store.case(case.id).is_erased, "the ward's own file is kept for five years"


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_promise_is_in_hand_until_it_is_said_to_be_done(harness: ReportHarness, is_kept: bool) -> None:
    """Words, answers and the case itself wait for it, also when the promised day is long past."""
    harness.box = replace(harness.box, retention=Retention(words=6, answers=6, cases=6))
    case = a_case(harness, ActionKind.OPEN, on=date(2026, 11, 24))
    answers = [CaseAction(kind=ActionKind.ANSWER, subject="Máy", text="Sẽ thay", due_on=date(2027, 11, 1))]
    answers[0] = replace(answers[0], answer_kind=AnswerKind.PROMISED)
    if is_kept:
        answers.append(replace(answers[0], text="Đã thay", due_on=None, answer_kind=AnswerKind.DONE))
    for number, action in enumerate(answers):
        newest = harness.store.case(case.id)
        step = CaseEvent(action=action, who="A", on=date(2026, 11, 25), idempotency_key=f"a{number}")
        harness.store.replace_case(newest, newest.after(step))
    harness.now = monday(Week(2027, 20))
    assert expiring(harness.context, harness.box).cases == is_kept
    harness.now = first_of("2027-07-01")
    done = run(harness)
    assert (done.words, done.cases) == ((2, 1) if is_kept else (1, 0))
    assert (WORDS in repr(harness.store.rows)) != is_kept
    assert harness.store.case(case.id).is_erased == is_kept


def test_a_case_goes_five_years_after_it_was_answered(harness: ReportHarness) -> None:
    case = a_case(harness, ActionKind.OPEN, ActionKind.ANSWER, on=date(2026, 12, 15))
    harness.now = first_of("2031-12-01")
    assert run(harness).cases == 0
    harness.now = first_of("2032-01-01")
    assert run(harness).cases == 1
    emptied = harness.store.case(case.id)
    assert {step.action.text for step in emptied.history} == {"", GONE.step}
    assert run(harness).cases == 0


@pytest.mark.parametrize("is_broken_off", [False, True])
def test_what_was_joined_goes_with_the_case_that_it_is_dealt_with_in(
    harness: ReportHarness, is_broken_off: bool
) -> None:
    lead = a_case(harness, ActionKind.OPEN, ActionKind.ANSWER, on=date(2026, 12, 15))
    other = next(one.id for one in harness.store.in_week(harness.ward, W47) if one.id != lead.id)
    member = harness.store.create_case(replace(lead, id=other, history=lead.history[:1]))
    joined, gathering = Actor(who="A", on=date(2026, 12, 16), idempotency_key="j").join(member, lead, ())
    harness.store.change_cases([(member, joined), (lead, gathering)])
    harness.now = first_of("2031-12-01")
    assert run(harness).cases == 0
    harness.now = first_of("2032-01-01")
    if is_broken_off:
        # After the first of the two.
        assert erase_case(harness.store, member.id, GONE, harness.now.date())
    assert run(harness).cases == 2 - is_broken_off
    assert all(harness.store.case(id).is_erased for id in (lead.id, member.id))
    assert run(harness).cases == 0


def test_a_run_reads_no_case_that_was_erased(harness: ReportHarness) -> None:
    case = a_case(harness, ActionKind.OPEN, ActionKind.ANSWER, on=date(2026, 12, 15))
    harness.now = first_of("2032-01-01")
    run(harness)
    cases = WatchedCases(harness.store)
    run(harness, cases)
    assert case.id not in cases.read


def test_who_typed_figures_again_is_forgotten_after_a_year_and_what_was_typed_is_not(
    harness: ReportHarness,
) -> None:
    ticks = tuple(
        Tick(row="forms", mark=Mark.TYPED, cells=(("Số phiếu", "12"),), who=who, on=on)
        for who, on in (("Chị A", date(2026, 11, 30)), ("Chị B", date(2028, 11, 20)))
    )
    typed = TypedWeek(ward=harness.ward, target="chung", week=W47, ticks=ticks)
    harness.store.create_typed_week(typed)
    assert run(harness).names == 1
    (kept,) = harness.store.typed_weeks(harness.ward, 2026)
    assert kept == replace(typed, ticks=(replace(ticks[0], who=""), ticks[1]))
    assert run(harness).names == 0


def test_who_decided_about_a_text_is_forgotten_after_a_year(harness: ReportHarness) -> None:
    decided = ReviewEvent(
        decision=Decision(kind=ReviewKind.PASS), who="Chị A", on=date(2028, 1, 10), idempotency_key="1"
    )
    id = id_of(harness, NEWER)
    harness.store.create_review(Review(id=id, ward=harness.ward, week=W49, number=1, history=(decided,)))
    assert run(harness).names == 0, "decided about late, and not a year ago"
    harness.now = first_of("2029-02-01")
    assert run(harness).names == 1
    review = harness.store.review(id)
    assert "Chị A" not in repr(review)
    assert review.history[0].decision.kind is ReviewKind.PASS


def test_what_a_citizen_wrote_of_an_answer_goes_with_its_week(harness: ReportHarness) -> None:
    said = Verdict(
        id="a", ward=harness.ward, case="b", kind=VerdictKind.PARTLY, on=W47.monday, words="Mới xong một nửa"
    )
    harness.store.create_verdict(said)
    run(harness)
    kept = harness.store.verdict("a")
    assert (kept.words, kept.kind) == ("", VerdictKind.PARTLY)


def test_a_run_that_broke_off_is_taken_up(harness: ReportHarness) -> None:
    class Failing(MemoryEraser):
        left = 3

        def blank(self, id: str, on: date, **what: bool) -> None:
            self.left -= 1
            if self.left < 0:
                raise StoreUnavailable("busy")
            super().blank(id, on, **what)

    options = {"wording": GONE, "forget_mails": lambda ward, week: 0, "owner": "keeper"}
    (broken,) = retain_all(harness.context, Failing(harness.store), [harness.box], **options)  # type: ignore[arg-type]
    assert broken.problem == "store_busy"
    assert run(harness).answers == 9
    assert WORDS.encode() not in everything_stored(harness)


def test_it_waits_for_a_report_and_one_wards_trouble_stops_no_other(harness: ReportHarness) -> None:
    claim_ward(harness.store, lambda: harness.now, ward=harness.ward, owner="report")
    other = replace(harness.box, ward=replace(harness.box.ward, code="99999"))
    options = {"wording": GONE, "forget_mails": lambda ward, week: 0, "owner": "keeper"}
    done = retain_all(harness.context, MemoryEraser(harness.store), [harness.box, other], **options)  # type: ignore[arg-type]
    assert [one.problem for one in done] == ["ward_busy", ""]
    assert WORDS.encode() in everything_stored(harness)


def test_the_mondays_before_say_what_goes(harness: ReportHarness) -> None:
    harness.now = monday(Week(2028, 46))
    told = expiring(harness.context, harness.box)
    assert told.on == date(2028, 12, 1)
    assert {kind: weeks for kind, _, weeks in told.weeks} == dict.fromkeys(
        ("words", "answers", "quotations"), (W47, W48)
    )
    harness.now = THEN
    assert ("words", 24, (W49, W49)) in expiring(harness.context, harness.box).weeks, "the others are gone"
    case = a_case(harness, ActionKind.OPEN, ActionKind.ANSWER, on=date(2026, 11, 30))
    harness.now = monday(Week(2031, 47))
    assert expiring(harness.context, harness.box).cases == 1, case


def test_the_mail_says_it_in_words() -> None:
    weeks = tuple((kind, 24, (W47, W48)) for kind in ("words", "answers", "quotations", "desk_log"))
    made = replace(a_report([]), expiring=Expiring(on=date(2028, 12, 1), weeks=weeks, cases=3))
    told = notes(made, load_texts("vi"))[-5:]
    assert all(line.startswith("Ngày 01/12/2028 xóa ") for line in told)
    assert sum("16/11–29/11/2026" in line for line in told) == 4
    assert "3 việc" in told[-1]


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [("2028-02-29", 12, "2027-02-28"), ("2028-03-31", 1, "2028-02-29"), ("2028-01-15", 24, "2026-01-15")],
)
def test_months_are_those_of_the_calendar(day: str, months: int, before: str) -> None:
    assert months_before(date.fromisoformat(day), months) == date.fromisoformat(before)


def test_the_job_comes_on_the_first_and_an_old_copy_is_past_its_time_as_a_whole() -> None:
    assert [next_run(date(2028, 12, 31)), next_run(date(2028, 12, 1))] == [date(2029, 1, 1), date(2029, 1, 1)]
    assert Retention().over(date(2026, 11, 30), date(2028, 12, 1)) == (
        "words",
        "answers",
        "quotations",
        "desk_log",
    )
    assert Retention().over(date(2028, 11, 30), date(2028, 12, 1)) == ()


@pytest.mark.parametrize(("target", "is_said"), [("chung", True), ("", False)])
def test_where_figures_are_typed_again_it_is_said_when_the_names_at_ticks_go(
    target: str, is_said: bool
) -> None:
    made = a_report([], box=replace(a_report([]).box, target=target))
    told = replace(made, expiring=Expiring(on=date(2028, 12, 1), weeks=(("desk_log", 12, (W47, W48)),)))
    (said,) = [note for note in notes(told, load_texts("vi")) if "01/12/2028" in note]
    assert ("tên người đánh dấu «đã nhập»" in said) is is_said
