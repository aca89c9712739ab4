"""A citizen asks, by the reference they kept, where their submission stands."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from board_side import ASSIGNED, CITIZENS_WORDS, CLOSED, REOPENED, W47, W48, BoardSite, answering
from homthu.domain.cases.case import ActionKind, Case, CaseAction
from homthu.domain.cases.verdict import Verdict
from homthu.domain.secret import Secrets
from homthu.domain.submissions.reference import format_reference
from homthu.domain.submissions.submission import SubmissionStatus
from homthu.ports import StoreUnavailable
from input_methods import telex, vni

NOBODYS = "7K3P-92QW-X4HM"


@pytest.fixture
def site() -> BoardSite:
    return BoardSite()


class Counting:
    """The reads that a look-up makes of a store, counted by kind."""

    def __init__(self, site: BoardSite) -> None:
        self._store = site.store
        self.reads: Counter[str] = Counter()
        site.finder = site.cases = site.verdicts = self

    def submission_status(self, id: str) -> SubmissionStatus | None:
        self.reads["status"] += 1
        return self._store.submission_status(id)

    def case(self, id: str) -> Case | None:
        self.reads["case"] += 1
        return self._store.case(id)

    def verdict(self, id: str) -> Verdict | None:
        self.reads["verdict"] += 1
        return self._store.verdict(id)


def test_one_not_in_a_report_yet_is_told_the_coming_monday(site: BoardSite) -> None:
    (reference,) = site.receive(W48)
    answer = site.look_up(format_reference(reference))
    assert answer.status_code == 200
    assert "Đã nhận" in answer.text
    assert "báo cáo thứ Hai, ngày 30/11/2026" in answer.text


def test_one_whose_report_is_late_is_not_promised_a_day_that_is_over(site: BoardSite) -> None:
    (reference,) = site.receive(W47)
    site.now = W47.ends_at + timedelta(days=1)
    answer = site.look_up(reference).text
    assert "trong báo cáo sắp tới" in answer
    assert "23/11" not in answer


@pytest.mark.parametrize("method", [telex, vni])
def test_a_reference_that_an_input_method_rewrote_is_found(
    site: BoardSite, method: Callable[[str], str]
) -> None:
    references = site.receive(W48, 60)
    typed = {reference: method(format_reference(reference)) for reference in references}
    rewritten = {one for one, text in typed.items() if text != format_reference(one)}
    assert rewritten
    assert {one for one in rewritten if site.look_up(typed[one]).status_code == 200} == rewritten


def test_one_in_a_report_is_told_which(site: BoardSite) -> None:
    (reference,) = site.receive(W47)
    site.close(W47)
    answer = site.look_up(reference).text
    assert "Đã vào báo cáo" in answer
    assert "tuần 47/2026 (16/11–22/11/2026)" in answer


@pytest.mark.parametrize(
    ("actions", "state", "is_answered"),
    [
        ((), "Đang được giải quyết", False),
        ((ASSIGNED,), "Đang được giải quyết", False),
        ((ASSIGNED, answering()), "Đã trả lời", True),
        ((answering(), CLOSED), "Đã trả lời", True),
        ((CLOSED,), "Đã xem xét xong", False),
        ((answering(), REOPENED), "Đang được giải quyết", False),
    ],
)
def test_one_that_became_a_case_is_told_its_state(
    site: BoardSite, actions: tuple[CaseAction, ...], state: str, is_answered: bool
) -> None:
    (reference,) = site.receive(W47)
    site.close(W47)
    site.make_case(reference, *actions)
    answer = site.look_up(reference).text
    assert f"<b>{state}</b>" in answer
    assert ("Đã nhắc nhở, bố trí lại." in answer) is is_answered
    assert CITIZENS_WORDS not in answer
    assert "Bộ phận Một cửa" not in answer


def test_a_reference_follows_its_form_into_the_case_that_it_is_dealt_with_in(site: BoardSite) -> None:
    old, same = site.receive(W47, 2)
    site.close(W47)
    lead = site.make_case(old, answering())
    site.make_case(same, CaseAction(kind=ActionKind.JOIN, other=lead.id))
    # But for what each may judge the answer with.
    told = [re.sub(r'name="phieu" value="[^"]+"', "", site.look_up(one).text) for one in (old, same)]
    assert "Đã nhắc nhở, bố trí lại." in told[0]
    assert told[0] == told[1]


def test_a_petition_is_not_answered_in_public_and_is_shown_the_way(site: BoardSite) -> None:
    (reference,) = site.receive(W47)
    site.close(W47)
    site.make_case(reference, ASSIGNED, is_petition=True)
    answer = site.look_up(reference).text
    assert "xin ông/bà gửi đơn hoặc đến nơi tiếp công dân" in answer
    assert site.boxes.by_ward["07207"].contact.reception in answer


@pytest.mark.parametrize(
    "spell",
    [
        format_reference,
        str.lower,
        lambda reference: f"  {format_reference(reference).lower()} ",
        lambda reference: " ".join(reference),
        lambda reference: reference.replace("0", "o").replace("1", "l"),
        lambda reference: "\n".join((reference[:6], reference[6:])),
    ],
)
def test_a_reference_is_read_however_it_is_typed(site: BoardSite, spell: object) -> None:
    references = site.receive(W48, 20)
    assert all("Đã nhận" in site.look_up(spell(reference)).text for reference in references)


@pytest.mark.parametrize("typed", [NOBODYS, "", "x", "7K3P", "7K3P-92QW-X4HM-7K3P", "ư" * 12, "-"])
def test_a_wrong_and_an_absent_reference_get_the_same_answer(site: BoardSite, typed: str) -> None:
    def answer(typed: str) -> tuple[object, ...]:
        found = site.look_up(typed)
        headers = [(name, value) for name, value in found.headers if name != "Content-Length"]
        return found.status_code, headers, found.text.replace(f'value="{typed}"', 'value=""')

    assert answer(typed) == answer(NOBODYS)
    assert answer(typed)[0] == 404


@pytest.mark.parametrize("previous", [0, 2])
def test_right_wrong_and_impossible_references_cost_the_same_reads(site: BoardSite, previous: int) -> None:
    old, same = site.receive(W47, 2)
    site.close(W47)
    lead = site.make_case(old, answering())
    site.make_case(same, CaseAction(kind=ActionKind.JOIN, other=lead.id))
    site.secrets = Secrets(current=b"s" * 32, previous=tuple(bytes([n]) * 32 for n in range(previous)))
    (new,) = site.receive(W48)
    for typed in (old, same, new, NOBODYS, "", "x" * 12):
        counting = Counting(site)
        site.look_up(typed)
        assert counting.reads == {"status": 1 + previous, "case": 2, "verdict": 1}, typed


def test_a_submission_of_before_a_rotation_is_found(site: BoardSite) -> None:
    (reference,) = site.receive(W47)
    site.close(W47)
    site.make_case(reference, answering())
    site.secrets = Secrets(current=b"n" * 32, previous=(site.secrets.current,))
    assert "Đã trả lời" in site.look_up(reference).text


def test_the_reference_is_in_no_address_and_no_answer_to_a_right_one(site: BoardSite) -> None:
    (reference,) = site.receive(W48)
    answer = site.look_up(reference)
    assert reference not in answer.text.replace("-", "")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    asked = site.board.get(f"/tra-cuu?ma={reference}")
    assert reference not in asked.text
    assert asked.headers["Cache-Control"] == "no-store"


def test_nothing_is_changed_by_asking(site: BoardSite) -> None:
    (reference,) = site.receive(W48)
    before = site.snapshot()
    for method in ("GET", "HEAD", "OPTIONS", "POST"):
        site.board.open("/tra-cuu", method=method, data={"ma": reference} if method == "POST" else None)
    assert site.snapshot() == before
    site.receive(W48)
    assert site.snapshot() != before


def test_the_language_and_size_outlive_the_sending(site: BoardSite) -> None:
    asked = site.board.get("/tra-cuu?l=en&c=to").text
    assert 'name="l" value="en"' in asked
    assert 'name="c" value="to"' in asked
    assert '<html lang="en" class="to"' in site.look_up(NOBODYS, l="en", c="to").text


def test_a_store_that_does_not_answer_keeps_what_was_typed(site: BoardSite) -> None:
    class Broken:
        def submission_status(self, id: str) -> SubmissionStatus | None:
            raise StoreUnavailable("timeout")

    site.finder = Broken()
    answer = site.look_up(NOBODYS)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert NOBODYS in answer.text
    assert "hệ thống đang bận" in answer.text


@pytest.mark.parametrize("typed", ['"><script>alert(1)</script>', "{{ 7*7 }}", "<img src=x>"])
def test_what_is_typed_stays_text(site: BoardSite, typed: str) -> None:
    answer = site.look_up(typed).text
    assert "<script" not in answer
    assert "<img src=x" not in answer
    assert "49" not in answer.partition("<main>")[2].partition("</form>")[0]
