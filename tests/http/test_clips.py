"""Questions read aloud: served from beside the boxes, in parts too, and never for other words."""

import shutil
from pathlib import Path

import pytest
from box_editing import TEXTS, copy_boxes, edit
from citizen_side import PLACE, Site
from homthu.adapters.box_files import BoxProblems, load_boxes
from homthu.adapters.box_files.questionnaire import read_questionnaire
from homthu.adapters.box_files.toml_file import read_toml
from homthu.domain.boxes.clip import clip_stem
from homthu.render.problems import describe

WAV = b"RIFF$\x00\x00\x00WAVEfmt " + bytes(28)
VERSION = "qcdc-v2"


@pytest.fixture
def boxes(tmp_path: Path) -> Path:
    """The shipped boxes with one question recorded in Vietnamese."""
    folder = copy_boxes(tmp_path)
    record(folder, "thai_do", "vi")
    return folder


def record(folder: Path, id: str, language: str, content: bytes = WAV, kind: str = ".wav") -> Path:
    """Record these words as they stand there now."""
    table, notes = read_toml(folder / "questionnaires" / f"{VERSION}.toml", "")
    question = read_questionnaire(VERSION, table, notes).question(id)
    assert question
    path = folder / "audio" / VERSION / (clip_stem(question, language) + kind)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def site_over(folder: Path) -> Site:
    site = Site(boxes=load_boxes(folder))
    site.recordings = folder / "audio"
    return site


def problems(folder: Path) -> list[str]:
    with pytest.raises(BoxProblems) as raised:
        load_boxes(folder)
    return [describe(problem, TEXTS["vi"]) for problem in raised.value.problems]


def test_a_recorded_question_can_be_heard_and_the_others_offer_nothing(boxes: Path) -> None:
    site = site_over(boxes)
    page = site.form.get(f"/g/{PLACE}")
    assert page.text.count('class="nghe"') == 1
    assert 'class="nghe" href="/am-thanh/qcdc-v2/vi/thai_do"' in page.text
    assert "media-src 'self'" in page.headers["Content-Security-Policy"]
    clip = site.form.get("/am-thanh/qcdc-v2/vi/thai_do")
    assert (clip.status_code, clip.content_type, clip.data) == (200, "audio/wav", WAV)
    # English words were not recorded, and slips are not read aloud.
    for query in ("?l=en", "?m=nhap-phieu"):
        other = site.form.get(f"/g/{PLACE}{query}")
        assert 'class="nghe"' not in other.text
        assert "media-src" not in other.headers["Content-Security-Policy"]


def test_a_telephone_that_asks_for_parts_gets_parts(boxes: Path) -> None:
    form = site_over(boxes).form
    part = form.get("/am-thanh/qcdc-v2/vi/thai_do", headers={"Range": "bytes=0-1"})
    assert (part.status_code, part.data) == (206, b"RI")
    assert part.headers["Content-Range"] == f"bytes 0-1/{len(WAV)}"
    beyond = form.get("/am-thanh/qcdc-v2/vi/thai_do", headers={"Range": f"bytes={len(WAV)}-"})
    assert beyond.status_code == 416


@pytest.mark.parametrize(
    "path",
    [
        *("", "x", "qcdc-v2", "qcdc-v2/vi", "qcdc-v2/vi/", "qcdc-v2/en/thai_do", "qcdc-v2/vi/lang_nghe"),
        *("qcdc-v9/vi/thai_do", "../ngo-quyen.toml", "qcdc-v2/vi/../../../ngo-quyen.toml"),
    ],
)
def test_nothing_else_is_served_from_there(boxes: Path, path: str) -> None:
    assert site_over(boxes).form.get("/am-thanh/" + path).status_code == 404


def test_a_recording_of_other_words_is_refused_with_the_name_it_should_have(boxes: Path) -> None:
    questionnaire = boxes / "questionnaires" / f"{VERSION}.toml"
    (boxes / "questionnaires" / "recorded.json").unlink()
    edit(questionnaire, 'text.vi = "Thái độ tiếp đón,', 'text.vi = "Thái độ khi tiếp đón,')
    (said,) = problems(boxes)
    assert said.startswith("audio/qcdc-v2/thai_do-")
    assert "lời của câu «thai_do» nay khác" in said
    (stale,) = (boxes / "audio" / VERSION).iterdir()
    stale.unlink()
    right = record(boxes, "thai_do", "vi")
    assert right.name in said
    assert load_boxes(boxes)


def test_an_option_put_otherwise_makes_a_recording_stale_too(boxes: Path) -> None:
    (boxes / "questionnaires" / "recorded.json").unlink()
    edit(boxes / "questionnaires" / f"{VERSION}.toml", 'vi = "Rất hài lòng"', 'vi = "Hài lòng lắm"')
    assert "nay khác bản ghi âm này" in problems(boxes)[0]


def test_whatever_cannot_be_played_is_refused_by_name(boxes: Path) -> None:
    folder = boxes / "audio" / VERSION
    record(boxes, "lang_nghe", "vi", content=b"ID3" + bytes(1_000_001), kind=".mp3")
    record(boxes, "huong_dan", "vi", content=WAV, kind=".m4a")
    (folder / "khong_co-0123456789ab.wav").write_bytes(WAV)
    (folder / "ghi chú.docx").write_bytes(b"")
    shutil.copytree(folder, boxes / "audio" / "qcdc-v9")
    said = "\n".join(problems(boxes))
    for words in ("tệp nặng 1000 kB", "nội dung không phải .m4a", "không có câu «khong_co»"):
        assert words in said
    assert "ghi chú.docx" in said
    assert "không có bộ câu hỏi «qcdc-v9»" in said
    assert len(said.splitlines()) == 5
