"""The desk's three columns of attention, and what is found in them, with marks and without."""

import re
from datetime import timedelta

import pytest
from board_side import W46, W47
from desk_side import MEMBERS, ONCE, PETITION, DeskSite, words
from fakes.memory_eraser import MemoryEraser
from homthu.domain.boxes.box import Reads, Recipient
from homthu.domain.boxes.questionnaire import TextKind

LAMP, QUEUE, MARKET = "Đèn đường ngõ 12 hỏng", "Chờ lâu ở quầy chứng thực", "Vỉa hè chợ bị lấn chiếm"
PRAISE = "Cán bộ rất nhiệt tình"
FIGURES = Recipient(name="Lãnh đạo", email="lanh-dao@example.org", reads=frozenset({Reads.FIGURES}))
NAMES = ("new", "in_hand", "done")


@pytest.fixture
def site() -> DeskSite:
    """A closed week with a text to be read, one in hand, one answered, one of praise, and a petition."""
    site = DeskSite()
    site.references = {text: site.receive(W47, text=text)[0] for text in (LAMP, QUEUE, MARKET)}
    site.references[PRAISE] = site.receive(W47, text=PRAISE, text_kind=TextKind.PRAISE)[0]
    site.receive(W47, text=PETITION)
    site.close(W47)
    site.take(site.references[QUEUE])
    site.act(site.references[QUEUE], "assign", don_vi="Bộ phận Một cửa", han="2026-11-30")
    site.take(site.references[MARKET])
    answer = {"tom_tat": "Chợ lấn vỉa hè", "tra_loi": "Đã nhắc nhở các hộ.", "loai": "done"}
    site.act(site.references[MARKET], "answer", idempotency_key=f"{ONCE}-answer", **answer)
    return site


def columns(page: str) -> dict[str, str]:
    """The words of each column, and of what is folded away below."""
    found = re.findall(r'<(?:section|details) id="(\w+)".*?>(.*?)</(?:section|details)>', page, re.DOTALL)
    return {name: words(f"<main>{part}") for name, part in found}


def test_each_text_stands_in_one_column(site: DeskSite) -> None:
    found = columns(site.post("ban").text)
    titles = [found[name].partition(":")[0].strip() for name in NAMES]
    assert titles == ["Mới", "Đang giải quyết", "Xong tuần này"]
    where = {text: [name for name, part in found.items() if text in part] for text in site.references}
    assert where == {LAMP: ["new"], QUEUE: ["in_hand"], MARKET: ["done"], PRAISE: ["praise"]}
    assert "phong bì" in found["new"]
    assert "Mới: 1" in found["new"], "a petition is apart"


def test_what_was_decided_about_leaves_the_column_of_the_new(site: DeskSite) -> None:
    for decision, text in (("thank", LAMP), ("pass", LAMP)):
        site.decide(site.references[text], decision, **({"buoc": "1"} if decision == "pass" else {}))
        found = columns(site.post("ban").text)
        assert (LAMP in found["praise"], LAMP in found["new"]) == (decision == "thank", decision == "pass")
    site.decide(site.references[LAMP], "withhold", buoc="2", vi_sao="unclear")
    found = columns(site.post("ban").text)
    assert LAMP not in found["new"]
    assert LAMP in found["others"]


def test_what_was_done_last_week_is_done_no_longer(site: DeskSite) -> None:
    site.now += timedelta(weeks=1)
    found = columns(site.post("ban").text)
    assert "Tuần này chưa có việc nào xong." in found["done"]
    assert MARKET in found["others"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"tim": "den ngo"}, {LAMP}),
        ({"tim": "ĐÈN  hỏng"}, {LAMP}),
        ({"tim": "chung thuc"}, {QUEUE}),
        ({"tim": "nhac nho"}, {MARKET}),  # in the ward's answer
        ({"tim": "hẻm"}, set()),
        ({"tinh_trang": "new"}, {LAMP, PRAISE}),
        ({"tinh_trang": "answered"}, {MARKET}),
        ({"tinh_trang": "assigned", "bo_phan": "Bộ phận Một cửa"}, {QUEUE}),
        ({"tinh_trang": "answered", "bo_phan": "Bộ phận Một cửa"}, set()),
        ({"noi": "bg-hcc"}, set()),
        ({"tinh_trang": "no such", "tim": "\x00" * 300}, set()),
    ],
)
def test_all_that_is_asked_for_at_once_is_found(
    site: DeskSite, asked: dict[str, str], found: set[str]
) -> None:
    page = words(site.post("ban", **asked).text)
    assert {text for text in site.references if text in page} == found


def test_a_text_is_found_by_its_name_and_what_was_asked_goes_along(site: DeskSite) -> None:
    page = site.post("ban").text
    cards = re.findall(r"<h3>Góp ý ([\d-]+)</h3>.*?<p class=\"text\">(.*?)</p>", page, re.DOTALL)
    name = next(found for found, text in cards if text == LAMP)
    page = site.post("ban", tim=name, tinh_trang="new").text
    assert {text for text in site.references if text in words(page)} == {LAMP}
    decided = site.decide(site.references[LAMP], "thank", tim=name, tinh_trang="new").text
    assert f'name="tim" value="{name}"' in decided


def test_a_text_of_an_older_week_is_found_by_its_name_and_the_page_says_where_it_looks(
    site: DeskSite,
) -> None:
    older = "Ghế chờ ngoài hiên thiếu"
    site.receive(W46, text=older)
    site.close(W46)
    assert "góp ý cũ hơn xin chọn tuần của nó" in words(site.post("ban").text)
    assert older not in words(site.post("ban", tim="ghe cho").text)
    for named in ({"tim": "46-01"}, {"tim": "46-01", "tuan": "2026-W47"}):
        page = words(site.post("ban", **named).text)
        assert older in page
        assert "Tuần 46/2026" in page
    assert older not in words(site.post("ban", tim="44-01").text)


def test_who_may_not_read_what_is_in_hand_is_not_told_that_nothing_is(site: DeskSite) -> None:
    site.change_box("07207", recipients=(*MEMBERS, FIGURES))
    figures = site.pass_of(FIGURES)
    found = columns(site.post("ban", figures).text)
    for name in ("in_hand", "done"):
        assert ": 1 " in found[name]
        assert "Lời góp ý của các việc này chưa được chuyển cho ông/bà đọc." in found[name]


def test_by_place_only_what_shows_its_place_is_found(site: DeskSite) -> None:
    """The small week's texts came from this place as well; that is nobody's to find out."""
    place = site.store.submission(site.id_of(site.references[LAMP])).submission.place
    page = words(site.post("ban", noi=place).text)
    assert {text for text in site.references if text in page} == {QUEUE, MARKET}, "those that somebody took"
    site.receive(W46, 10, text="Nơi này đông")
    site.close(W46)
    assert "Nơi này đông" in words(site.post("ban", tuan="2026-W46", noi=place).text)


def test_who_reads_figures_finds_nothing_that_was_not_let_pass(site: DeskSite) -> None:
    figures = site.change_box("07207", recipients=(MEMBERS[0], FIGURES)).recipients[1]
    for asked in ({}, {"tim": "den"}, {"tinh_trang": "new"}, {"tim": "phong bi"}):
        page = words(site.post("ban", site.pass_of(figures), **asked).text)
        assert not [text for text in (*site.references, "phong bì") if text in page], asked
    site.decide(site.references[LAMP], "pass")
    assert LAMP in words(site.post("ban", site.pass_of(figures), tim="den").text)


def test_the_list_to_be_printed_holds_what_was_looked_for_and_no_petition(site: DeskSite) -> None:
    page = site.post("in").text
    assert {text for text in site.references if text in page} == {LAMP, QUEUE, MARKET}
    assert "phong bì" not in page
    assert "<table" in page
    found = site.post("in", tim="den", tuan="2026-W47", trang="").text
    assert {text for text in site.references if text in found} == {LAMP}
    figures = site.change_box("07207", recipients=(MEMBERS[0], FIGURES)).recipients[1]
    assert not [text for text in site.references if text in site.post("in", site.pass_of(figures)).text]


def test_by_theme_what_a_reader_said_counts_before_what_words_suggest(site: DeskSite) -> None:
    themes = site.boxes.by_ward["07207"].questionnaire.themes
    first, other = themes[0].id, themes[-1].id
    decided = site.decide(site.references[LAMP], "theme", chu_de=other)
    assert decided.status_code == 200
    assert LAMP in words(site.post("ban", ve_viec=other).text)
    assert LAMP not in words(site.post("ban", ve_viec=first).text)


def test_a_case_that_outlived_the_words_can_be_opened_and_dealt_with() -> None:
    site = DeskSite()
    (reference,) = site.receive(W47, text="Đèn đường ngõ 12 hỏng")
    site.close(W47)
    site.take(reference)
    promise = {"tom_tat": "Ngõ 12 tối", "tra_loi": "Sẽ thay bóng.", "loai": "promised", "hen": "01/12/2026"}
    assert site.act(reference, "answer", idempotency_key=f"{ONCE}-promise", **promise).status_code == 200
    MemoryEraser(site.store).blank(site.id_of(reference), site.now.date())
    page = site.post("phieu", phieu=site.id_of(reference))
    assert (page.status_code, "Ngõ 12 tối" in page.text) == (200, True)
    assert "Đã xóa khi hết thời hạn lưu" in page.text
    assert "ban_che" not in page.text, "there is no text to be decided about"
    done = {"tom_tat": "Ngõ 12 tối", "tra_loi": "Đã thay bóng.", "loai": "done"}
    answered = site.act(reference, "answer", seen=2, idempotency_key=f"{ONCE}-done", **done)
    assert (answered.status_code, "Đã thay bóng." in site.look_up(reference).text) == (200, True)
    case = site.store.case(site.id_of(reference))
    site.store.replace_case(case, case.erased("Đã xóa", who="A", on=site.now.date()))
    assert site.post("phieu", phieu=site.id_of(reference)).status_code == 404
