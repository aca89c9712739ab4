"""The draft in the official form: what it says, read from the XML that a word processor reads."""

import re
import tomllib
from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest
from builders import box, places, questionnaire, stored, week_of_submissions
from case_builders import case_statistics
from homthu.adapters.web_files import WEB
from homthu.domain.boxes.box import LetterHead
from homthu.domain.releases.series import WARD, SeriesKind
from homthu.domain.reports.edition import EditionKind
from homthu.render.letter.draft import render_letter
from read_letter import TEXTS, W, letter, lines, part, style
from read_mail import without_marks_in
from report_builders import report


def test_words_to_the_drafter_are_comments_and_not_in_what_is_signed() -> None:
    file = letter(LetterHead.DANG)
    comments = part(file, "word/comments.xml")
    said = [lines(one)[0] for one in comments]
    for start in ("Văn thư cấp số", "Mẫu của Đảng", "Hệ thống đếm 8 nơi", "Hệ thống chỉ tách lời khen"):
        assert any(text.startswith(start) for text in said), start
    assert any("người soạn viết; hệ thống không tự kết luận" in text for text in said)
    text = " ".join(lines(part(file)))
    for word in ("người soạn", "hệ thống không tự", "Văn thư"):
        assert word not in text
    assert {one.get(f"{W}date") for one in comments} == {None}
    ids = {one.get(f"{W}id") for one in comments}
    assert {one.get(f"{W}id") for one in part(file).iter(f"{W}commentReference")} == ids


@pytest.mark.parametrize(
    ("issuer", "committee", "said"),
    [
        ("Đảng ủy phường A", "Ban Chỉ đạo QCDC phường A", "; Đảng ủy phường A giao Ban Chỉ đạo"),
        ("Đảng uỷ phường A", "BCĐ QCDC phường A", "; Đảng uỷ phường A giao BCĐ"),
        ("Đảng ủy phường A", "Ban Thường vụ Tỉnh ủy", ", Đảng ủy phường A kính báo cáo Ban Thường vụ"),
        (
            "Ban Chỉ đạo QCDC phường A",
            "Thường trực Đảng ủy",
            ", Ban Chỉ đạo QCDC phường A kính báo cáo Thường",
        ),
    ],
)
def test_nobody_reports_to_who_works_under_them(issuer: str, committee: str, said: str) -> None:
    held = replace(style(LetterHead.DANG), issuer=issuer, committee=committee)
    made = report([stored(1)], box=box(report=held))
    text = " ".join(lines(part(ZipFile(BytesIO(render_letter(made, texts=TEXTS))))))
    assert f"Trên đây là kết quả tổng hợp ý kiến góp ý tuần 48 năm 2026{said}" in text


def test_no_comma_stands_before_the_day_of_the_plan() -> None:
    assert "Thực hiện Kế hoạch số 55-KH/ĐU ngày 15/01/2026 của Đảng ủy phường về" in " ".join(
        lines(part(letter()))
    )


@pytest.mark.parametrize("head", LetterHead)
def test_the_file_is_of_a_word_of_today_and_names_nobody_elses_program(head: LetterHead) -> None:
    file = letter(head)
    settings = {
        one.get(f"{W}name"): one.get(f"{W}val")
        for one in part(file, "word/settings.xml").iter(f"{W}compatSetting")
    }
    assert settings["compatibilityMode"] == "15"
    app = file.read("docProps/app.xml").decode()
    assert "<Application>Hòm thư góp ý điện tử</Application>" in app
    assert "Microsoft" not in app
    assert "AppVersion" not in app


def test_the_sixth_table_tells_every_case_and_leaves_no_row_blank() -> None:
    made = render_letter(report([], case_statistics=case_statistics(more=1)), texts=TEXTS)
    file = ZipFile(BytesIO(without_marks_in(made)))
    cases = next(table for table in part(file).iter(f"{W}tbl") if "Nội dung việc" in lines(table))
    heading, *rows = ([lines(cell)[0] for cell in row.iter(f"{W}tc")] for row in cases.iter(f"{W}tr"))
    assert heading[1:] == [
        *("Nội dung việc", "Ngày nhận", "Đơn vị xử lý", "Hạn", "Kết quả"),
        "Hình thức công khai, trả lời",
    ]
    assert [row[5] for row in rows] == [
        *("Quá hạn 3 ngày", "Chưa giao đơn vị", "Đang giải quyết"),
        *("Đã trả lời ngày 26/11/2026", "Đã kết thúc ngày 25/11/2026"),
    ]
    assert rows[0][2:5] == ["23/11/2026", "Tổ dân phố số 5", "27/11/2026"]
    assert [row[6] for row in rows] == ["", "", "", "Trang kết quả", ""]
    said = " ".join(lines(part(file)))
    assert "Kỳ trước chuyển sang 2 việc; phát sinh 3; đã giải quyết 2; đang giải quyết 3" in said
    assert "Còn 1 việc khác, xem trên bàn xử lý." in said


def test_every_figure_of_the_tables_is_the_reports() -> None:
    submissions = list(week_of_submissions(87))
    made = report(submissions, box=box(report=style(LetterHead.DOAN)))
    _, counts, questions, *_ = part(letter(submissions=submissions)).iter(f"{W}tbl")
    rows = [lines(row) for row in counts.iter(f"{W}tr")][1:]
    assert [row[2] for row in rows] == [str(p.received) for p in made.forms.by_place] + ["87"]
    rows = [lines(row) for row in questions.iter(f"{W}tr")][1:]
    for row, (_, asked) in zip(rows, made.rated(questionnaire()), strict=True):
        figure = made.tells(WARD, asked).figure
        assert figure is not None
        assert row[2:8] == [
            *(str(figure.chose({rating}).least) for rating in "54321"),
            str(figure.answers),
        ]


def test_a_first_week_of_few_shows_no_figure_and_says_what_is_waited_for() -> None:
    made = report(list(week_of_submissions(7)), earlier={})
    text = " ".join(lines(part(ZipFile(BytesIO(render_letter(made, texts=TEXTS))))))
    assert "%" not in text.replace("95%", "")
    assert "Mới có 7 phiếu từ 23/11; sẽ nêu khi đủ 10 lượt trả lời." in text
    assert "Mức độ hài lòng theo nội dung" not in text


def test_a_week_of_none_is_reported_and_vouches_for_no_poster() -> None:
    text = " ".join(lines(part(letter(submissions=[]))))
    assert "không phát sinh ý kiến góp ý qua Hòm thư góp ý điện tử" in text
    assert "hoạt động bình thường" not in text
    assert "Phụ lục" not in text
    assert "8 nơi đặt mã" in text


def test_the_draft_says_that_it_is_one_on_its_first_page_only() -> None:
    file = letter()
    headers = {name: lines(part(file, name)) for name in file.namelist() if "header" in name}
    marked = [name for name, found in headers.items() if any("DỰ THẢO" in line for line in found)]
    assert len(marked) == 1
    fields = [[e.text for e in part(file, name).iter(f"{W}instrText")] for name in headers]
    assert [one for one in fields if one] == [["PAGE"]]


def test_the_core_properties_are_ours() -> None:
    core = letter().read("docProps/core.xml").decode()
    assert "Báo cáo tuần 48 năm 2026 – phường Bắc Giang" in core
    assert set(re.findall(r"<(?:dc:creator|cp:lastModifiedBy)>([^<]*)<", core)) == {
        "BCH Đoàn phường Ngô Quyền"
    }
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2026-11-30T00:00:00Z"}
    assert "<dc:language>vi-VN</dc:language>" in core
    assert "python" not in core


def test_equal_input_gives_equal_bytes() -> None:
    made = report(list(week_of_submissions(20)))
    assert render_letter(made, texts=TEXTS) == render_letter(made, texts=TEXTS)


@pytest.mark.parametrize(
    "text", ["a\x00b\x0bc", "\ud800", "<w:p/>&amp;", "\ufffe\uffff", "https://evil.example", "=1+1"]
)
def test_hostile_words_are_shown_and_do_no_harm(text: str) -> None:
    file = letter(submissions=[stored(1, text=f"Tốt {text}")])
    body = file.read("word/document.xml").decode()
    assert "Tốt" in " ".join(lines(part(file)))
    assert "w:hyperlink" not in body
    assert "https://" not in body.split("<w:body>")[1]


def test_two_versions_of_the_questions_have_tables_of_their_own() -> None:
    asked = {v: questionnaire(v) for v in ("qcdc-v1", "qcdc-v0")}
    submissions = [stored(1), stored(2, questionnaire="qcdc-v0")]
    made = report(submissions, box=box(), questionnaires=asked)
    text = " ".join(lines(part(ZipFile(BytesIO(render_letter(made, texts=TEXTS))))))
    assert "bộ câu hỏi qcdc-v0" in text
    assert "bộ câu hỏi qcdc-v1" in text


def test_three_hundred_places_and_long_texts_stay_a_small_file() -> None:
    submissions = [stored(n, text="Đề nghị sửa đường. " * 50) for n in range(200)]
    file = letter(submissions=submissions, places=places(300))
    assert sum(info.compress_size for info in file.infolist()) < 200_000


def test_every_sentence_is_used() -> None:
    table = tomllib.loads((WEB / "text" / "letter.vi.toml").read_text("utf-8"))["letter"]
    folder = WEB.parent / "functions/homthu/render"
    sources = "\n".join(path.read_text("utf-8") for path in sorted(folder.rglob("*.py")))
    words = set(re.findall(r'"(\w+)"', sources)) | {f"by_{kind}" for kind in SeriesKind}
    words |= {f"before_{kind}" for kind in EditionKind} | {"heading"}
    for section, sentences in table.items():
        for key in sentences:
            assert f'"letter.{section}.{key}"' in sources or key in words, f"letter.{section}.{key}"
