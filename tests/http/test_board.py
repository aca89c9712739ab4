"""The public board: what a ward has published, and what it never shows."""

import gzip
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from board_side import (
    ASSIGNED,
    CITIZENS_WORDS,
    CLOSED,
    REOPENED,
    RESULTS,
    W45,
    W46,
    W47,
    BoardSite,
    answering,
    of_each_kind,
)
from citizen_side import BAC_GIANG, NGO_QUYEN
from homthu.domain.cases.case import ActionKind, AnswerKind, CaseAction
from homthu.domain.week import Week, local_date
from homthu.http.responses import SECURITY
from homthu.ports import StoreUnavailable

HOSTILE = "</p><script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7*7 }}{n}"


@pytest.fixture
def site() -> BoardSite:
    return BoardSite()


@pytest.fixture
def published(site: BoardSite) -> BoardSite:
    """Three weeks of 3, 12 and 17 submissions."""
    for week, count in ((W45, 3), (W46, 12), (W47, 17)):
        site.receive(week, count)
    site.close(W45, W46, W47)
    return site


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("<main>")[2]))


def test_a_ward_without_a_report_says_so_and_when_the_first_is_due(site: BoardSite) -> None:
    answer = site.board.get(RESULTS)
    assert answer.status_code == 200
    assert "Chưa có kết quả nào được công bố" in answer.text
    assert "thứ Hai, ngày 30/11/2026" in answer.text
    assert "%" not in words(answer.text)


def test_the_wards_are_listed_where_there_are_several(site: BoardSite) -> None:
    page = site.board.get("/ket-qua").text
    assert f'href="/ket-qua/{NGO_QUYEN}"' in page
    assert f'href="/ket-qua/{BAC_GIANG}"' in page


def test_a_ward_alone_in_its_deployment_is_shown_at_once(published: BoardSite) -> None:
    box = published.boxes.by_ward[NGO_QUYEN]
    published.boxes = type(published.boxes)(
        by_ward={NGO_QUYEN: box},
        questionnaires=published.boxes.questionnaires,
        signs=published.boxes.signs,
    )
    assert "Mức hài lòng" in published.board.get("/ket-qua").text


@pytest.mark.parametrize("kind", ["xã", "đặc khu"])
def test_a_unit_is_called_what_it_is(published: BoardSite, kind: str) -> None:
    """Most of the country's units are no «phường»."""
    box = published.boxes.by_ward[NGO_QUYEN]
    other = replace(box, ward=replace(box.ward, kind=kind))
    published.boxes = replace(published.boxes, by_ward={NGO_QUYEN: other})
    page = words(published.board.get(RESULTS).text)
    assert f"Ông/bà nói – {kind} trả lời" in page
    assert "phường đã" not in page
    assert "Phường" not in page


def test_figures_come_with_their_base_and_only_from_ten_answers_on(published: BoardSite) -> None:
    page = words(published.board.get(RESULTS).text)
    assert re.search(r"Tuần 47/2026 \(16/11–22/11/2026\) Số phiếu nhận được: 17", page)
    assert re.search(r"\d+(,\d)?% hài lòng \(17 lượt\)", page)


def test_of_nine_answers_nothing_is_told_but_the_number_of_forms(site: BoardSite) -> None:
    site.receive(W47, 9)
    site.close(W47)
    page = words(site.board.get(RESULTS).text)
    assert "Số phiếu nhận được: 9" in page
    assert "%" not in page
    assert "lượt)" not in page


def test_a_small_week_is_published_only_together_with_the_next(site: BoardSite) -> None:
    site.receive(W45, 6)
    site.close(W45)
    first = words(site.board.get(RESULTS).text)
    assert "Số phiếu nhận được: 6" in first
    assert "chưa đủ 10 lượt trả lời, gộp với các tuần sau" in first
    assert "lượt)" not in first
    site.receive(W46, 8)
    site.close(W46)
    second = words(site.board.get(RESULTS).text)
    assert "Tính gộp tuần 45–46/2026 (02/11–15/11/2026)" in second
    assert "(14 lượt)" in second
    assert not re.search(r"\([68] lượt\)", second)


def test_no_place_is_named_and_no_citizens_word_is_shown(published: BoardSite) -> None:
    references = published.receive(Week(2026, 44), 9)
    published.close(Week(2026, 44))
    published.make_case(references[0], ASSIGNED, answering())
    client = published.board
    for path in (RESULTS, f"{RESULTS}?l=en", f"{RESULTS}?c=to", "/ket-qua"):
        page = client.get(path).text
        assert CITIZENS_WORDS not in page
        main = words(page)
        for place in published.boxes.by_ward[NGO_QUYEN].places:
            assert place.name not in main.partition("Cần hỏi")[0]
        assert not re.search(r"\b\d\d:\d\d\b", page)


def test_answers_come_newest_first_with_service_and_day(published: BoardSite) -> None:
    old, new, *_ = published.receive(Week(2026, 44), 10)
    published.close(Week(2026, 44))
    published.make_case(old, answering("Việc cũ", "Đã làm cũ"))
    published.make_case(new, ASSIGNED, answering("Việc mới", "Đã làm mới"))
    page = words(published.board.get(RESULTS).text)
    assert page.index("Việc mới") < page.index("Việc cũ")
    assert "Hộ tịch. Trả lời ngày 25/11/2026" in page
    assert "Đã trả lời 2 việc, đang giải quyết 0 việc" in page


def test_a_promise_is_in_hand_from_the_day_that_it_names(published: BoardSite) -> None:
    to_come, come, *_ = published.receive(Week(2026, 44), 10)
    published.close(Week(2026, 44))
    promise = replace(answering(), answer_kind=AnswerKind.PROMISED)
    today = local_date(published.now)
    published.make_case(to_come, replace(promise, due_on=today + timedelta(days=1)))
    published.make_case(come, replace(promise, due_on=today))
    assert "Đã trả lời 2 việc, đang giải quyết 1 việc" in words(published.board.get(RESULTS).text)


def test_an_answer_names_no_service_that_few_wrote_about(published: BoardSite) -> None:
    (one,) = published.receive(Week(2026, 44), 1, service="dat_dai")
    published.receive(Week(2026, 44), 20)
    published.close(Week(2026, 44))
    published.make_case(one, answering("Việc", "Đã làm"))
    page = words(published.board.get(RESULTS).text)
    assert "Đã làm" in page
    assert "Đất đai" not in page


def test_only_an_answer_that_holds_is_public(published: BoardSite) -> None:
    given, taken_back, petition, unanswered, closed = published.receive(Week(2026, 44), 5)
    published.close(Week(2026, 44))
    published.make_case(given, answering("Một", "1"), CLOSED)
    published.make_case(taken_back, answering("VIỆC HAI", "2"), REOPENED)
    published.make_case(petition, answering("VIỆC BA", "3"), is_petition=True)
    published.make_case(unanswered, ASSIGNED)
    published.make_case(closed, CaseAction(kind=ActionKind.CLOSE, text="LÝ DO NỘI BỘ"))
    page = words(published.board.get(RESULTS).text)
    assert "Một" in page
    for hidden in ("VIỆC HAI", "VIỆC BA", "Bộ phận Một cửa", "LÝ DO NỘI BỘ", "Ban Chỉ đạo"):
        assert hidden not in page


def test_the_four_kinds_of_answer_are_told_apart(published: BoardSite) -> None:
    references = published.receive(Week(2026, 44), 5)
    published.close(Week(2026, 44))
    for reference, answer in zip(references, of_each_kind(), strict=True):
        published.make_case(reference, answer)
    page = words(published.board.get(RESULTS).text)
    for said in (
        "Đã làm Đã nhắc nhở",
        "Sẽ làm trước ngày 31/12/2026 Đã nhắc nhở",
        "Đã hẹn làm trước ngày 24/11/2026; nay đã đến ngày",
        "Không làm được, vì Đã nhắc nhở",
        "Đã chuyển Công ty Điện lực, vì ngoài thẩm quyền Đã nhắc nhở",
    ):
        assert said in page
    assert "Sẽ làm trước ngày 31/12/2026" in words(published.look_up(references[1]).text)


def test_a_hostile_answer_stays_text(published: BoardSite) -> None:
    reference, *_ = published.receive(Week(2026, 44), 5)
    published.close(Week(2026, 44))
    published.make_case(reference, answering(HOSTILE, HOSTILE))
    for page in (published.board.get(RESULTS).text, published.look_up(reference).text):
        assert "<script" not in page
        assert "<img src=x" not in page
        assert "&lt;script&gt;" in page


def test_another_wards_answers_are_not_shown(published: BoardSite) -> None:
    reference, *_ = published.receive(W47, 5, ward=BAC_GIANG)
    published.close(W47, ward=BAC_GIANG)
    published.make_case(reference, answering("Việc của phường khác"))
    assert "Việc của phường khác" not in published.board.get(RESULTS).text
    assert "Việc của phường khác" in published.board.get(f"/ket-qua/{BAC_GIANG}").text


def test_the_board_may_be_cached_for_ten_minutes_and_no_longer(published: BoardSite) -> None:
    client = published.board
    answer = client.get(RESULTS, headers={"Accept-Encoding": "gzip"})
    assert "s-maxage=600" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "gzip"
    reference, *_ = published.receive(Week(2026, 44), 5)
    published.close(Week(2026, 44))
    published.make_case(reference, answering("Việc mới"))
    published.now += timedelta(minutes=9, seconds=59)
    assert "Việc mới" not in client.get(RESULTS).text
    published.now += timedelta(seconds=1)
    assert "Việc mới" in client.get(RESULTS).text


def test_options_that_change_nothing_do_not_multiply_the_pages(published: BoardSite) -> None:
    client = published.board
    page = client.get(RESULTS).data
    assert client.get(f"{RESULTS}?k=lien_ket&m=kiosk&x=1").data == page
    assert client.get(f"{RESULTS}/").data == page
    assert '<html lang="en" class="to"' in client.get(f"{RESULTS}?l=en&c=to").text


def test_a_store_that_does_not_answer_is_said_honestly(site: BoardSite) -> None:
    class Broken:
        def reports(self, ward: str, since: Week) -> object:
            raise StoreUnavailable("timeout")

    site.ledger = Broken()
    answer = site.board.get(RESULTS)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (503, "no-store")
    assert "Hệ thống đang bận" in answer.text


@pytest.mark.parametrize("path", ["/ket-qua/99999", "/ket-qua/07207/x", "/ket-qua/../x", "/ket-qua/%20"])
def test_a_ward_that_is_not_there_is_not_found(site: BoardSite, path: str) -> None:
    assert site.board.get(path).status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "TRACE"])
def test_results_are_only_to_be_read(site: BoardSite, method: str) -> None:
    answer = site.board.open(RESULTS, method=method)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


def test_every_answer_carries_the_security_headers_once(published: BoardSite) -> None:
    reference, *_ = published.receive(Week(2026, 44), 5)
    client = published.board
    answers = [
        client.get("/ket-qua"),
        client.get(RESULTS),
        client.head(RESULTS),
        client.options(RESULTS),
        client.get("/ket-qua/99999"),
        client.open(RESULTS, method="PUT"),
        client.get("/tra-cuu"),
        client.post("/tra-cuu", data=b"", content_type="text/plain"),
        client.post("/tra-cuu", data={"x": "1"}),
        published.look_up(""),
        published.look_up(reference),
    ]
    for answer in answers:
        for name, value in SECURITY.items():
            assert answer.headers.getlist(name) == [value]
        (csp,) = answer.headers.getlist("Content-Security-Policy")
        assert "unsafe" not in csp
        assert "script-src" not in csp
        assert len(answer.headers.getlist("Cache-Control")) == 1
        assert "Set-Cookie" not in answer.headers
        assert "<script" not in answer.text


def test_the_results_stay_light(published: BoardSite) -> None:
    for number in range(1, 44):
        published.receive(Week(2026, number), 6)
    published.close(*(Week(2026, number) for number in range(1, 44)))
    packed = published.board.get(RESULTS, headers={"Accept-Encoding": "gzip"}).data
    assert len(packed) <= 20_000
    assert gzip.decompress(packed)


def test_what_the_function_says_of_the_reports_is_kept_by_a_cache_and_says_no_more(
    published: BoardSite,
) -> None:
    answer = published.board.get("/suc-khoe")
    assert answer.json == {"reports": "in time"}
    assert "s-maxage=" in answer.headers["Cache-Control"]
