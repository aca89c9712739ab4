"""Questionnaire files: what the shipped one asks, its mistakes, and that its words are kept."""

import json
import tomllib
from pathlib import Path

import pytest
from box_editing import SHIPPED, Slip, copy_boxes, edit, outcome, problems_of
from homthu.adapters.box_files import load_boxes
from homthu.adapters.box_files.recorded import record_versions, unrecorded
from homthu.domain.boxes.questionnaire import NO_OPINION, RATINGS, Questionnaire, TextKind

FILE = "questionnaires/qcdc-v2.toml"
RECORD = "questionnaires/recorded.json"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_boxes(tmp_path)


@pytest.fixture(scope="module")
def shipped() -> Questionnaire:
    return load_boxes(SHIPPED).questionnaires["qcdc-v2"]


def test_the_shipped_questionnaire_asks_what_was_settled(shipped: Questionnaire) -> None:
    assert [(q.id, q.kind.value, q.required) for q in shipped.questions] == [
        ("thai_do", "rating", True),
        ("lang_nghe", "rating", False),
        ("huong_dan", "rating", True),
        ("nghiep_vu", "rating", False),
        ("trach_nhiem", "rating", True),
        ("tac_phong", "rating", False),
        ("thoi_han", "choice", True),
        ("so_lan", "choice", False),
        ("phien_ha", "choice", False),
        ("chung", "rating", True),
    ]
    assert {q.id: [o.id for o in q.options] for q in shipped.choices} == {
        "thoi_han": ["som", "dung", "tre_xin_loi", "tre", "chua_han"],
        "so_lan": ["0", "1", "2", "3", "4", "kad"],
        "phien_ha": ["khong", "phien_ha", "goi_y_chi", "khong_tra_loi"],
    }
    assert len(shipped.services) == 10
    assert shipped.overall == "chung"


def test_every_rating_has_the_common_scale(shipped: Questionnaire) -> None:
    for question in shipped.ratings:
        assert [option.id for option in question.options] == [*RATINGS, NO_OPINION]
        assert question.options[0].label == {"vi": "Rất hài lòng", "en": "Very satisfied"}


def test_the_shipped_questionnaire_speaks_both_languages(shipped: Questionnaire) -> None:
    texts = [shipped.text_label, shipped.text_hint, *(o.label for o in shipped.services)]
    for question in shipped.questions:
        texts += [question.text, question.short, *(option.label for option in question.options)]
    assert all(set(text) == {"vi", "en"} and all(text.values()) for text in texts)
    assert all(len(q.short[language]) <= 28 for q in shipped.questions for language in ("vi", "en"))


def test_english_may_be_missing(folder: Path) -> None:
    edit(folder / FILE, 'text.en = "Courtesy and respect shown by officials"\n', "")
    question = load_boxes(folder).questionnaires["qcdc-v2"].questions[0]
    assert set(question.text) == {"vi"}


OPTION = '{ id = "som", vi = "Trước hẹn", en = "Early" }'
SLIPS = {
    "a kind unknown": Slip('kind = "rating"', 'kind = "star"', "not_one_of", "questions[1].kind"),
    "a question of two kinds": Slip(
        'kind = "rating"\n', 'kind = "rating"\noptions = []\n', "options_of_rating", "questions[1].options"
    ),
    "required that is no yes or no": Slip(
        "required = true", 'required = "có"', "not_flag", "questions[1].required"
    ),
    "a text without Vietnamese": Slip(
        'short.vi = "Thái độ tiếp đón"\n', "", "missing_key", "questions[1].short.vi", "short.en"
    ),
    "a text in an unknown language": Slip("text.en =", "text.fr =", "unknown_key", "questions[1].text.fr"),
    "a text that is no table": Slip(
        'short.vi = "Thái độ tiếp đón"\nshort.en = "Courtesy"',
        'short = "Thái độ tiếp đón"',
        "not_table",
        "questions[1].short",
    ),
    "a short label too long": Slip(
        '"Thái độ tiếp đón"', f'"{"a" * 29}"', "too_long", "questions[1].short.vi"
    ),
    "an id in capitals": Slip('id = "thai_do"', 'id = "Thai_do"', "bad_id", "questions[1].id"),
    "an id too long": Slip('id = "thai_do"', f'id = "{"a" * 21}"', "bad_id", "questions[1].id"),
    "an id used twice": Slip('id = "lang_nghe"', 'id = "thai_do"', "duplicate", "questions[2].id"),
    "an option's id used twice": Slip('id = "dung"', 'id = "som"', "duplicate", "questions[7].options[2].id"),
    "an option without an id": Slip(
        OPTION, '{ vi = "Trước hẹn" }', "missing_key", "questions[7].options[1].id"
    ),
    "an option that is a text": Slip(OPTION, '"Trước hẹn"', "not_table", "questions[7].options[1]"),
    "options under a wrong name": Slip(
        "options = [", "optoins = [", "misspelt_key", "questions[7].optoins", "optoins"
    ),
    "an overall that is no rating": Slip(
        'overall = "chung"', 'overall = "so_lan"', "overall_not_rating", "overall"
    ),
    "a scale of four": Slip(
        '4 = { vi = "Hài lòng", en = "Satisfied" }\n', "", "missing_key", "scale.4", "[scale]"
    ),
    "a scale of six": Slip("5 = { vi", '6 = { vi = "Tuyệt vời" }\n5 = { vi', "unknown_key", "scale.6"),
    "a question reworded": Slip(
        "(lịch sự, hòa nhã", "(lịch thiệp, hòa nhã", "recorded_reworded", "questions[1].text.vi"
    ),
    "a question renamed": Slip('id = "thai_do"', 'id = "thai_do_2"', "recorded_renamed", "questions[1].id"),
    "an option renamed": Slip(
        'id = "som"', 'id = "truoc_hen"', "recorded_renamed", "questions[7].options[1].id"
    ),
    "an option's id used for other words": Slip(
        'vi = "Trước hẹn"', 'vi = "Rất sớm"', "recorded_reworded", "questions[7].options[1].vi"
    ),
    "an option more": Slip(
        OPTION,
        OPTION + ',\n  { id = "khac", vi = "Khác" }',
        "recorded_added",
        "questions[7].options[2].id",
        '  { id = "khac", vi = "Khác"',
    ),
    "an option less": Slip(OPTION + ",", "", "recorded_removed", "questions[7].options", "options = ["),
    "a service reworded": Slip('vi = "Hộ tịch"', 'vi = "Tư pháp"', "recorded_reworded", "services[1].vi"),
    "a scale reworded": Slip('vi = "Rất hài lòng"', 'vi = "Tuyệt vời"', "recorded_reworded", "scale.5.vi"),
}


@pytest.mark.parametrize("slip", SLIPS.values(), ids=SLIPS)
def test_a_slip_gives_one_problem_where_it_stands(folder: Path, slip: Slip) -> None:
    found, line = outcome(folder / FILE, slip, folder)
    assert found == [(FILE, line, slip.key, slip.code)]


def test_a_recorded_question_keeps_its_kind(folder: Path) -> None:
    path = folder / FILE
    text = path.read_text("utf-8")
    head, _, tail = text.partition('id = "so_lan"')
    options = tail[tail.index("options = [") : tail.index("]\n") + 2]
    path.write_text(head + 'id = "so_lan"' + tail.replace(options, "", 1).replace('"choice"', '"rating"', 1))
    assert [(p.key, p.code, p.data["before"]) for p in problems_of(folder)] == [
        ("questions[8].kind", "recorded_retyped", "choice")
    ]


def test_a_question_more_or_less_needs_a_new_version(folder: Path) -> None:
    path = folder / FILE
    first = path.read_text("utf-8").split("\n[[questions]]")[1]
    edit(path, "\n[[questions]]" + first, "")
    more = '\n[[questions]]\nid = "moi"\nkind = "rating"\ntext.vi = "Câu mới"\nshort.vi = "Mới"\n'
    path.write_text(path.read_text("utf-8") + more, "utf-8")
    assert [(p.key, p.code, p.data["id"]) for p in problems_of(folder)] == [
        ("questions", "recorded_removed", "thai_do"),
        ("questions[10].id", "recorded_added", "moi"),
    ]


def test_what_is_not_stored_may_be_bettered(folder: Path) -> None:
    path = folder / FILE
    edit(path, 'short.vi = "Thái độ tiếp đón"', 'short.vi = "Tiếp đón"')
    edit(path, 'text.en = "Courtesy and respect', 'text.en = "Politeness and respect')
    edit(path, "required = true\n", "")
    edit(path, 'hint.vi = "Xin nêu rõ', 'hint.vi = "Xin nói rõ')
    assert problems_of(folder) == []


def test_recorded_words_are_not_lost_with_their_file(folder: Path) -> None:
    (folder / FILE).unlink()
    assert [(p.file, p.code) for p in problems_of(folder)] == [
        (RECORD, "recorded_missing"),
        ("bac-giang.toml", "unknown_questionnaire"),
        ("ngo-quyen.toml", "unknown_questionnaire"),
    ]


def test_a_version_is_a_plain_file_name(folder: Path) -> None:
    (folder / "questionnaires" / "Bộ 2.toml").write_text((folder / FILE).read_text("utf-8"), "utf-8")
    assert [(p.file, p.code) for p in problems_of(folder)] == [("questionnaires/Bộ 2.toml", "bad_version")]


@pytest.mark.parametrize(
    ("record", "line"),
    [
        ("{\n  broken", 2),
        ("[]", 1),
        ('{"qcdc-v1": 1}', 1),
        ('{"qcdc-v1": {"questions": {"a": {"kind": "rating", "text": "A"}}}}', 1),
        ('{"qcdc-v1": {"questions": {}, "scale": {"5": 5}, "services": {}}}', 1),
        ("[" * 100_000, 1),
    ],
)
def test_a_damaged_record_is_told(folder: Path, record: str, line: int) -> None:
    (folder / RECORD).write_text(record, "utf-8")
    assert [(p.file, p.line, p.code) for p in problems_of(folder)] == [(RECORD, line, "bad_record")]


def test_the_shipped_version_is_recorded_as_it_is(folder: Path) -> None:
    recorded = (folder / RECORD).read_bytes()
    (folder / RECORD).unlink()
    questionnaires = load_boxes(folder).questionnaires
    assert unrecorded(folder, questionnaires) == ("qcdc-v1", "qcdc-v2")
    assert record_versions(folder, questionnaires) == ("qcdc-v1", "qcdc-v2")
    assert (folder / RECORD).read_bytes() == recorded


def test_recording_adds_new_versions_and_leaves_old_ones_alone(folder: Path) -> None:
    second = folder / "questionnaires" / "qcdc-v3.toml"
    second.write_text((folder / FILE).read_text("utf-8").replace("Thái độ tiếp đón,", "Thái độ,"), "utf-8")
    before = json.loads((folder / RECORD).read_bytes())
    questionnaires = load_boxes(folder).questionnaires
    assert record_versions(folder, questionnaires) == ("qcdc-v3",)
    after = json.loads((folder / RECORD).read_bytes())
    assert after["qcdc-v1"] == before["qcdc-v1"]
    assert after["qcdc-v3"]["questions"]["thai_do"]["text"].startswith("Thái độ, giao tiếp")
    assert record_versions(folder, questionnaires) == ()
    edit(second, "Thái độ, giao", "Cách giao")
    assert [(p.file, p.code) for p in problems_of(folder)] == [
        ("questionnaires/qcdc-v3.toml", "recorded_reworded")
    ]


def test_many_mistakes_in_one_file_come_together(folder: Path) -> None:
    path = folder / FILE
    for old, new in [
        ("schema = 1", "schema = 2"),
        ('overall = "chung"', 'overall = "so_lan"'),
        ('vi = "Hộ tịch"', 'vi = "Tư pháp"'),
        ('hint.vi = "Xin', 'hint.vi = "\\u0000Xin'),
        ("khong = {", "khongg = {"),
        ("required = true", "required = 1"),
        ("(lịch sự, hòa", "(lịch thiệp, hòa"),
        ('id = "dung"', 'id = "Dung"'),
        ('short.vi = "Giờ giấc, tác phong"', 'short.vi = ""'),
        ('kind = "choice"', 'kind = "chon"'),
    ]:
        edit(path, old, new)
    assert len(problems_of(folder)) == 10
    assert tomllib.loads(path.read_text("utf-8"))


# What a text may be, and the box «xin không trích».


def test_what_a_text_may_be_is_read_in_every_language(folder: Path) -> None:
    asked = load_boxes(folder).questionnaires
    assert [option.id for option in asked["qcdc-v2"].text_kinds] == list(TextKind)
    assert asked["qcdc-v2"].text_kinds[0].label == {"vi": "Lời khen", "en": "Praise"}
    assert asked["qcdc-v2"].do_not_quote_label["vi"].endswith("xin không trích.")
    assert (asked["qcdc-v1"].text_kinds, dict(asked["qcdc-v1"].do_not_quote_label)) == ((), {})


def test_kinds_of_text_are_all_there_or_none(folder: Path) -> None:
    edit(folder / FILE, 'de_xuat = { vi = "Đề xuất", en = "A proposal" }\n', "")
    assert [(p.key, p.code) for p in problems_of(folder)] == [("text.kinds.de_xuat", "missing_key")]


def test_recorded_kinds_of_text_are_neither_reworded_nor_dropped_nor_added(folder: Path) -> None:
    edit(folder / FILE, 'khen = { vi = "Lời khen"', 'khen = { vi = "Khen"')
    assert [(p.key, p.code) for p in problems_of(folder)] == [("text.kinds.khen.vi", "recorded_reworded")]
    path = folder / FILE
    text = path.read_text("utf-8")
    start, end = text.index("\n[text.kinds]\n"), text.index("\n# Ô để xin")
    kinds = text[start:end].replace('"Khen"', '"Lời khen"')
    path.write_text(text[:start] + text[end:], "utf-8")
    assert [(p.key, p.code) for p in problems_of(folder)] == [("text", "recorded_removed")]
    path.write_text(text[:start] + kinds + text[end:], "utf-8")
    first = folder / "questionnaires" / "qcdc-v1.toml"
    edit(first, "\n# Nhãn của thang", f"\n{kinds}\n# Nhãn của thang")
    assert [(p.file, p.key, p.code) for p in problems_of(folder)] == [
        ("questionnaires/qcdc-v1.toml", "text.kinds", "recorded_added")
    ]
