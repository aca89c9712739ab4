"""Who reads what at the desk: every route, with links of every kind of reader, and what readers decide."""

import re
from datetime import date
from itertools import chain, combinations

import pytest
from board_side import W47, W48
from desk_side import ONCE, PETITION, DeskSite, words
from homthu.domain.boxes.box import Reads, Recipient
from homthu.domain.cases.review import MAX_DECISIONS, Review, ReviewKind, WithholdReason
from werkzeug.test import TestResponse

SUGGESTION = "Người áo xanh ở quầy 3 nói to quá, xin nhắc nhở"
MASKED = "[…] ở quầy 3 nói to quá, xin nhắc nhở"
KINDS = [frozenset(some) for some in chain.from_iterable(combinations(Reads, n) for n in (1, 2, 3))]
READER = Recipient(name="Người đọc lời", email="doc-loi@example.org", reads=frozenset({Reads.WORDS}))
FIGURES = Recipient(name="Người đọc số", email="doc-so@example.org", reads=frozenset({Reads.FIGURES}))
PETITIONS = Recipient(name="Người nhận đơn", email="don@example.org", reads=frozenset({Reads.PETITIONS}))
BOTH = Recipient(
    name="Người đọc cả hai", email="ca-hai@example.org", reads=frozenset(Reads) - {Reads.FIGURES}
)
DECISIONS = {
    "pass": {},
    "mask": {"ban_che": MASKED},
    "withhold": {"vi_sao": "insult"},
    "thank": {},
}
ACTIONS = {
    "open": {"buoc": "0"},
    "assign": {"don_vi": "Tổ một cửa", "han": "2026-12-20"},
    "answer": {"tom_tat": "Có người nói to.", "tra_loi": "Đã nhắc nhở trong cuộc họp tổ.", "loai": "done"},
    "close": {"ly_do": "Trùng"},
    "reopen": {},
}


@pytest.fixture
def site() -> DeskSite:
    made = DeskSite()
    for ward in made.boxes.by_ward:
        made.change_box(ward, recipients=(READER, FIGURES, PETITIONS, BOTH))
    return made


@pytest.fixture
def suggestion(site: DeskSite) -> str:
    return site.receive(W47, text=SUGGESTION)[0]


@pytest.fixture
def petition(site: DeskSite, suggestion: str) -> str:
    made = site.receive(W47, text=PETITION)[0]
    site.close(W47)
    return made


def decide(
    site: DeskSite, reference: str, decision: str, who: Recipient = READER, **fields: str
) -> TestResponse:
    return site.decide(reference, decision, site.pass_of(who), **{**DECISIONS.get(decision, {}), **fields})


def act(site: DeskSite, reference: str, action: str, who: Recipient) -> TestResponse:
    fields = {"buoc": "1", **ACTIONS[action]}
    return site.post(
        "lam",
        site.pass_of(who),
        **{"phieu": site.id_of(reference), "viec": action, "lan": f"{ONCE}-{action}", **fields},
    )


def look(site: DeskSite, reference: str, who: Recipient) -> TestResponse:
    return site.post("phieu", site.pass_of(who), phieu=site.id_of(reference))


def home(site: DeskSite, who: Recipient) -> str:
    return words(site.post("ban", site.pass_of(who)).text)


def review_of(site: DeskSite, reference: str) -> Review | None:
    return site.store.review(site.id_of(reference))


def everything_posted(site: DeskSite, reference: str, who: Recipient) -> list[TestResponse]:
    """Every form of the desk, about one suggestion."""
    return [
        look(site, reference, who),
        *(act(site, reference, action, who) for action in ACTIONS),
        *(decide(site, reference, decision, who) for decision in DECISIONS),
        site.post("gop", site.pass_of(who), gop0=f"{site.id_of(reference)}.0"),
        site.post("mau", site.pass_of(who), phieu=site.id_of(reference)),
    ]


@pytest.mark.parametrize("reads", KINDS, ids=lambda reads: "+".join(sorted(reads)))
def test_a_link_opens_what_its_owner_reads_on_every_route(
    site: DeskSite, suggestion: str, petition: str, reads: frozenset[Reads]
) -> None:
    somebody = Recipient(name="Ai đó", email="ai-do@example.org", reads=reads)
    for ward in site.boxes.by_ward:
        site.change_box(ward, recipients=(READER, BOTH, somebody))
    for with_case in (False, True):
        shown = home(site, somebody)
        assert ("Người áo xanh" in shown) == (Reads.WORDS in reads)
        # In the list only until somebody has it in hand.
        shown_alone = words(look(site, petition, somebody).text)
        assert ("nhận phong bì" in shown_alone) == (Reads.PETITIONS in reads)
        assert ("nhận phong bì" in shown) == (Reads.PETITIONS in reads and not with_case)
        if Reads.WORDS not in reads:
            answers = everything_posted(site, suggestion, somebody)
            assert {answer.status_code for answer in answers} == {404}
            assert not any("Người áo xanh" in answer.text for answer in answers)
        if Reads.PETITIONS not in reads:
            answers = everything_posted(site, petition, somebody)
            assert {answer.status_code for answer in answers} == {404}
            assert not any("phong bì" in answer.text for answer in answers)
        # Once nothing was touched, once both are in hand: a case must open no way round.
        if not with_case and not reads & {Reads.WORDS, Reads.PETITIONS}:
            assert not list(site.store.cases_changed_since("07207", date.min))
        for reference in (suggestion, petition):
            act(site, reference, "open", BOTH)
    assert review_of(site, petition) is None


def test_what_was_let_pass_is_shown_to_everybody_in_the_version_that_was(
    site: DeskSite, suggestion: str, petition: str
) -> None:
    assert SUGGESTION not in home(site, FIGURES)
    assert "chưa có góp ý nào được cho chuyển" in home(site, FIGURES)
    done = decide(site, suggestion, "mask")
    assert done.status_code == 200
    assert "Đã lưu góp ý 47-0" in words(done.text)
    for page in (home(site, FIGURES), words(look(site, suggestion, FIGURES).text)):
        assert MASKED in page
        assert "Người áo xanh" not in page
        assert "Chuyển cho những người nhận khác" not in page
    assert act(site, suggestion, "open", FIGURES).status_code == 200
    assert decide(site, suggestion, "pass", FIGURES, buoc="1").status_code == 404
    assert decide(site, suggestion, "pass", buoc="1").status_code == 200
    assert SUGGESTION in home(site, FIGURES)
    assert decide(site, suggestion, "withhold", buoc="2").status_code == 200
    assert "quầy 3" not in home(site, FIGURES)
    assert look(site, suggestion, FIGURES).status_code == 404
    assert act(site, suggestion, "close", FIGURES).status_code == 404


@pytest.mark.parametrize(
    ("masked", "said"),
    [
        ("[…] ở quầy 3 nói to quá, xin khen thưởng", "không thêm, không sửa chữ nào"),
        ("Bà T[…]m ở quầy 3 nói to quá, xin nhắc nhở", "không thêm, không sửa chữ nào"),
        ("Người áo xanh ở quầy 3 không nói to […], xin nhắc nhở", "không thêm, không sửa chữ nào"),
        ("[…] xin nhắc nhở Người áo xanh", "không thêm, không sửa chữ nào"),
        (SUGGESTION, "Chưa che chữ nào"),
        ("[…]", "Không còn chữ nào"),
        ("[…], […]", "Không còn chữ nào"),
        ("", "Không còn chữ nào"),
    ],
)
def test_a_masked_version_may_only_take_words_away(
    site: DeskSite, suggestion: str, petition: str, masked: str, said: str
) -> None:
    answer = decide(site, suggestion, "mask", ban_che=masked)
    assert answer.status_code == 422
    assert said in words(answer.text)
    assert review_of(site, suggestion) is None


def test_what_was_typed_comes_back_with_the_words_of_what_is_wrong(
    site: DeskSite, suggestion: str, petition: str
) -> None:
    answer = decide(site, suggestion, "mask", ban_che="[…] ở quầy 3 nói nhỏ")
    assert ">\n[…] ở quầy 3 nói nhỏ</textarea>" in answer.text
    without_reason = decide(site, suggestion, "withhold", vi_sao="")
    assert without_reason.status_code == 422
    assert "Ô này chưa điền" in without_reason.text
    assert decide(site, suggestion, "withhold", vi_sao="khac").status_code == 422
    assert decide(site, suggestion, "burn").status_code == 400
    assert decide(site, suggestion, "pass", lan="x").status_code == 400
    assert decide(site, suggestion, "pass", buoc="-1").status_code == 400
    assert decide(site, suggestion, "pass", la_lung="1").status_code == 400
    assert review_of(site, suggestion) is None


def test_a_petition_cannot_be_let_pass_even_by_who_reads_both(
    site: DeskSite, suggestion: str, petition: str
) -> None:
    for decision in DECISIONS:
        fields = {"ban_che": PETITION.replace("ông A", "[…]")} if decision == "mask" else {}
        assert decide(site, petition, decision, BOTH, **fields).status_code == 400
    assert review_of(site, petition) is None
    assert act(site, petition, "open", BOTH).status_code == 200
    assert decide(site, petition, "pass", BOTH).status_code == 400


def test_the_same_form_twice_decides_once_and_of_two_readers_the_second_is_told(
    site: DeskSite, suggestion: str, petition: str
) -> None:
    for _ in range(2):
        assert decide(site, suggestion, "pass").status_code == 200
    made = review_of(site, suggestion)
    assert made is not None
    assert [(one.decision.kind, one.who) for one in made.history] == [(ReviewKind.PASS, READER.name)]
    late = decide(site, suggestion, "thank", BOTH)
    assert late.status_code == 409
    assert "vì người khác vừa quyết định" in words(late.text)
    assert "Được chuyển" in words(late.text)
    assert decide(site, suggestion, "thank", BOTH, buoc="1").status_code == 200
    assert "Người đọc lời – Được chuyển" in words(look(site, suggestion, READER).text)


def test_a_text_is_not_decided_about_without_end(site: DeskSite, suggestion: str, petition: str) -> None:
    for number in range(MAX_DECISIONS):
        answer = decide(site, suggestion, "thank", lan=f"{ONCE}-{number}", buoc=str(number))
        assert answer.status_code == 200
    assert decide(site, suggestion, "pass", buoc=str(MAX_DECISIONS)).status_code == 400


def test_the_list_says_what_waits_and_goes_on_where_it_was(site: DeskSite) -> None:
    references = site.receive(W47, 35, text="Ghế hỏng, xin sửa") + site.receive(W48, text="Tuần sau")
    site.close(W47, W48)
    first = site.post("ban", site.pass_of(READER), tuan="2026-W47", trang="0")
    assert "Chưa quyết định: 35 góp ý" in words(first.text)
    after = decide(site, references[0], "thank", tuan="2026-W47", trang="1")
    assert "Chưa quyết định: 34 góp ý" in words(after.text)
    assert "Trang trước" in after.text
    assert "Tuần sau" not in words(after.text)


@pytest.mark.parametrize(
    ("decision", "fields", "said"),
    [
        ("pass", {}, "được chuyển tới những người nhận báo cáo."),
        ("mask", {}, "có che bớt chi tiết riêng"),
        ("thank", {}, "Cảm ơn ông/bà"),
        *(
            ("withhold", {"vi_sao": reason.value}, "không chuyển tới những người nhận báo cáo khác vì")
            for reason in WithholdReason
        ),
    ],
)
def test_the_sender_is_told_what_was_decided(
    site: DeskSite, suggestion: str, petition: str, decision: str, fields: dict[str, str], said: str
) -> None:
    before = site.look_up(suggestion).text
    assert decide(site, suggestion, decision, **fields).status_code == 200
    after = site.look_up(suggestion).text
    assert said in after
    assert said not in before
    assert READER.name not in after
    assert "[" not in re.sub(r"<[^>]*>", "", site.look_up(suggestion, l="en").text.partition("<main>")[2])


def test_a_change_of_what_somebody_reads_ends_every_link(
    site: DeskSite, suggestion: str, petition: str
) -> None:
    token = site.pass_of(FIGURES)
    assert site.post("ban", token).status_code == 200
    promoted = Recipient(name=FIGURES.name, email=FIGURES.email, reads=frozenset(Reads))
    for ward in site.boxes.by_ward:
        site.change_box(ward, recipients=(READER, promoted, PETITIONS, BOTH))
    assert site.post("ban", token).status_code == 403
    assert "phong bì" in home(site, promoted)
