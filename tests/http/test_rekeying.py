"""«Nhập liệu» at the desk: who sees it, what stands in it, and what becomes of a tick."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from board_side import CITIZENS_WORDS, W45, W46
from citizen_side import NGO_QUYEN
from desk_side import CLERK, MEMBERS, DeskSite, clerk_site, words
from homthu.domain.boxes.box import Clerk, Reads
from homthu.domain.rekeying.typed import Mark
from homthu.domain.reports.tally import Fact, Tally
from homthu.domain.week import local_date
from homthu.ports import StoreUnavailable
from homthu.services.access import clerk_link
from homthu.services.rekey import read_rekeying
from werkzeug.test import TestResponse


@pytest.fixture
def site() -> DeskSite:
    return clerk_site()


def clerk_pass(site: DeskSite, clerk: Clerk = CLERK) -> str:
    box = site.boxes.by_ward[NGO_QUYEN]
    return clerk_link(site.passes, site.base_url, box, clerk).rpartition("/")[2]


def home(site: DeskSite, token: str | None = None) -> str:
    answer = site.post("nhap", token or clerk_pass(site))
    assert answer.status_code == 200
    return answer.text


def fields_of(page: str) -> list[list[tuple[str, str]]]:
    """Each row's fields as the page shows them."""
    return [
        [
            (unescape(label), unescape(value))
            for label, value in re.findall(
                r'<label for="o[^>]*>([^<]*)</label>.*?value="([^"]*)"', card, re.DOTALL
            )
        ]
        for card in re.findall(r'<section class="card".*?</section>', page, re.DOTALL)
    ]


def keys_of(page: str, form: str = "xong") -> dict[str, str]:
    """The boxes of a form, all ticked."""
    return dict(re.findall(rf'name="(dong\d+)" value="([0-9a-f]+)" form="{form}"', page))


def tick(site: DeskSite, token: str, keys: dict[str, str], action: Mark = Mark.TYPED) -> TestResponse:
    return site.post("nhap-xong", token, viec=action.value, **keys)


def test_a_clerk_s_link_opens_a_button_and_the_button_the_page(site: DeskSite) -> None:
    link = clerk_link(site.passes, "", site.boxes.by_ward[NGO_QUYEN], CLERK)
    door = site.desk.get(link)
    assert door.status_code == 200
    assert "Số lượt trả lời" not in door.text
    assert CLERK.name in home(site)


def test_every_release_and_every_week_s_forms_are_rows_in_the_target_s_order(site: DeskSite) -> None:
    rows = fields_of(home(site))
    sheet = read_rekeying(site.ledger, site.store, site.boxes, site.boxes.by_ward[NGO_QUYEN], site.now)
    assert sheet
    assert rows == [list(state.row.cells_as_typed) for state in sheet.states]
    assert len([row for row in rows if ("Số phiếu", "14") in row]) == 1


def test_nothing_that_a_citizen_wrote_stands_there(site: DeskSite) -> None:
    assert CITIZENS_WORDS not in home(site)


def test_of_fewer_than_ten_answers_there_is_no_row() -> None:
    few = DeskSite()
    few.change_box(NGO_QUYEN, clerks=(CLERK,))
    few.receive(W46, 9)
    few.close(W46)
    for form in ("nhap", "nhap-in"):
        page = few.post(form, clerk_pass(few)).text
        assert "Số lượt trả lời" not in page
        assert "Kết quả từng câu" not in page
        assert "Số phiếu" in page


def test_who_reads_figures_sees_the_same_from_the_desk_and_nobody_else_does(site: DeskSite) -> None:
    reads = replace(MEMBERS[1], reads=frozenset({Reads.WORDS}))
    site.change_box(NGO_QUYEN, recipients=(MEMBERS[0], reads))
    member, reader = site.pass_of(MEMBERS[0]), site.pass_of(reads)
    assert "/xu-ly/nhap" in site.post("ban", member).text
    assert fields_of(home(site, member)) == fields_of(home(site))
    assert "/xu-ly/nhap" not in site.post("ban", reader).text
    assert site.post("nhap", reader).status_code == 403


def test_a_clerk_s_pass_opens_nothing_else(site: DeskSite) -> None:
    token = clerk_pass(site)
    for form in ("ban", "in", "phieu", "lam", "duyet", "gop", "mau", "viec", "bao"):
        assert site.post(form, token).status_code == 403
    assert site.desk.get(f"/xu-ly/{token}").status_code == 403
    assert site.desk.get(f"/xu-ly/don-vi/{token}").status_code == 403


def test_a_clerk_s_link_ends_with_the_list_of_clerks_and_after_fourteen_days(site: DeskSite) -> None:
    token = clerk_pass(site)
    site.now += timedelta(days=13)
    assert site.post("nhap", token).status_code == 200
    late = clerk_pass(site)
    site.now += timedelta(days=2)
    assert [site.post("nhap", one).status_code for one in (token, late)] == [403, 200]
    site.change_box(NGO_QUYEN, clerks=(replace(CLERK, name="Người khác"),))
    assert site.post("nhap", late).status_code == 403
    site.change_box(NGO_QUYEN, clerks=(CLERK,))
    assert site.post("nhap", late).status_code == 403


def test_a_tick_is_stored_with_its_day_and_name_and_the_row_is_gone(site: DeskSite) -> None:
    token = clerk_pass(site)
    page = home(site)
    first = dict(list(keys_of(page).items())[:2])
    answer = tick(site, token, first)
    assert answer.status_code == 200
    assert "Đã ghi 2 dòng" in answer.text
    assert fields_of(answer.text) == fields_of(page)[2:]
    assert f"{CLERK.name} đánh dấu đã nhập ngày" in words(answer.text)
    (week,) = site.store.typed_weeks(NGO_QUYEN, 2026)
    assert [(one.who, one.on, one.mark) for one in week.ticks] == [
        (CLERK.name, local_date(site.now), Mark.TYPED)
    ] * 2


def test_the_same_form_sent_twice_ticks_once(site: DeskSite) -> None:
    token, keys = clerk_pass(site), keys_of(home(site))
    tick(site, token, keys)
    assert tick(site, token, keys).status_code == 200
    assert sum(len(one.ticks) for one in site.store.typed_weeks(NGO_QUYEN, 2026)) == len(keys)
    assert "Không còn dòng nào phải nhập" in home(site)


def test_a_tick_by_mistake_is_taken_back(site: DeskSite) -> None:
    token = clerk_pass(site)
    before = fields_of(home(site))
    page = tick(site, token, keys_of(home(site))).text
    back = tick(site, token, keys_of(page, "lai"), Mark.TAKEN_BACK)
    assert fields_of(back.text) == before


def correct(site: DeskSite) -> None:
    """Two forms more are found for the first week."""
    ledger = site.store.frozen
    key, report = next((key, one) for key, one in ledger.items() if one.week == W46)
    counts = report.tally.counts.items()
    more = {fact: count + 2 if fact[0] == Fact.ROUND_PLACE else count for fact, count in counts}
    ledger[key] = replace(report, tally=Tally(more))


def test_what_a_correction_changed_opens_again_with_what_was_typed_and_what_it_should_be(
    site: DeskSite,
) -> None:
    token = clerk_pass(site)
    tick(site, token, keys_of(home(site)))
    correct(site)
    page = home(site)
    (row,) = fields_of(page)
    assert ("Số phiếu", "16") in row
    assert "Số phiếu: đã nhập 14, nay phải là 16" in words(page)
    tick(site, token, keys_of(page))
    assert fields_of(home(site)) == []


def test_a_changed_file_of_the_target_opens_again_what_it_changes(site: DeskSite) -> None:
    token = clerk_pass(site)
    tick(site, token, keys_of(home(site)))
    target = site.boxes.targets["chung"]
    forms = tuple(replace(one, label="Số lượng") if one.label == "Số phiếu" else one for one in target.forms)
    vars(site.boxes)["targets"] = {"chung": replace(target, forms=forms)}
    page = home(site)
    assert len(fields_of(page)) == 2
    assert "Số phiếu: đã nhập 14, nay phải là –" in words(page)


def test_a_row_that_changed_while_it_was_typed_is_not_ticked(site: DeskSite) -> None:
    token, keys = clerk_pass(site), keys_of(home(site))
    correct(site)
    answer = tick(site, token, keys)
    assert answer.status_code == 409
    assert "1 dòng vừa đổi trong lúc nhập" in words(answer.text)
    (row,) = fields_of(answer.text)
    assert ("Số phiếu", "16") in row


def test_two_who_tick_the_same_week_lose_nothing_of_each_other(site: DeskSite) -> None:
    token, keys = clerk_pass(site), list(keys_of(home(site)).items())
    member = site.pass_of()
    tick(site, token, dict(keys[:2]))
    tick(site, member, dict(keys[2:4]))
    who = [one.who for week in site.store.typed_weeks(NGO_QUYEN, 2026) for one in week.ticks]
    assert who == [CLERK.name] * 2 + [MEMBERS[0].name] * 2


def test_who_typed_a_row_that_another_had_ticked_is_told_and_who_sent_a_form_twice_is_not(
    site: DeskSite,
) -> None:
    token, keys = clerk_pass(site), dict(list(keys_of(home(site)).items())[:2])
    member = site.pass_of()
    tick(site, token, dict(list(keys.items())[:1]))
    later = tick(site, member, keys)
    assert "Đã ghi 1 dòng" in later.text
    assert f"1 dòng đã có người đánh dấu trước ({CLERK.name})" in words(later.text)
    assert 'role="alert"' in later.text
    again = tick(site, token, dict(list(keys.items())[:1]))
    assert "đã có người đánh dấu trước" not in again.text
    assert 'role="status"' in again.text.partition("<main>")[2]


def test_whoever_ticked_first_while_a_form_was_on_its_way_is_named(site: DeskSite) -> None:
    """The other's tick comes between reading the page and storing the own one."""
    token, keys = clerk_pass(site), dict(list(keys_of(home(site)).items())[:1])
    member, real = site.pass_of(), site.store

    class Between:
        has_come = False

        def __getattr__(self, name: str) -> object:
            return getattr(real, name)

        def create_typed_week(self, typed: object) -> object:
            if not self.has_come:
                Between.has_come = True
                site.typed_weeks = real
                tick(site, member, keys)
            return real.create_typed_week(typed)

    site.typed_weeks = Between()
    answer = tick(site, token, keys)
    assert f"1 dòng đã có người đánh dấu trước ({MEMBERS[0].name})" in words(answer.text)
    (week,) = real.typed_weeks(NGO_QUYEN, 2026)
    assert [one.who for one in week.ticks] == [MEMBERS[0].name]


def test_a_form_without_a_mark_is_not_said_to_be_done(site: DeskSite) -> None:
    answer = tick(site, clerk_pass(site), {})
    assert "Chưa đánh dấu dòng nào" in answer.text
    assert "Đã ghi" not in words(answer.text)


def test_the_page_to_be_printed_and_the_page_say_the_same(site: DeskSite) -> None:
    page, paper = home(site), site.post("nhap-in", clerk_pass(site)).text
    table = re.compile(r"<tr><td>([^<]*)</td><td class=\"n\">([\d.,]*)</td><td class=\"n\">(\d+)</td></tr>")
    assert table.findall(page) == table.findall(paper) != []
    cells = [unescape(cell) for cell in re.findall(r"<td>([^<]*)</td>", paper)]
    for row in fields_of(page):
        assert all(value in cells for _, value in row)


def test_control_totals_hold_for_what_is_typed_and_what_is_not(site: DeskSite) -> None:
    token = clerk_pass(site)
    before = home(site).partition("kiem-tra")[2].partition("<details>")[0]
    tick(site, token, keys_of(home(site)))
    assert (
        home(site).partition("kiem-tra")[2].partition("<details>")[0].strip()
        == before.partition("<form")[0].strip()
    )


def test_a_ward_that_types_nothing_again_has_no_such_page(site: DeskSite) -> None:
    site.change_box(NGO_QUYEN, target="", clerks=())
    assert site.post("nhap", site.pass_of()).status_code == 404
    assert "/xu-ly/nhap" not in site.post("ban").text


def test_a_form_of_a_stranger_s_fields_or_marks_is_refused(site: DeskSite) -> None:
    token = clerk_pass(site)
    assert site.post("nhap-xong", token, viec="open").status_code == 400
    assert site.post("nhap-xong", token, viec="typed", tuan="2026-W46").status_code == 400


def test_a_store_that_is_away_gives_the_ticks_back_to_be_sent_again(
    site: DeskSite, monkeypatch: object
) -> None:
    token, keys = clerk_pass(site), keys_of(home(site))

    class Away:
        def typed_weeks(self, ward: str, year: int) -> object:
            raise StoreUnavailable("busy")

    site.typed_weeks = Away()
    answer = tick(site, token, keys)
    assert answer.status_code == 503
    assert all(f'value="{key}"' in answer.text for key in keys.values())


def test_more_rows_than_a_page_holds_come_after_those_that_are_ticked() -> None:
    site = DeskSite()
    site.change_box(NGO_QUYEN, clerks=(CLERK,))
    weeks = [W45.shift(-back) for back in range(9, -1, -1)]
    for week in weeks:
        site.receive(week, 12)
    site.close(*weeks)
    token, seen = clerk_pass(site), 0
    while keys := keys_of(home(site)):
        seen += len(keys)
        assert tick(site, token, keys).status_code == 200
    sheet = read_rekeying(site.ledger, site.store, site.boxes, site.boxes.by_ward[NGO_QUYEN], site.now)
    assert sheet
    assert seen == len(sheet.states) > 40
