"""Who may open the desk, and what a stranger, a scanner or a hostile text can do there: nothing."""

import base64
import re
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from board_side import RESULTS, W47
from citizen_side import BAC_GIANG, NGO_QUYEN
from desk_side import DESK_SECRETS, MEMBERS, ONCE, DeskSite
from homthu.adapters.seal import FernetSeal
from homthu.domain.boxes.box import Recipient
from homthu.domain.secret import Secrets
from homthu.http.responses import SECURITY
from homthu.ports import MailNotSent, MailUnknown
from homthu.services.access import PASS_AGE

HOSTILE = "</textarea></p><script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7*7 }}{n}"
SCANNERS = ("facebookexternalhit/1.1", "Zalo iOS/502", "TelegramBot", "BarracudaCentral", "GoogleImageProxy")
FORMS = ("ban", "phieu", "lam", "duyet", "gop", "in", "mau")


@pytest.fixture
def site() -> DeskSite:
    site = DeskSite()
    site.reference = site.receive(W47, text="Lời của người dân")[0]
    site.receive(W47, ward=BAC_GIANG, text="Lời của phường khác")
    site.close(W47)
    site.close(W47, ward=BAC_GIANG)
    for ward in (NGO_QUYEN, BAC_GIANG):
        # Somebody has been here: since when the list stands is known.
        site.pass_of(ward=ward)
    return site


def bad_passes(site: DeskSite, ward: str) -> dict[str, str]:
    """A pass in every state in which it must not open anything, and the time put right for it."""
    good, seal = site.pass_of(ward=ward), site.desk_seal
    values = seal.open("desk", good, PASS_AGE).values
    stranger = Recipient(name="Người lạ", email="nguoi-la@example.org")
    foreign = FernetSeal(Secrets(current=b"x" * 32).sealing_keys(), site.clock)
    site.now -= PASS_AGE + timedelta(seconds=1)
    expired = site.pass_of(ward=ward)
    site.now += PASS_AGE + timedelta(seconds=1)
    return {
        "none": "",
        "rubbish": "gAAAAAB" + "A" * 120,
        "cut": good[:-1],
        "longer": good + "A",
        "spaced": good[:50] + "\n" + good[50:],
        "expired": expired,
        "never a recipient": site.pass_of(stranger, ward),
        "another purpose": seal.seal("receipt", list(values)),
        "a receipt": site.seal.seal("receipt", ["7K3P92QWX4HM", "nq-mc", "2026-11-30"]),
        "another key": foreign.seal("desk", list(values)),
        "a ward that is not there": seal.seal("desk", ["99999", *values[1:]]),
        "another list": seal.seal("desk", [*values[:2], "0" * 16]),
    }


@pytest.mark.parametrize("ward", [NGO_QUYEN, BAC_GIANG])
def test_every_pass_that_does_not_hold_gets_the_same_answer_and_changes_nothing(
    site: DeskSite, ward: str
) -> None:
    bad = bad_passes(site, ward)
    before = site.snapshot()
    fields = {"phieu": site.id_of(site.reference), "viec": "open", "lan": ONCE, "buoc": "0"}
    bodies = set()
    for state, token in bad.items():
        answers = [site.post(form, token, **(fields if form != "ban" else {})) for form in FORMS]
        if token and "\n" not in token:
            answers += [site.desk.get(f"/xu-ly/{token}"), site.desk.head(f"/xu-ly/{token}")]
        for answer in answers:
            assert answer.status_code == 403, state
            assert "Lời của" not in answer.text
        bodies |= {answer.data for answer in answers if answer.data}
    assert len(bodies) == 1
    assert site.snapshot() == before
    assert site.post("ban", site.pass_of(ward=ward)).status_code == 200


def test_a_pass_with_any_character_changed_opens_nothing(site: DeskSite) -> None:
    good, client = site.pass_of(), site.desk
    for at, old in enumerate(good):
        for new in {"A", "B", "_", "-", "=", "9", old.swapcase()} - {old}:
            changed = good[:at] + new + good[at + 1 :]
            assert client.get(f"/xu-ly/{changed}").status_code == 403, (at, new)


def test_a_pass_ends_when_its_recipient_leaves_and_when_the_list_changes(site: DeskSite) -> None:
    first, second = site.pass_of(MEMBERS[0]), site.pass_of(MEMBERS[1])
    site.change_box(NGO_QUYEN, recipients=MEMBERS[1:])
    assert site.post("ban", first).status_code == 403
    assert site.post("ban", second).status_code == 403
    assert site.post("ban", site.pass_of(MEMBERS[1])).status_code == 200


def test_a_pass_stays_ended_when_the_list_is_changed_back(site: DeskSite) -> None:
    """Seen by a use of the desk in between: here by the pass itself, which is tried and refused."""
    first, before = site.pass_of(MEMBERS[0]), site.boxes.by_ward[NGO_QUYEN].recipients
    site.change_box(NGO_QUYEN, recipients=MEMBERS[1:])
    assert site.desk.get(f"/xu-ly/{first}").status_code == 403
    site.change_box(NGO_QUYEN, recipients=before)
    assert site.post("ban", first).status_code == 403
    assert site.desk.get(f"/xu-ly/{first}").status_code == 403
    assert site.post("ban", site.pass_of(MEMBERS[0])).status_code == 200


def test_a_pass_ends_when_the_store_begins_anew(site: DeskSite) -> None:
    """As after a restore: no term of before is known, and none can come again."""
    first = site.pass_of()
    site.store._desk_terms.clear()
    assert site.post("ban", first).status_code == 403


def test_a_pass_holds_for_fourteen_days_and_outlives_a_rotation(site: DeskSite) -> None:
    token = site.pass_of()
    rotated = Secrets(current=b"n" * 32, previous=DESK_SECRETS.all)
    site.desk_seal = FernetSeal(rotated.sealing_keys(), site.clock)
    site.now += PASS_AGE
    assert site.post("ban", token).status_code == 200
    site.now += timedelta(seconds=1)
    assert site.post("ban", token).status_code == 403


def test_a_pass_shows_only_its_own_ward(site: DeskSite) -> None:
    own = site.post("ban", site.pass_of(ward=NGO_QUYEN)).text
    other = site.post("ban", site.pass_of(ward=BAC_GIANG)).text
    assert ("Lời của người dân" in own, "Lời của phường khác" in own) == (True, False)
    assert ("Lời của người dân" in other, "Lời của phường khác" in other) == (False, True)


def test_a_link_followed_by_a_program_shows_a_button_and_no_citizens_word(site: DeskSite) -> None:
    path, before, client = f"/xu-ly/{site.pass_of()}", site.snapshot(), site.desk
    for agent, method in product(SCANNERS, ("GET", "HEAD", "OPTIONS")):
        answer = client.open(path, method=method, headers={"User-Agent": agent})
        assert answer.status_code in (200, 204)
        assert "Lời của" not in answer.text
        assert "og:" not in answer.text
        assert MEMBERS[0].name not in answer.text
    page = client.get(path)
    assert page.text.count("<button") == 1
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert page.headers["Cache-Control"] == "no-store"
    assert site.snapshot() == before
    assert site.mailer.attempts == []


@pytest.mark.parametrize("path", ["", "ban", "phieu", "lam"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE"])
def test_only_a_post_changes_anything(site: DeskSite, path: str, method: str) -> None:
    before = site.snapshot()
    fields = {
        "ma": site.pass_of(),
        "phieu": site.id_of(site.reference),
        "viec": "open",
        "lan": ONCE,
        "buoc": "0",
        "phuong": NGO_QUYEN,
        "thu": MEMBERS[0].email,
    }
    site.desk.open(f"/xu-ly/{path}", method=method, query_string=fields, data=fields)
    assert site.snapshot() == before
    assert site.mailer.attempts == []


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}])
@pytest.mark.parametrize("form", ["", *FORMS])
def test_a_form_of_another_site_is_refused(site: DeskSite, form: str, headers: dict[str, str]) -> None:
    before = site.snapshot()
    fields = {"phuong": NGO_QUYEN, "thu": MEMBERS[0].email} if not form else {"ma": site.pass_of()}
    path = f"/xu-ly/{form}".rstrip("/")
    refused = site.desk.post(path, data=fields, headers=headers)
    assert refused.status_code == 403
    assert refused.data == site.desk.get("/xu-ly/x").data
    assert site.snapshot() == before
    assert site.mailer.attempts == []
    own = site.desk.post("/xu-ly/ban", data={"ma": site.pass_of()}, headers={"Sec-Fetch-Site": "same-origin"})
    assert own.status_code == 200


@pytest.mark.parametrize(
    "fields",
    [
        {"viec": "open"},
        {"viec": "open", "lan": "short"},
        {"viec": "destroy", "lan": ONCE},
        {"viec": "assign", "lan": ONCE, "buoc": "-1", "don_vi": "Tổ", "han": "2026-11-30"},
        {"viec": "open", "lan": ONCE, "them": "1"},
    ],
)
def test_a_form_that_is_none_of_ours_is_refused(site: DeskSite, fields: dict[str, str]) -> None:
    site.take(site.reference)
    before = site.snapshot()
    assert site.post("lam", phieu=site.id_of(site.reference), **fields).status_code == 400
    assert site.snapshot() == before


def test_hostile_texts_stay_text_everywhere(site: DeskSite) -> None:
    (reference,) = site.receive(W47, text=HOSTILE)
    list(site.store.assign_week(NGO_QUYEN, W47))
    pages = [
        site.post("ban").text,
        site.take(reference).text,
        site.act(reference, "assign", don_vi=HOSTILE, han=HOSTILE).text,
        site.act(reference, "assign", don_vi=HOSTILE[:99], han="2026-11-30").text,
        site.act(reference, "answer", seen=2, tom_tat="", tra_loi="Nội dung " + HOSTILE).text,
        site.act(
            reference,
            "answer",
            seen=2,
            idempotency_key=f"{ONCE}-2",
            tom_tat="<b>Việc</b>",
            tra_loi="<script>x",
            loai="done",
        ).text,
        site.act(reference, "close", seen=3, idempotency_key=f"{ONCE}-3", ly_do=HOSTILE).text,
        site.post("ban").text,
        site.board.get(RESULTS).text,
        site.look_up(reference).text,
    ]
    for page in pages:
        assert "<script" not in page
        assert "<img src=x" not in page
        assert "<b>Việc" not in page
    assert "&lt;script&gt;" in pages[0]
    assert "&lt;b&gt;Việc&lt;/b&gt;" in pages[-1]


def test_nothing_finer_than_a_day_is_shown(site: DeskSite) -> None:
    site.take(site.reference)
    for page in (site.post("ban").text, site.post("phieu", phieu=site.id_of(site.reference)).text):
        main = page.partition("<main>")[2].partition("<footer>")[0]
        assert not re.search(
            r"\b\d{1,2}:\d\d\b|T\d\d|\b1[67]\d{8}\b", re.sub(r'value="gAAAA[^"]*"', "", main)
        )


def test_every_answer_carries_the_security_headers_once(site: DeskSite) -> None:
    client, good = site.desk, site.pass_of()
    answers = [
        client.get("/xu-ly"),
        client.post("/xu-ly", data={"phuong": NGO_QUYEN, "thu": MEMBERS[0].email}),
        client.post("/xu-ly", data={"x": "1"}),
        client.get(f"/xu-ly/{good}"),
        client.get("/xu-ly/x"),
        client.options("/xu-ly/ban"),
        client.put("/xu-ly/ban"),
        client.get("/xu-ly/" + "x" * 300),
        site.post("ban"),
        site.take(site.reference),
        site.act(site.reference, "assign"),
        site.act(site.reference, "assign", seen=0, don_vi="Tổ", han="2026-11-30"),
        site.post("phieu", phieu="x"),
    ]
    assert {answer.status_code for answer in answers} >= {200, 204, 400, 403, 404, 405, 409, 414, 422}
    for answer in answers:
        for name, value in SECURITY.items():
            assert answer.headers.getlist(name) == [value]
        (csp,) = answer.headers.getlist("Content-Security-Policy")
        assert "unsafe" not in csp
        assert "script-src" not in csp
        assert answer.headers.getlist("Cache-Control") == ["no-store"]
        assert "Set-Cookie" not in answer.headers
        assert "<script" not in answer.text


def ask(site: DeskSite, ward: str = NGO_QUYEN, email: str = MEMBERS[0].email) -> bytes:
    answer = site.desk.post("/xu-ly", data={"phuong": ward, "thu": email})
    assert answer.status_code == 200
    return answer.data


def link_in(site: DeskSite) -> str:
    """The link in the newest mail, as its text part has it."""
    message = site.mailer.sent[-1].message.decode()
    parts = re.findall(r"base64\r\n\r\n([A-Za-z0-9+/=\r\n]+)", message)
    text = base64.b64decode(parts[0]).decode()
    found = re.search(r"https://gopy\.example\.org(/xu-ly/\S+)", text)
    assert found
    return found[1]


def test_a_recipient_gets_a_link_that_opens_the_desk(site: DeskSite) -> None:
    ask(site, email=f" {MEMBERS[0].email.upper()} ")
    assert site.mailer.recipients == [MEMBERS[0].email]
    link = link_in(site)
    assert len(link) <= 256
    door = site.desk.get(link)
    assert door.status_code == 200
    token = re.search(r'name="ma" value="([^"]+)"', door.text)
    assert token
    assert "Lời của người dân" in site.post("ban", token[1]).text


def test_everyone_who_asks_is_told_the_same(site: DeskSite) -> None:
    answers = {
        ask(site),
        ask(site),
        ask(site, email="nguoi-la@example.org"),
        ask(site, ward="99999"),
        ask(site, ward="", email=""),
        ask(site, email=HOSTILE),
    }
    assert len(answers) == 1
    assert site.mailer.recipients == [MEMBERS[0].email]


def test_a_recipient_gets_one_mail_in_ten_minutes(site: DeskSite) -> None:
    for seconds in (0, 1, 598, 1, 1, 598):
        site.now += timedelta(seconds=seconds)
        ask(site)
    assert len(site.mailer.sent) == 2
    ask(site, email=MEMBERS[1].email)
    ask(site, ward=BAC_GIANG)
    assert len(site.mailer.sent) == 4


def test_a_mail_that_did_not_go_out_can_be_asked_for_again_at_once(site: DeskSite) -> None:
    site.mailer.fail_next(MailNotSent("busy"))
    ask(site)
    ask(site)
    assert len(site.mailer.sent) == 1
    site.now += timedelta(minutes=10)
    site.mailer.fail_next(MailUnknown("timeout"))
    ask(site)
    ask(site)
    assert len(site.mailer.attempts) == 3


def test_the_pass_is_in_no_address_but_the_links(site: DeskSite) -> None:
    for page in (site.post("ban").text, site.take(site.reference).text):
        assert not re.search(r'(href|action)="[^"]*gAAAA', page)


def test_a_renamed_recipient_is_shown_by_the_name_in_the_box(site: DeskSite) -> None:
    renamed = (replace(MEMBERS[0], name="Bí thư Đảng ủy"), MEMBERS[1])
    site.change_box(NGO_QUYEN, recipients=renamed)
    assert "Bí thư Đảng ủy" in site.post("ban", site.pass_of(renamed[0])).text
