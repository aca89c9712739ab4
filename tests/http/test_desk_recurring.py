"""What was answered and comes back within sixty days is shown as such: at the desk, and in the report."""

from datetime import timedelta

import pytest
from board_side import W46, W47
from citizen_side import BAC_GIANG
from desk_side import ONCE, PETITION, TEXTS, DeskSite, words
from homthu.domain.reports.attribution import NOBODY
from homthu.domain.week import Week, local_date
from homthu.render.report.cases import state
from homthu.services.case_statistics import read_case_statistics

LAMP, AGAIN, OTHER = "Đèn đường ngõ 12 hỏng", "Đèn ngõ 12 lại hỏng rồi", "Quầy ba thiếu ghế"
ANSWER = {"tom_tat": "Đèn ở ngõ 12", "tra_loi": "Đã thay bóng đèn.", "loai": "done"}


@pytest.fixture
def site() -> DeskSite:
    """A lamp that was answered on Tuesday of week 47, and a text about it that came in week 47."""
    site = DeskSite()
    (site.lamp,) = site.receive(W46, text=LAMP)
    site.close(W46)
    site.take(site.lamp)
    site.act(site.lamp, "answer", idempotency_key=f"{ONCE}-answer", **ANSWER)
    site.close(W47)
    return site


def comes(site: DeskSite, text: str, week: Week, **changes: str) -> str:
    """A text of a week that is closed by now."""
    (reference,) = site.receive(week, text=text, **changes)
    site.now = max(site.now, week.ends_at + timedelta(days=1))
    list(site.store.assign_week("07207", week))
    return reference


def recurs(site: DeskSite, reference: str, seen: int = 0, of: str = "", **fields: str) -> object:
    return site.act(
        reference,
        "recur",
        seen=seen,
        viec_chinh=of or site.id_of(site.lamp),
        **{"idempotency_key": f"{ONCE}-recur", **fields},
    )


def test_a_text_about_what_was_answered_is_asked_about_and_shown_as_recurring(site: DeskSite) -> None:
    again = comes(site, AGAIN, Week(2026, 50))
    asked = words(site.post("phieu", phieu=site.id_of(again)).text)
    assert "Có phải việc đã trả lời" in asked
    assert "Đã thay bóng đèn." in asked
    done = words(recurs(site, again).text)
    assert "Tái diễn: trước đây đã trả lời" in done
    assert "Tái diễn" in words(site.post("ban").text)
    today = local_date(site.now)
    told = read_case_statistics(
        site.store, site.store.submission, ward="07207", first=today, last=today, attribution=NOBODY
    )
    (one,) = told.cases
    assert state(one, TEXTS).startswith("Tái diễn sau khi đã trả lời – ")
    assert "Đã thay bóng đèn." in site.look_up(site.lamp).text, "what was answered stays answered"
    assert "Đã thay bóng đèn." not in site.look_up(again).text


@pytest.mark.parametrize(("weeks", "is_asked"), [(0, True), (8, True), (9, False)])
def test_it_is_asked_for_sixty_days_after_the_answer(site: DeskSite, weeks: int, is_asked: bool) -> None:
    answered = Week.of(local_date(site.now))
    again = comes(site, AGAIN, answered.shift(weeks))
    page = site.post("phieu", phieu=site.id_of(again)).text
    assert ("Có phải việc đã trả lời" in page) is is_asked
    assert recurs(site, again).status_code == (200 if is_asked else 400)


def test_what_has_nothing_to_do_with_it_is_not_asked_about(site: DeskSite) -> None:
    for text in (OTHER, PETITION):
        other = comes(site, text, Week(2026, 50))
        assert "Có phải việc đã trả lời" not in site.post("phieu", phieu=site.id_of(other)).text


def test_said_twice_it_is_noted_once_and_only_of_the_wards_own_answers(site: DeskSite) -> None:
    again = comes(site, AGAIN, Week(2026, 50))
    for _ in range(2):
        assert recurs(site, again).status_code == 200
    case = site.store.case(site.id_of(again))
    assert [event.action.kind for event in case.history] == ["open", "recur"]
    assert recurs(site, again, seen=2, idempotency_key=f"{ONCE}-more").status_code == 400
    late = comes(site, OTHER, Week(2026, 50))
    site.take(late)
    assert recurs(site, late, seen=0, idempotency_key=f"{ONCE}-late").status_code == 409
    (foreign,) = site.receive(W47, ward=BAC_GIANG, text=LAMP)
    list(site.store.assign_week(BAC_GIANG, W47))
    for of in (site.id_of(foreign), "x", site.id_of(late)):
        refused = recurs(site, late, seen=1, of=of, idempotency_key=f"{ONCE}-{of[:4]}")
        assert refused.status_code in (400, 404)
