"""F19, F70-F75: secrets, boxes and questions that go wrong or change while a round runs.

| fault | here |
|---|---|
| F19 secret missing, rotated | `test_a_box_without_its_secret…`, `test_after_a_rotation…` |
| F70 faulty box deployed mid-round | `test_a_faulty_box…` |
| F71 question changed mid-round | `test_a_question_changed…` |
| F72 page open for three weeks | `test_a_page_left_open…` |
| F73 two revisions at once, F74 back to the old one | `test_two_revisions…` |
| F75 option renamed under its id | `unit/test_questionnaire_file.py` |
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from citizen_side import ANSWERS, BOXES, KEY, NGO_QUYEN, PLACE, Site, fields_of, prove_work
from homthu.adapters.box_files.folder import load_boxes
from homthu.adapters.box_files.recorded import record_versions
from homthu.domain.cases.sorting import Sorting
from homthu.domain.reports.attribution import NOBODY
from homthu.domain.reports.suggestion import suggestions_in
from homthu.domain.reports.tally import Fact, Tally
from secret_settings import secret_settings
from served_box import ServedBox, served, whole_form


def copy_boxes(folder: Path) -> Path:
    """The shipped boxes, to be edited."""
    for path in BOXES.rglob("*"):
        if path.is_file():
            target = folder / path.relative_to(BOXES)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    return folder


def second_version(folder: Path) -> Path:
    """The shipped boxes with a second questionnaire: one question fewer, one option fewer to choose."""
    copy_boxes(folder)
    asked = folder / "questionnaires" / "qcdc-v2.toml"
    questions = re.split(r"(?m)^(?=\[\[questions?\]\])", asked.read_text("utf-8"))
    kept = [part for part in questions if 'id = "huong_dan"' not in part]
    assert len(kept) == len(questions) - 1, "the questionnaire file is laid out otherwise"
    (folder / "questionnaires" / "qcdc-v3.toml").write_text("".join(kept), "utf-8")
    for box in folder.glob("*.toml"):
        box.write_text(box.read_text("utf-8").replace('"qcdc-v2"', '"qcdc-v3"'), "utf-8")
    return folder


def test_a_faulty_box_deployed_in_mid_round_never_replaces_the_one_that_runs(tmp_path: Path) -> None:
    boxes = copy_boxes(tmp_path / "boxes")
    with served(tmp_path, HOMTHU_BOXES=str(boxes)) as box:
        box.reference(box.send(whole_form(KEY, gop_y="trước khi sửa")))
        good = (boxes / "ngo-quyen.toml").read_text("utf-8")
        (boxes / "ngo-quyen.toml").write_text(good.replace("closing_hours", "closing_hour"), "utf-8")
        refused = box.try_to_begin(HOMTHU_BOXES=str(boxes))
        assert refused.returncode == 1
        assert re.search(r"ngo-quyen\.toml:\d+: closing_hour: ", refused.stderr)
        # The one that runs goes on as it was, with its pages and its store.
        assert box.get(f"/g/{PLACE}").status == 200
        box.reference(box.send(whole_form("a" * 32, gop_y="trong khi hỏng")))
        (boxes / "ngo-quyen.toml").write_text(good, "utf-8")
        box.kill()
        box.begin()
        box.reference(box.send(whole_form("b" * 32, gop_y="sau khi sửa")))
        rows = box.exported()
    assert sorted(row["text"] for row in rows) == ["sau khi sửa", "trong khi hỏng", "trước khi sửa"]


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedBox]:
    with served(tmp_path_factory.mktemp("box")) as box:
        yield box


@pytest.mark.parametrize(
    "content",
    [None, "khong phai hex\n", *(pytest.param(one, marks=pytest.mark.long) for one in ("", "ab\n"))],
)
def test_a_box_without_its_secret_does_not_start_and_says_why(
    box: ServedBox, tmp_path: Path, content: str | None
) -> None:
    if content is not None:
        (tmp_path / "bad").write_text(content)
    refused = box.try_to_begin(HOMTHU_SECRET_REFERENCES=str(tmp_path / "bad"))
    assert refused.returncode == 1
    assert "HOMTHU_SECRET_REFERENCES" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_after_a_rotation_what_was_sent_before_is_known_and_nothing_doubles(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("ab" * 32 + "\n")
    with served(tmp_path, **secret_settings(secret)) as box:
        sent = box.send(whole_form(KEY))
        reference = box.reference(sent)
        secret.write_text("cd" * 32 + "\n" + "ab" * 32 + "\n")
        box.kill()
        box.begin()
        assert box.reference(sent) == reference
        assert box.reference(box.send(whole_form(KEY))) == reference
        assert len(box.exported()) == 1


@pytest.fixture
def changed(tmp_path: Path) -> Site:
    """A site whose box asks a second version of its questions from now on."""
    folder = second_version(tmp_path / "boxes")
    boxes = load_boxes(folder)
    record_versions(folder, boxes.questionnaires)
    return Site(boxes=boxes)


def keyed(letter: str) -> dict[str, str]:
    """What the page's script adds to a form."""
    return {"key": letter * 32, "tem": prove_work(letter * 32)}


def test_a_question_changed_in_mid_round_keeps_old_pages_and_both_counts(changed: Site) -> None:
    old = Site()
    page = fields_of(old.form.get(f"/g/{PLACE}").text)
    assert page["questionnaire"] == "qcdc-v2"
    changed.reference(changed.submit.post("/gui", data={**page, **ANSWERS, **keyed("a")}))
    fresh = fields_of(changed.form.get(f"/g/{PLACE}").text)
    assert fresh["questionnaire"] == "qcdc-v3"
    answers = {name: value for name, value in ANSWERS.items() if name != "q-huong_dan"}
    changed.reference(changed.submit.post("/gui", data={**fresh, **answers, **keyed("b")}))
    stored = changed.stored()
    assert sorted(one.submission.questionnaire for one in stored) == ["qcdc-v2", "qcdc-v3"]
    tally = Tally.of(stored, changed.boxes.questionnaires)
    by_version = [tally.count(Fact.VERSION, version) for version in ("qcdc-v2", "qcdc-v3")]
    assert (tally.total, by_version) == (2, [1, 1])
    sorted_ = Sorting(signs=changed.boxes.signs, cases_of=lambda _: ()).sorted(stored)
    assert len(list(suggestions_in(sorted_, NOBODY))) == 2


def test_a_page_left_open_for_three_weeks_is_taken_under_its_own_questions(changed: Site) -> None:
    page = fields_of(Site().form.get(f"/g/{PLACE}").text)
    changed.now += timedelta(weeks=3)
    changed.reference(changed.submit.post("/gui", data={**page, **ANSWERS, "key": KEY}))
    assert changed.stored()[0].submission.questionnaire == "qcdc-v2"


def test_two_revisions_at_once_and_a_way_back_write_and_read_the_same_store(changed: Site) -> None:
    old = Site()
    old.intake = changed.store
    fresh = fields_of(changed.form.get(f"/g/{PLACE}").text)
    answers = {name: value for name, value in ANSWERS.items() if name != "q-huong_dan"}
    changed.reference(changed.submit.post("/gui", data={**fresh, **answers, "key": "a" * 32}))
    # A page of the new revision that reaches an instance of the old one comes back, with its words.
    back = old.submit.post("/gui", data={**fresh, **answers, "key": "b" * 32})
    assert (back.status_code, fields_of(back.text)["gop_y"]) == (422, ANSWERS["gop_y"])
    again = {**fields_of(back.text), "q-huong_dan": "4"}
    assert old.submit.post("/gui", data=again).status_code == 303
    # After a way back the old revision counts what the new one stored.
    tally = Tally.of(changed.stored(NGO_QUYEN), changed.boxes.questionnaires)
    assert tally.total == 2
