"""Paper slips: printed as the form is, typed in one by one, told apart, and vouched for by a code."""

import hmac
import html
import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from citizen_side import BAC_GIANG, KEY, NGO_QUYEN, PLACE, Site, fields_of
from homthu.domain.reports.ledger import FrozenReport
from homthu.domain.reports.tally import Tally
from homthu.domain.submissions.paper_batch import PaperBatch, batch_id, format_code, make_code
from homthu.domain.submissions.submission import Channel, Flag
from homthu.domain.week import Week
from homthu.ports import BatchFinder
from homthu.services.mark_paper import PaperDesk, mark_paper

W48 = Week(2026, 48)


@pytest.fixture
def site() -> Site:
    return Site()


def code_for(site: Site, ward: str = NGO_QUYEN, slips: int = 50, digit: int = 7) -> str:
    """A new batch's code."""
    code = make_code(bytes([digit]) * 16)
    id = batch_id(ward, code)
    assert id
    if not site.store.paper_batch(id):
        batch = PaperBatch(id=id, ward=ward, label=f"Lô {digit}", slips=slips, made_on=date(2026, 11, 23))
        site.store.create_paper_batch(batch)
    return format_code(code)


def test_the_slip_asks_what_the_form_asks_in_the_same_order_with_the_same_numbers(site: Site) -> None:
    slip = html.unescape(site.form.get(f"/phieu-giay/{PLACE}").text)
    page = html.unescape(site.form.get(f"/g/{PLACE}?m=nhap-phieu").text)
    questionnaire = site.boxes.by_ward[NGO_QUYEN].questionnaire
    for number, question in enumerate(questionnaire.questions, 1):
        assert f"<b>{number}.</b> {question.text['vi']}" in slip
        assert f"<b>{number}.</b> {question.text['vi']}" in page
    labels = [o.label["vi"] for question in questionnaire.questions for o in question.options]
    on_slip = re.findall(r'<li>(\w+) <span class="o"></span> (.*?)</li>', slip)
    on_page = re.findall(r"<span>([a-z])\. (.*?)</span>", page)
    services = re.findall(r'<option value="\w+">([a-z])\. (.*?)</option>', page)
    kinds = [option.label["vi"] for option in questionnaire.text_kinds]
    assert on_slip == on_page[: len(labels)] + services + on_page[len(labels) :]
    assert [label for _, label in on_page] == labels + kinds
    assert f'<span class="o"></span> {questionnaire.do_not_quote_label["vi"]}' in slip
    letters = [
        [one[0] for one in on_page if one[1] == label] for label in ("Rất hài lòng", "Rất không hài lòng")
    ]
    assert set(letters[0]) == {"a"}
    assert set(letters[1]) == {"e"}
    assert "form" not in re.findall(r"<(\w+)", slip)


def test_a_slip_with_the_wards_code_is_paper_and_unsuspected_however_fast_it_was_typed(site: Site) -> None:
    code = code_for(site).lower()
    submit = site.submit
    fields = {"place": PLACE, "questionnaire": "qcdc-v1", "kenh": "giay", "m": "nhap-phieu", "lo": code}
    for n in range(40):
        sent = submit.post("/gui", data={**fields, "key": f"{n:032x}", "q-chung": "4"})
        assert sent.status_code == 303
        assert "m=nhap-phieu" in sent.headers["Location"]
    stored = [one.submission for one in site.stored()]
    assert {(one.channel, one.flags) for one in stored} == {(Channel.PAPER, ())}
    assert code not in repr(stored)


@pytest.mark.parametrize("code", ["", "sai", "000000000000"])
def test_a_slip_without_the_code_is_kept_and_flagged(site: Site, code: str) -> None:
    site.reference(site.send(kenh="giay", lo=code))
    (stored,) = site.stored()
    assert stored.submission.channel is Channel.PAPER
    assert Flag.UNVOUCHED in stored.submission.flags


def test_another_wards_code_vouches_for_nothing(site: Site) -> None:
    site.reference(site.send(kenh="giay", lo=code_for(site, BAC_GIANG)))
    assert Flag.UNVOUCHED in site.stored()[0].submission.flags


def close(site: Site, week: Week = W48) -> dict[str, int]:
    """Close the week as `report` does; how many of each batch are vouched for, and how many are not."""
    desk = PaperDesk(archive=site.store, ledger=site.store, batches=site.store)
    list(mark_paper(desk, NGO_QUYEN, week, lambda: site.store.receipts(NGO_QUYEN, week)))
    list(site.store.assign_week(NGO_QUYEN, week))
    found = {"vouched": 0, "not": 0}
    for one in site.store.in_week(NGO_QUYEN, week):
        found["not" if Flag.UNVOUCHED in one.submission.flags else "vouched"] += 1
    return found


def freeze(site: Site, week: Week) -> None:
    """The report of a closed week, as far as the next one looks at it."""
    site.store.freeze(
        FrozenReport(
            ward=NGO_QUYEN,
            week=week,
            year=week.year,
            number=1,
            frozen_on=week.sunday,
            recipients=(),
            tally=Tally.of(site.store.in_week(NGO_QUYEN, week), site.boxes.questionnaires),
            content="",
            previous_digest="",
            digest="",
        )
    )


def type_in(site: Site, count: int, code: str) -> None:
    submit, site.typed = site.submit, getattr(site, "typed", 0) + count
    for n in range(site.typed - count, site.typed):
        fields = {"place": PLACE, "questionnaire": "qcdc-v1", "kenh": "giay", "lo": code, "q-chung": "5"}
        assert submit.post("/gui", data={**fields, "key": f"{n:032x}"}).status_code == 303


def test_a_leaked_code_vouches_for_no_more_than_its_slips_and_drops_none(site: Site) -> None:
    type_in(site, 60, code_for(site, slips=50))
    type_in(site, 5, code_for(site, slips=5, digit=9))
    assert close(site) == {"vouched": 5, "not": 60}
    assert len(site.stored()) == 65


def test_what_earlier_weeks_typed_counts_too(site: Site) -> None:
    code = code_for(site, slips=50)
    type_in(site, 40, code)
    assert close(site) == {"vouched": 40, "not": 0}
    freeze(site, Week(2026, 48))
    site.now += timedelta(days=7)
    type_in(site, 11, code)
    assert close(site, Week(2026, 49)) == {"vouched": 0, "not": 11}


def test_a_withdrawn_code_vouches_for_nothing_more_nor_for_what_is_not_closed(site: Site) -> None:
    code = code_for(site)
    type_in(site, 3, code)
    (batch,) = site.store.paper_batches(NGO_QUYEN)
    site.store.replace_paper_batch(batch, replace(batch, is_revoked=True))
    site.reference(site.send(kenh="giay", lo=code))
    assert close(site) == {"vouched": 0, "not": 4}


def test_nothing_that_form_and_submit_hold_leads_to_a_code(site: Site) -> None:
    """A store that `submit` may only ask for one id, and secrets that no code was made of."""
    code_for(site)
    held = (*site.secrets.all, *site.receipts.all)
    for secret, label in product(held, (b"", b"homthu paper\0", b"homthu seal")):
        digest = hmac.digest(secret, label + NGO_QUYEN.encode(), "sha256")
        for entropy in (digest[:16], digest[16:], digest[:8]):
            key = hmac.digest(digest, entropy, "sha256").hex()[:32]
            site.reference(site.send(key=key, kenh="giay", lo=make_code(entropy)))
    assert len(site.stored()) == 18
    assert all(Flag.UNVOUCHED in one.submission.flags for one in site.stored())
    assert not hasattr(BatchFinder, "paper_batches"), "it cannot even list them"


@pytest.mark.parametrize("typed", ["{}", " {} ", "{}.", "{}\n"])
def test_a_code_is_read_however_it_was_typed(site: Site, typed: str) -> None:
    code = code_for(site)
    for n, form in enumerate((code, code.replace("-", ""), code.replace("-", " "), code.replace("-", "–"))):
        site.reference(site.send(key=f"{n:032x}", kenh="giay", lo=typed.format(form), tem=""))
    assert {one.submission.flags for one in site.stored()} == {()}
    assert {one.submission.batch for one in site.stored()} == {next(site.store.paper_batches(NGO_QUYEN)).mark}


def test_what_a_slip_left_blank_is_not_asked_again_but_a_blank_slip_is_no_slip(site: Site) -> None:
    blank = {"q-thai_do": "", "q-huong_dan": "", "q-trach_nhiem": "", "q-thoi_han": "", "q-chung": ""}
    paper = {"kenh": "giay", "lo": code_for(site), "linh_vuc": ""}
    assert site.send(**paper, **blank, gop_y="").status_code == 422
    assert site.send(**blank, gop_y="").status_code == 422
    site.reference(site.send(**paper, **blank, gop_y="Chỉ viết lời"))
    assert dict(site.stored()[0].submission.answers) == {}


def test_the_code_and_the_mode_outlive_the_review_page(site: Site) -> None:
    review = site.send(key="", kenh="giay", m="nhap-phieu", lo=code_for(site))
    fields = fields_of(review.text)
    assert (fields["lo"], fields["m"], fields["kenh"]) == (code_for(site), "nhap-phieu", "giay")
    back = fields_of(site.submit.post("/gui", data={**fields, "sua": "1"}).text)
    assert back["lo"] == code_for(site)
    assert KEY not in review.text
