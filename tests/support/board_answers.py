"""Every page of the board and of the desk, in every state that words differ by."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from board_side import (
    ASSIGNED,
    BOARD_PAGES,
    CLOSED,
    REOPENED,
    RESULTS,
    W45,
    W46,
    W47,
    W48,
    answering,
    of_each_kind,
)
from citizen_side import BAC_GIANG, client
from desk_side import DESK_PAGES, ONCE, PETITION, UNITS, DeskSite
from fakes.memory_eraser import MemoryEraser
from homthu.domain.boxes.box import Reads, Recipient
from homthu.domain.cases.case import AnswerKind
from homthu.domain.cases.desk_search import STATES
from homthu.domain.cases.review import WithholdReason
from homthu.domain.cases.unit_mail import Task
from homthu.domain.cases.verdict import Verdict, VerdictKind
from homthu.domain.submissions.inclusion import Inclusion
from homthu.domain.submissions.reference import id_of
from homthu.domain.week import Week
from homthu.http.errors import Handler
from homthu.http.responses import page_response
from homthu.ports import MailRefused, StoreUnavailable
from homthu.render.board.inputs import FoundPage, WithdrawalPage
from homthu.render.board.pages import BoardPages
from homthu.render.desk.pages import DeskPages
from homthu.render.page.inline import Page
from homthu.render.page.options import PageOptions
from homthu.services.claim import claim_ward
from homthu.services.unit_access import make_unit_pass
from werkzeug.test import TestResponse


class Broken:
    """A store that does not answer."""

    def __getattr__(self, name: str) -> object:
        raise StoreUnavailable("timeout")


#: Every decision about a text, with every reason.
REVIEWS = (
    ("pass", {}),
    ("mask", {"ban_che": "Góp ý […]"}),
    ("thank", {}),
    ("theme", {"chu_de": "*"}),
    *(("withhold", {"vi_sao": str(reason)}) for reason in WithholdReason),
)


def board_answers(query: str, pages: BoardPages = BOARD_PAGES) -> Iterator[TestResponse]:
    """Every page of the board in every state that words differ by."""
    language = "en" if "l=en" in query else "vi"
    site = DeskSite(board_pages=pages)
    yield site.board.get(RESULTS + query)
    yield site.board.get("/ket-qua" + query)
    site.receive(Week(2025, 52), 2)
    site.close(Week(2025, 52), is_old=True)
    site.now -= timedelta(weeks=47)
    yield site.board.get(RESULTS + query)
    site.now += timedelta(weeks=47)
    # Words for those of one mind, of every kind, and sums that hold some of them.
    for number, changes in enumerate(
        (
            {"answers": {"chung": "5", "thoi_han": "dung", "phien_ha": "khong"}},
            {"answers": {"chung": "3"}},
            {"answers": {"chung": "1"}},
            {"answers": {"chung": "4", "thoi_han": "som"}},
        )
    ):
        site.receive(Week(2026, 32).shift(number), 12, round="2026-dot-3", **changes)
        site.close(Week(2026, 32).shift(number))
    yield site.board.get(RESULTS + query)
    site.receive(Week(2026, 40), 7, round="2026-dot-3")
    site.receive(W45, 9)
    references = [*site.receive(W46, 30), *site.receive(W47, 3), *site.receive(W48, 1)]
    reviewed = [site.receive(W46, text=f"Góp ý số {n}")[0] for n in range(len(REVIEWS))]
    site.close(Week(2026, 40), W45, W46)
    for reference, (decision, fields) in zip(reviewed, REVIEWS, strict=True):
        site.decide(reference, decision, **fields)
    site.receive(Week(2026, 44), 2, answers={"thai_do": "khong"})
    site.close(Week(2026, 44), W47)
    yield site.board.get(RESULTS + query)
    site.make_case(references[0], answering())
    site.make_case(references[1], ASSIGNED)
    site.make_case(references[2], CLOSED)
    site.make_case(references[3], ASSIGNED, is_petition=True)
    for reference, answer in zip(references[4:12], [*of_each_kind(), *[answering()] * 3], strict=True):
        site.make_case(reference, answer, **({"service": ""} if reference == references[4] else {}))
    page = site.board.get(RESULTS + query)
    yield page
    for reference in (*references, *reviewed, "x"):
        yield site.look_up(reference, l=language)
    for reference in site.receive(Week(2026, 39), 51):
        list(site.store.assign_week("07207", Week(2026, 39)))
        site.make_case(reference, answering())
    yield site.board.get(RESULTS + query)
    shown = site.look_up(references[11], l=language).text
    for fields in ({}, {"gop_y": "x" * 501}, {"gop_y": "Gọi 0912 345 678"}, {"gop_y": ""}):
        yield site.judge(shown, l=language, **({"danh_gia": "settled"} if fields else {}), **fields)
    yield site.look_up(references[11], l=language)
    for reference, kind in ((references[10], "partly"), (references[9], "not_settled")):
        yield site.judge(site.look_up(reference, l=language).text, l=language, danh_gia=kind)
    yield site.submit.post("/tra-cuu/danh-gia", data={"phieu": "x", "l": language})
    broken = Broken()
    site.cases, known = broken, site.cases
    yield site.judge(shown, l=language, danh_gia="settled")
    site.cases = known
    site.now += timedelta(weeks=2)
    yield site.look_up(references[-1], l=language)
    MemoryEraser(site.store).blank(id_of(references[-1], site.secrets.current), site.now.date())
    yield site.look_up(references[-1], l=language)
    yield site.board.get("/tra-cuu" + query)
    yield from _withdrawals(site, query, language)
    site.finder = Broken()
    yield site.look_up("x", l=language)


def _answering(page: Page) -> Handler:
    """A function that answers with this page."""
    return lambda request: page_response(page)


def _withdrawals(site: DeskSite, query: str, language: str) -> Iterator[TestResponse]:
    """Every page of a form that is taken back, in every state."""
    open_, closed, old = site.receive(W48)[0], site.receive(W46)[0], site.receive(Week(2024, 40))[0]
    for week in (Week(2024, 40), W46):
        list(site.store.assign_week("07207", week))
    yield site.withdrawal.get("/tra-cuu/rut" + query)
    for reference in ("x", open_, closed):
        yield site.withdrawal.post("/tra-cuu/rut", data={"ma": reference, "l": language})
    sure = {"ma": open_, "l": language, "chac_chan": "1"}
    claim = claim_ward(site.store, site.clock, ward="07207", owner="report")
    yield site.withdrawal.post("/tra-cuu/rut", data=sure)
    claim.release()
    yield site.withdrawal.post("/tra-cuu/rut", data=sure)
    status = site.store.submission_status(id_of(open_, site.secrets.current))
    assert status
    found = FoundPage(
        box=site.boxes.by_ward["07207"],
        submission_status=status,
        case=None,
        review=None,
        today=site.now.date(),
        options=PageOptions(language=language),
        base_url=site.base_url,
    )
    page = WithdrawalPage(found=found, is_done=True, mailed=((47, 2026, site.now.date(), 4),))
    yield client(_answering(site.board_pages.withdrawing(page))).get("/")
    for is_in in (True, False):
        inclusion = Inclusion(number=47, year=2026, count=128, is_in=is_in)
        told = site.board_pages.found(replace(found, inclusion=inclusion))
        yield client(_answering(told)).get("/")
    MemoryEraser(site.store).blank(id_of(old, site.secrets.current), site.now.date())
    yield site.look_up(old, l=language)
    finder, site.finder = site.finder, Broken()
    yield site.withdrawal.post("/tra-cuu/rut", data=sure)
    site.finder = finder


def _matters(site: DeskSite, references: list[str]) -> Iterator[TestResponse]:
    """Suggestions made one matter, in every state of it, and what is found of them."""
    ids = [site.id_of(reference) for reference in references]
    marks = {f"gop{number}": f"{id}.0" for number, id in enumerate(ids)}
    yield site.post("gop", gop0=marks["gop0"])
    yield site.post("gop", **marks)
    for once in (ONCE, f"{ONCE}-late"):
        yield site.post("gop", **marks, viec_chinh=ids[0], lan=once)
    yield site.post("phieu", phieu=ids[1])
    yield site.act(references[1], "part", seen=2, idempotency_key=f"{ONCE}-part")
    yield site.post("phieu", phieu=ids[0])
    for state in STATES:
        yield site.post("ban", tinh_trang=state, tim="nhieu")
    for asked in ({}, {"tim": "khong co"}):
        yield site.post("in", **asked)


def desk_answers(pages: DeskPages = DESK_PAGES) -> Iterator[TestResponse]:
    """Every page of the desk in every state that words differ by."""
    site = DeskSite(desk_pages=pages)
    yield site.desk.get("/xu-ly")
    yield site.desk.get(f"/xu-ly/{site.pass_of()}")
    yield site.desk.get("/xu-ly/x")
    yield site.desk.post("/xu-ly", data={"phuong": "x", "thu": "x"})
    yield site.post("ban")
    site.close(W46)
    yield site.post("ban")
    texts = ["Một", "Hai", "Ba", PETITION, *["Nhiều"] * 60]
    references = [site.receive(W47, text=text)[0] for text in texts]
    odd = [
        site.receive(W47, text="Lạ", place="da-go", service="")[0],
        site.receive(W47, text="Cũ", service="gone")[0],
    ]
    site.close(W47)
    for page in ("0", "1", "2"):
        yield site.post("ban", trang=page)
    for reference in (references[0], references[3], *odd):
        yield site.post("phieu", phieu=site.id_of(reference))
        yield site.take(reference)
    # As cases were noted before they had numbers.
    old = site.store.case(site.id_of(odd[1]))
    assert old
    site.store.replace_case(old, replace(old, number=0))
    yield site.post("phieu", phieu=old.id)
    yield from _moves_and_reviews(site)
    for verdict_kind in VerdictKind:
        (told,) = site.receive(W47, text=f"Xong {verdict_kind}")
        list(site.store.assign_week("07207", W47))
        site.take(told)
        site.act(told, "answer", tom_tat="Lời phường", tra_loi="Nội dung", loai="done")
        verdict = Verdict(
            id=site.id_of(told), ward="07207", case=site.id_of(told), kind=verdict_kind, on=site.now.date()
        )
        site.store.create_verdict(verdict)
        yield site.post("phieu", phieu=site.id_of(told))
    yield from _units(site)
    yield from _matters(site, references[50:53])
    first = references[0]
    yield site.act(first, "assign", don_vi="Tổ", han="2026-11-25")
    for fields in (
        {"viec": "assign", "don_vi": "x" * 101, "han": "x"},
        {"viec": "assign", "don_vi": "", "han": "2026-01-01"},
        {"viec": "assign", "don_vi": "Tổ", "han": "2029-01-01"},
        {"viec": "answer", "tom_tat": "Gọi 0912 345 678", "tra_loi": "Nhiều", "loai": "done"},
        {"viec": "answer", "tom_tat": "Chờ lâu", "tra_loi": "Sẽ làm", "loai": "promised"},
        {"viec": "answer", "tom_tat": "Chờ lâu", "tra_loi": "Đã chuyển", "loai": "passed_on"},
        {"viec": "answer", "tom_tat": "Chờ lâu", "tra_loi": "Đã làm"},
        {"viec": "close", "ly_do": ""},
        {"viec": "assign", "don_vi": "Tổ khác", "han": "2026-11-25", "buoc": "0", "lan": f"{ONCE}-x"},
    ):
        yield site.post("lam", **{"phieu": site.id_of(first), "lan": ONCE, "buoc": "2", **fields})
    (told,) = site.receive(W47, text="Một câu đủ dài để chép lại nguyên văn")
    list(site.store.assign_week("07207", W47))
    site.take(told)
    yield site.act(
        told, "answer", tom_tat="Việc", tra_loi="Một câu đủ dài để chép lại nguyên văn", loai="done"
    )
    yield site.act(
        first, "answer", seen=2, idempotency_key=f"{ONCE}-2", tom_tat="Việc", tra_loi="Xong", loai="done"
    )
    for number, kind in enumerate(AnswerKind):
        (other,) = site.receive(W47, text=f"Việc {number}")
        list(site.store.assign_week("07207", W47))
        site.take(other)
        more = {"tom_tat": "Lời phường", "tra_loi": "Nội dung", "hen": "2026-12-31", "chuyen_den": "Điện lực"}
        yield site.post(
            "lam", phieu=site.id_of(other), viec="answer", lan=ONCE, buoc="1", loai=kind.value, **more
        )
    (again,) = site.receive(W48, text="Lời phường nội dung")
    list(site.store.assign_week("07207", W48))
    site.take(again)
    yield site.post("phieu", phieu=site.id_of(again))
    yield site.act(again, "recur", idempotency_key=f"{ONCE}-recur", viec_chinh=site.id_of(other))
    yield site.act(first, "close", seen=3, idempotency_key=f"{ONCE}-3")
    # Sent once more, after another step was taken.
    yield site.act(
        first, "answer", seen=2, idempotency_key=f"{ONCE}-2", tom_tat="Việc", tra_loi="Xong", loai="done"
    )
    yield site.post("ban")
    yield site.act(first, "reopen", seen=4, idempotency_key=f"{ONCE}-4")
    for reference in references[4:40]:
        site.take(reference)
    site.act(first, "assign", seen=5, idempotency_key=f"{ONCE}-5", don_vi="Tổ", han="2026-11-25")
    site.now += timedelta(days=3)
    yield site.post("ban")
    for _ in range(30):
        case = site.store.case(site.id_of(first))
        assert case
        for number, action in enumerate((answering(), REOPENED)):
            step = replace(case.history[0], action=action, idempotency_key=f"{ONCE}-{number}")
            if len(case.history) < 60:
                case = site.store.replace_case(case, replace(case, history=(*case.history, step)))
    yield site.post("phieu", phieu=site.id_of(first))
    yield site.post("phieu", phieu="x")
    merged = next(place for place in site.boxes.by_ward[BAC_GIANG].places if place.former_ward)
    site.receive(W47, 10, ward=BAC_GIANG, place=merged.code)
    site.close(W47, ward=BAC_GIANG)
    yield site.post("ban", site.pass_of(ward=BAC_GIANG))
    site.cases = Broken()
    yield site.act(first, "assign", don_vi="Tổ", han="2026-11-30")


def _units(site: DeskSite) -> Iterator[TestResponse]:
    """What a unit sees of its case, in time and late, before and after it said what it did; and that its mail
    came back."""
    (told,) = site.receive(W47, text="Việc của đơn vị")
    list(site.store.assign_week("07207", W47))
    site.take(told)
    site.change_box("07207", units=UNITS)
    yield site.post("phieu", phieu=site.id_of(told))
    site.mailer.fail_next(MailRefused("no_such_address"))
    yield site.act(told, "assign", don_vi=UNITS[0].name, han="2026-11-25")
    case = site.store.case(site.id_of(told))
    task = Task.of(case) if case else None
    assert task
    token = make_unit_pass(site.desk_seal, site.boxes.by_ward["07207"], UNITS[0], task)
    yield site.desk.get(f"/xu-ly/don-vi/{token}")
    yield site.desk.get("/xu-ly/don-vi/x")
    yield site.post("viec", token)
    site.now += timedelta(days=4)
    yield site.post("viec", token)
    yield site.post("bao", token, lan=ONCE, buoc="2", tra_loi="")
    yield site.post("bao", token, lan=ONCE, buoc="2", tra_loi="Đã làm")
    yield site.post("bao", token, lan=f"{ONCE}-late", buoc="2", tra_loi="Làm thêm")
    yield site.post("phieu", phieu=site.id_of(told))
    site.decide(told, "withhold", vi_sao="insult")
    yield site.post("viec", token)
    site.now -= timedelta(days=4)
    site.change_box("07207", units=())


def _moves_and_reviews(site: DeskSite) -> Iterator[TestResponse]:
    """What is decided about texts, by readers of every kind."""
    quiet = site.receive(W46, text="Xin đừng trích", do_not_quote=True)[0]
    texts = [site.receive(W46, text=f"Người áo xanh ở quầy {n}")[0] for n in range(len(REVIEWS) + 1)]
    list(site.store.assign_week("07207", W46))
    yield site.post("phieu", phieu=site.id_of(quiet))
    for reference, (decision, fields) in zip(texts, REVIEWS, strict=False):
        text = {"ban_che": "[…] ở quầy 1"} if decision == "mask" else fields
        yield site.decide(reference, decision, **text)
    for number, masked in enumerate(("[…]", "Người áo đỏ ở quầy 0", "Người áo xanh ở quầy 0")):
        yield site.decide(texts[0], "mask", buoc="1", ban_che=masked, lan=f"{ONCE}-mask-{number}")
    yield site.decide(texts[0], "withhold", buoc="1", lan=f"{ONCE}-why")
    # Two who decide at once: the second is told what the first decided.
    yield site.decide(texts[0], "thank", buoc="0", lan=f"{ONCE}-late")
    yield site.post("phieu", phieu=site.id_of(texts[1]))
    yield site.act(texts[-1], "set_apart", seen=0)
    yield site.act(texts[-1], "set_back", seen=2, idempotency_key=f"{ONCE}-back")
    ward = "07207"
    recipients = site.boxes.by_ward[ward].recipients
    for number, reads in enumerate((Reads.FIGURES, Reads.WORDS)):
        other = Recipient(name="Người khác", email=f"khac-{number}@example.org", reads=frozenset({reads}))
        site.change_box(ward, recipients=(*recipients, other))
        for week in (W46, W47):
            yield site.post("ban", site.pass_of(other), tuan=str(week))
        if reads is Reads.WORDS:
            moved = {"phieu": site.id_of(texts[-2]), "viec": "set_apart", "lan": ONCE, "buoc": "0"}
            yield site.post("lam", site.pass_of(other), **moved)
    site.change_box(ward, recipients=recipients)
