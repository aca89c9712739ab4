"""What the form says and takes around the edges of a round, to the second, in Viet Nam's time."""

from datetime import datetime, timedelta

import pytest
from citizen_side import NGO_QUYEN, PLACE, Site
from homthu.domain.boxes.box import BetweenRounds

PATH = f"/g/{PLACE}"
SECOND = timedelta(seconds=1)
#: The fourth round of the shipped box runs from 1 October to the end of 25 December.
OPENS, CLOSES = (datetime.fromisoformat(f"2026-{day}T00:00:00+07:00") for day in ("10-01", "12-26"))
ENDS = CLOSES + timedelta(hours=24)


@pytest.fixture
def site() -> Site:
    made = Site()
    made.change_box(NGO_QUYEN, between_rounds=BetweenRounds.CLOSE)
    return made


@pytest.mark.parametrize(
    ("at", "is_shown", "is_taken"),
    [
        (OPENS - SECOND, False, False),
        (OPENS, True, True),
        (CLOSES - SECOND, True, True),
        (CLOSES, False, True),
        (ENDS - SECOND, False, True),
        (ENDS, False, False),
    ],
)
def test_a_round_turns_to_the_second(site: Site, at: datetime, is_shown: bool, is_taken: bool) -> None:
    site.now = at
    assert ('<form method="post" action="/gui"' in site.form.get(PATH).text) is is_shown
    assert (site.send().status_code == 303) is is_taken


@pytest.mark.parametrize("edge", [OPENS, CLOSES, ENDS])
def test_a_cached_page_turns_with_the_round(site: Site, edge: datetime) -> None:
    site.now = edge - SECOND
    form = site.form
    before = form.get(PATH)
    assert "s-maxage=1," in before.headers["Cache-Control"]
    site.now = edge
    assert form.get(PATH).data != before.data


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (
            OPENS - SECOND,
            ("Đợt 4", "bắt đầu từ ngày 01/10/2026", "Đợt 3 đã kết thúc"),
        ),
        (OPENS, ("nhận ý kiến từ 01/10/2026 đến hết 25/12/2026",)),
        (CLOSES, ("vẫn gửi được đến 00:00, 27/12/2026", "22/01/2027")),
        (ENDS, ("Đợt 1", "bắt đầu từ ngày 22/01/2027", "0204 000 0000")),
    ],
)
def test_every_state_is_told_in_words(site: Site, at: datetime, said: tuple[str, ...]) -> None:
    site.now = at
    page = site.form.get(PATH).text
    assert [words for words in said if words not in page] == []


def test_before_the_first_round_the_page_says_from_when(site: Site) -> None:
    (rule,) = [rule for rule in site.boxes.by_ward["07210"].rounds if rule.opens[:2] == (2026, 10)]
    site.change_box(NGO_QUYEN, rounds=(rule,))
    site.now = OPENS - timedelta(days=3)
    assert "nhận góp ý từ 00:00, 01/10/2026" in site.form.get(PATH).text


def test_a_closed_page_leads_to_the_boxs_results_or_to_where_the_ward_publishes_them(site: Site) -> None:
    site.now = ENDS
    assert 'href="/ket-qua/07207">Xem kết quả các đợt trước</a>' in site.form.get(PATH).text
    site.change_box(NGO_QUYEN, results="https://phuong.example.org/ket-qua")
    assert 'href="https://phuong.example.org/ket-qua">Xem kết quả' in site.form.get(PATH).text
