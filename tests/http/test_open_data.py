"""The results for programs: in the form that the schema says, and nothing beside what the page says."""

import json
import re
from pathlib import Path

import pytest
from board_side import RESULTS, W45, W46, W47, W48, BoardSite
from homthu.domain.boxes.questionnaire import say
from homthu.domain.week import Week
from homthu.render.numbers import format_count, format_share

SCHEMA = json.loads((Path(__file__).parents[2] / "web" / "open-data.schema.json").read_text("utf-8"))
_TAGS = re.compile(r"<[^>]+>")


def data(site: BoardSite) -> dict[str, object]:
    answer = site.board.get(f"{RESULTS}.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    # Two seconds of processor, which each process that only reads this file would spend.
    from jsonschema import Draft202012Validator

    Draft202012Validator(SCHEMA).validate(answer.json)
    return answer.json


def text_of(site: BoardSite) -> str:
    return " ".join(_TAGS.sub(" ", site.board.get(RESULTS).text).split())


@pytest.fixture
def site() -> BoardSite:
    """Weeks of last year and of this one, some told whole, some pooled, and fewer than ten at last."""
    made = BoardSite()
    made.receive(Week(2025, 50), 12)
    made.close(Week(2025, 50))
    for number in range(20):
        week = Week(2026, 20).shift(number)
        answers = {"chung": str(number % 5 + 1)} if number % 4 else {"chung": "5", "phien_ha": "khong"}
        made.receive(week, 12 + number, round="2026-dot-3", answers=answers)
        made.receive(week, 3, round="2026-dot-3", answers={"chung": "2", "thoi_han": "tre"})
        made.close(week)
    for week in (W45, W46, W47):
        made.receive(week, 8)
        made.close(week)
    made.receive(W48, 4)
    made.close(W48)
    return made


def test_every_figure_in_it_stands_on_the_page(site: BoardSite) -> None:
    found, page = data(site), text_of(site)
    versions = site.boxes.questionnaires
    assert len(found["releases"]) > 25
    kinds = {key for one in found["releases"] for key in ("counts", "alike", "satisfied_share") if key in one}
    assert kinds >= {"counts", "satisfied_share"}
    for one in found["releases"]:
        assert f"{format_count(one['answers'])} lượt" in page
        if "satisfied_share" in one:
            assert f"{format_share(one['satisfied_share'])} hài lòng ({one['answers']} lượt)" in page
        if one["question"] == "overall":
            continue
        (question,) = [
            asked for asked in versions[one["questionnaire"]].questions if asked.id == one["question"]
        ]
        assert say(question.short, "vi") in page
        for option, count in one.get("counts", {}).items():
            if question in versions[one["questionnaire"]].choices:
                label = say(next(known for known in question.options if known.id == option).label, "vi")
                assert f"{label} {format_count(count)} (" in page
    for week in found["weeks"]:
        assert f"Số phiếu nhận được: {format_count(week['forms'])}" in page
    assert f"Mã kiểm của báo cáo mới nhất: {found['report_digest']}" in page
    assert {one["week"][:4] for one in found["weeks"]} == {"2026"}, "the page shows the newest year"


def test_of_what_waits_nothing_but_the_number_of_forms_is_told(site: BoardSite) -> None:
    found = data(site)
    assert found["weeks"][-1] == {"week": str(W48), "forms": 4}
    assert not [one for one in found["releases"] if one["last_week"] == str(W48)]
    assert all(one["answers"] >= 10 for one in found["releases"])
    raw = json.dumps(found, ensure_ascii=False)
    assert not [
        place.code for box in site.boxes.by_ward.values() for place in box.places if place.code in raw
    ]


def test_before_the_first_report_it_is_empty_and_sound() -> None:
    found = data(BoardSite())
    assert (found["weeks"], found["releases"], found["newest_week"]) == ([], [], None)


def test_it_says_under_which_licence_and_whom_to_name(site: BoardSite) -> None:
    licence = data(site)["licence"]
    assert licence["id"] == "CC-BY-4.0"
    assert licence["attribution"] == site.boxes.by_ward["07207"].ward.authority
    assert f'href="{RESULTS}.json"' in site.board.get(RESULTS).text


def test_a_ward_that_is_not_here_has_none() -> None:
    assert BoardSite().board.get("/ket-qua/99999.json").status_code == 404
