"""Matters, praise and themes as they stand in mail, letter and workbook; whose words are marked as whose."""

from dataclasses import replace
from io import BytesIO

import pytest
from builders import questionnaire, stored
from case_builders import case_statistics, summary
from homthu.domain.boxes.questionnaire import TextKind, Theme
from homthu.domain.reports.audience import Audience
from homthu.domain.reports.edition import EditionKind
from homthu.domain.reports.period import Period
from homthu.domain.reports.suggestion import suggestions_in
from homthu.domain.reports.themes import OTHER, UNKNOWN, ThemeCounts
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.domain.submissions.submission import StoredSubmission
from homthu.render.letter.draft import letter_of
from homthu.render.marks import marked_words
from homthu.render.report.mail import render_report
from homthu.render.workbook.workbook import render_workbook
from openpyxl import load_workbook
from read_mail import TEMPLATES, TEXTS, Page, attribution, mail_of, without_marks_in
from report_builders import numbered, report

LAMP = "Đèn đường ngõ 12 hỏng."
GIVEN = numbered(
    [
        *(stored(n, text=LAMP) for n in range(4)),
        stored(50, text="Ghế sảnh 2 gãy"),
        *(stored(60 + n, text=f"Cảm ơn quầy {n}", text_kind=TextKind.PRAISE) for n in range(3)),
    ]
)


def sheet_of(made: WeeklyReport, given: list[StoredSubmission], name: str) -> list[tuple[object, ...]]:
    rows = suggestions_in(given, attribution(given), made.suggestions)
    content = without_marks_in(render_workbook(made, texts=TEXTS, suggestions=rows))
    return list(load_workbook(BytesIO(content))[name].iter_rows(values_only=True))


def test_several_forms_are_told_as_one_matter_with_their_number() -> None:
    mail, made = mail_of(GIVEN), report(GIVEN)
    (matter,) = (one for one in made.suggestions.quoted if one.forms > 1)
    names = sorted([matter.name, *(one.name for one in matter.others)])
    for part in (mail.text, Page(mail.html).text):
        told = " ".join(part.split())
        assert told.count(LAMP) == 1
        assert "4 phiếu" in told
        assert all(name in told for name in names)
    letter = str(letter_of(made, TEXTS))
    assert letter.count(LAMP) == 1
    assert f"{matter.name}\\n4 phiếu" in letter or "4 phiếu" in letter
    heading, *rows = sheet_of(made, GIVEN, "Góp ý")
    lamps = [row for row in rows if row[heading.index("Nội dung góp ý")] == LAMP]
    assert len(lamps) == 4, "every form keeps its own row and its own words"
    same = {(row[heading.index("Cùng việc với")], row[heading.index("Số phiếu")]) for row in lamps}
    assert same == {(matter.name, 4)}


def test_praise_is_a_line_with_two_examples_and_nothing_to_read() -> None:
    mail = mail_of(GIVEN)
    text = " ".join(mail.text.split())
    assert "5 góp ý mới cần đọc, 3 lời khen;" in text
    assert "Lời khen (3 phiếu):" in text
    assert sum(f"> Cảm ơn quầy {n}" in text for n in range(3)) == 2
    letter = str(letter_of(report(GIVEN), TEXTS))
    assert "Lời khen (3 phiếu), ví dụ: “" in letter
    heading, *rows = sheet_of(report(GIVEN), GIVEN, "Góp ý")
    assert [row[heading.index("Loại")] for row in rows].count("Lời khen") == 3


def test_a_week_of_praise_alone_says_that_nothing_has_to_be_read() -> None:
    praise = [stored(n, text=f"Cảm ơn {n}", text_kind=TextKind.PRAISE) for n in range(3)]
    text = " ".join(mail_of(praise).text.split())
    assert "Không có góp ý mới nào cần đọc, 3 lời khen;" in text
    assert "được trích trong kỳ" not in text


def test_whoever_reads_no_words_is_told_of_no_praise_but_what_was_let_pass() -> None:
    made = report(GIVEN)
    others = replace(made, audience=Audience.FIGURES, suggestions=replace(made.suggestions, praise=0))
    mail = render_report(others, texts=TEXTS, templates=TEMPLATES, suggestions=(), desk_url="https://x/y")
    assert "lời khen" not in mail.text.casefold()
    assert "8 góp ý mới đang chờ người được phân công đọc" in " ".join(mail.text.split())


def test_each_quotation_of_a_matter_and_of_praise_is_marked_as_somebodys() -> None:
    made = report(GIVEN)
    rows = suggestions_in(GIVEN, attribution(GIVEN), made.suggestions)
    mail = render_report(made, texts=TEXTS, templates=TEMPLATES, suggestions=rows, desk_url="https://x/y")
    ids = {one.id for one in made.suggestions.quoted} | {one.id for one in made.suggestions.praised}
    found = [(id, words) for id, words in marked_words(mail.text) if id]
    assert {id for id, _ in found} == ids
    unmarked = "".join(words for id, words in marked_words(mail.text) if not id)
    assert not any(word in unmarked for word in ("Đèn đường", "Ghế sảnh", "Cảm ơn"))


def test_a_case_that_holds_several_forms_says_how_many() -> None:
    cases = replace(case_statistics(summary(forms=4)), joined=2)
    made = report(GIVEN, case_statistics=cases)
    text = " ".join(mail_of(GIVEN, case_statistics=cases).text.split())
    assert "· 4 phiếu)" in text
    assert "2 việc gộp vào việc khác." in text
    assert "4 phiếu" in str(letter_of(made, TEXTS))
    heading, row = sheet_of(made, GIVEN, "Giải quyết")[:2]
    assert row[heading.index("Số phiếu")] == 4


ROUND = Period(
    kind=EditionKind.ROUND,
    mark="2026-4",
    name="Đợt 4",
    first=report(()).week.monday,
    last=report(()).week.sunday,
)


@pytest.mark.parametrize("audience", [Audience.ALL, Audience.FIGURES])
def test_a_round_tells_its_themes_with_the_share_that_was_corrected(audience: Audience) -> None:
    asked = replace(
        questionnaire(),
        themes=(
            Theme(id="den", label={"vi": "Đèn đường"}, words=("đèn",)),
            Theme(id="rac", label={"vi": "Rác"}, words=("rác",)),
        ),
    )
    made = report(GIVEN, period=ROUND, audience=audience)
    counts = ThemeCounts(by_theme={"den": 24, "rac": 4, OTHER: 12, UNKNOWN: 10}, read=20, corrected=5)
    made = replace(made, box=replace(made.box, questionnaire=asked), themes=counts)
    mail = render_report(made, texts=TEXTS, templates=TEMPLATES, suggestions=(), desk_url="https://x/y")
    said = (
        "Theo chủ đề, trong 50 góp ý của đợt: Đèn đường: 24; Khác (người đọc xếp): 12; "
        "Các chủ đề còn lại, mỗi chủ đề ít góp ý: 14. Máy xếp theo từ ngữ, tính cả lời khen và góp ý không "
        "trích; người đọc đã xem lại 20 và xếp lại 5 góp ý (10,0%)."
    )
    for part in (mail.text, Page(mail.html).text, str(letter_of(made, TEXTS))):
        assert said in " ".join(part.split())
    rows = sheet_of(made, GIVEN, "Tổng hợp")
    assert ("Đèn đường", 24) in [row[:2] for row in rows]
    assert not any(row[0] == "Rác" for row in rows), "below ten nothing is told of a theme"
