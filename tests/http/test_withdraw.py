"""A citizen takes a form back by its reference: looked at first, then gone at once."""

from dataclasses import replace
from datetime import date

import pytest
from board_side import CITIZENS_WORDS, W47, W48, BoardSite
from citizen_side import NGO_QUYEN
from fakes.memory_eraser import MemoryEraser
from homthu.domain.cases.verdict import Verdict, VerdictKind
from homthu.domain.submissions.reference import format_reference, id_of
from homthu.services.claim import claim_ward
from werkzeug.test import Client, TestResponse

NOBODYS = "7K3P-92QW-X4HM"


class Counting(MemoryEraser):
    """Notes how what was freed is overwritten."""

    def __init__(self, store: object) -> None:
        super().__init__(store)  # type: ignore[arg-type]
        self.wiped: list[bool] = []

    def wipe(self, *, rebuild: bool = True) -> None:
        self.wiped.append(rebuild)


@pytest.fixture
def site() -> BoardSite:
    made = BoardSite()
    made.eraser = Counting(made.store)
    return made


def sent(site: Client, reference: str, **fields: str) -> TestResponse:
    return site.post("/tra-cuu/rut", data={"ma": reference, **fields})


def stored(site: BoardSite, reference: str) -> object:
    return site.store.rows[id_of(reference, site.secrets.current)]


def test_a_look_erases_nothing_and_says_what_goes_and_what_stays(site: BoardSite) -> None:
    (reference,) = site.receive(W48, text=CITIZENS_WORDS)
    before = stored(site, reference)
    answer = sent(site.withdrawal, format_reference(reference).lower())
    assert answer.status_code == 200
    for said in (
        "Bị xóa: lời góp ý",
        "vẫn được đếm là một phiếu",
        "chưa nằm trong thư báo cáo nào",
        "xóa ngay",
    ):
        assert said in answer.text
    assert CITIZENS_WORDS not in answer.text
    assert stored(site, reference) == before
    assert answer.headers["Cache-Control"] == "no-store"


def test_once_sure_the_words_are_gone_and_the_look_up_says_so(site: BoardSite) -> None:
    (reference,) = site.receive(W48, text=CITIZENS_WORDS)
    answer = sent(site.withdrawal, reference, chac_chan="1")
    assert (answer.status_code, "Đã rút phiếu" in answer.text) == (200, True)
    row = stored(site, reference)
    assert (row.submission.text, row.submission.answers, row.erased_on) == ("", {}, site.now.date())
    looked_up = site.look_up(reference).text
    assert "Đã xóa theo yêu cầu" in looked_up
    assert "/tra-cuu/rut" not in looked_up
    # Sent again, as an impatient thumb does: nothing else happens.
    assert sent(site.withdrawal, reference, chac_chan="1").status_code == 200
    assert stored(site, reference) == row


def test_what_was_said_of_the_answer_goes_too(site: BoardSite) -> None:
    (reference,) = site.receive(W48, text=CITIZENS_WORDS)
    id = id_of(reference, site.secrets.current)
    said = Verdict(
        id=id, ward=NGO_QUYEN, case=id, kind=VerdictKind.NOT_SETTLED, on=site.now.date(), words="Vẫn thế"
    )
    site.store.create_verdict(said)
    assert sent(site.withdrawal, reference, chac_chan="1").status_code == 200
    assert (site.store.verdict(id).words, site.store.verdict(id).kind) == ("", VerdictKind.NOT_SETTLED)


def test_of_a_closed_week_it_is_said_that_mails_were_sent(site: BoardSite) -> None:
    (reference,) = site.receive(W47, text=CITIZENS_WORDS)
    site.close(W47)
    assert "bản đã gửi không thu về được" in sent(site.withdrawal, reference).text


@pytest.mark.parametrize("fields", [{}, {"chac_chan": "1"}])
def test_a_wrong_reference_leads_to_nothing(site: BoardSite, fields: dict[str, str]) -> None:
    site.receive(W48, text=CITIZENS_WORDS)
    before = dict(site.store.rows)
    answer = sent(site.withdrawal, NOBODYS, **fields)
    assert (answer.status_code, "Không tìm thấy phiếu" in answer.text) == (404, True)
    assert site.store.rows == before


def test_while_a_report_is_made_it_is_asked_to_be_sent_later(site: BoardSite) -> None:
    (reference,) = site.receive(W48, text=CITIZENS_WORDS)
    claim_ward(site.store, lambda: site.now, ward=NGO_QUYEN, owner="report")
    answer = sent(site.withdrawal, reference, chac_chan="1")
    assert (answer.status_code, "thử lại sau 15 phút" in answer.text) == (503, True)
    assert format_reference(reference) in answer.text, "what was typed is not lost"
    assert stored(site, reference).submission.text == CITIZENS_WORDS


def test_a_page_elsewhere_leads_no_further_than_to_the_second_look(site: BoardSite) -> None:
    (reference,) = site.receive(W48, text=CITIZENS_WORDS)
    fields = {"ma": reference, "chac_chan": "1"}
    answer = site.withdrawal.post("/tra-cuu/rut", data=fields, headers={"Sec-Fetch-Site": "cross-site"})
    assert "xóa ngay" in answer.text
    assert stored(site, reference).submission.text == CITIZENS_WORDS


def test_a_file_is_rebuilt_once_in_ten_minutes_however_many_withdraw(site: BoardSite) -> None:
    references = site.receive(W48, 3, text=CITIZENS_WORDS)
    box = site.withdrawal
    for reference in references:
        assert sent(box, reference, chac_chan="1").status_code == 200
    assert site.eraser.wiped == [True, False, False]
    assert not any(one.submission.text for one in site.store.everything(NGO_QUYEN))


def test_a_field_that_is_not_ours_is_refused(site: BoardSite) -> None:
    assert sent(site.withdrawal, NOBODYS, khac="1").status_code == 400
    assert "0123-4567-89AB" not in site.withdrawal.get("/tra-cuu/rut?ma=0123-4567-89AB").text


def test_what_was_past_its_time_in_part_can_be_withdrawn_still(site: BoardSite) -> None:
    (reference,) = site.receive(W47, text=CITIZENS_WORDS)
    site.close(W47)
    row = replace(stored(site, reference), erased_on=date(2028, 12, 1))
    id = id_of(reference, site.secrets.current)
    site.store.rows[id] = replace(row, submission=replace(row.submission, answers={}))
    assert "/tra-cuu/rut" in site.look_up(reference).text
    assert "chac_chan" in sent(site.withdrawal, reference).text
    answer = sent(site.withdrawal, reference, chac_chan="1")
    assert (answer.status_code, "chac_chan" in answer.text) == (200, False)
    assert stored(site, reference).submission.text == ""
