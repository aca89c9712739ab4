"""The draft and the meeting's sheet as an office prints them: LibreOffice lays out, we read every page."""

import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import machine
import pytest
from builders import box, week_of_submissions
from case_builders import case_statistics
from homthu.adapters.web_files import load_texts
from homthu.domain.boxes.box import LetterHead
from homthu.domain.reports.weekly_report import WeeklyReport
from homthu.render.letter.draft import render_letter
from homthu.render.letter.meeting import render_meeting
from read_letter import STYLES, style
from read_mail import without_marks_in
from report_builders import report

TEXTS = load_texts("vi")
#: A letter of a page or two, and one that fills several.
COUNTS, OTHER_COUNTS = (1, 40), (0, 9, 2000)
CASES = [
    *((head, count) for head in STYLES for count in COUNTS),
    *(pytest.param(head, count, marks=pytest.mark.long) for head in STYLES for count in OTHER_COUNTS),
]
Pages = list[list[str]]


class Press(dict[str, Pages]):
    """The lines of every page of every document, printed with those of like counts when one is asked for."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def __missing__(self, name: str) -> Pages:
        self.update(printed_in(self._folder, COUNTS if self._is_first(name) else OTHER_COUNTS))
        return self[name]

    @staticmethod
    def _is_first(name: str) -> bool:
        return int(name.partition("-")[2]) in COUNTS


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Press:
    """What is asked for by its name is printed."""
    machine.require("lowriter", "libreoffice-writer")
    machine.require("pdftotext", "poppler-utils")
    if "Liberation Serif" not in run("fc-match", "Times New Roman") and "Times" not in run("fc-list"):
        machine.lacks(
            "fonts-liberation", "no font as wide as Times New Roman (apt-get install fonts-liberation)"
        )
    return Press(tmp_path_factory.mktemp("letters"))


def printed_in(letters: Path, counts: Sequence[int]) -> dict[str, Pages]:
    folder = letters / "-".join(map(str, counts))
    folder.mkdir()
    for count in counts:
        made = made_of(count)
        for head in STYLES:
            letter = render_letter(replace(made, box=box(report=style(head))), texts=TEXTS)
            (folder / f"{head}-{count}.docx").write_bytes(without_marks_in(letter))
        sheet = render_meeting(made, texts=TEXTS)
        (folder / f"meeting-{count}.docx").write_bytes(without_marks_in(sheet))
    profile = f"-env:UserInstallation=file://{letters}/profile"
    run("soffice", profile, "--headless", "--convert-to", "pdf", *sorted(folder.glob("*.docx")), cwd=folder)
    return {path.stem: list(pages_of(path)) for path in folder.glob("*.pdf")}


def run(*command: str | Path, cwd: Path | None = None) -> str:
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=True, timeout=300).stdout


def pages_of(path: Path) -> Iterator[list[str]]:
    for page in run("pdftotext", "-layout", path, "-").split("\f")[:-1]:
        yield [" ".join(line.split()) for line in page.split("\n") if line.strip()]


def made_of(count: int) -> WeeklyReport:
    """A week of so many forms; from forty on the desk is in use."""
    more = {"case_statistics": case_statistics(more=4)} if count >= 40 else {}
    return report(list(week_of_submissions(count)), **more)


@pytest.mark.parametrize(("head", "count"), CASES)
def test_each_line_of_the_head_is_one_line_on_paper(
    printed: dict[str, Pages], head: LetterHead, count: int
) -> None:
    first = printed[f"{head}-{count}"][0]
    wanted = {
        LetterHead.UBND: ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"],
        LetterHead.DANG: ["ĐẢNG CỘNG SẢN VIỆT NAM"],
        LetterHead.DOAN: ["ĐOÀN TNCS HỒ CHÍ MINH"],
    }[head]
    for line in [*wanted, "Bắc Giang, ngày tháng năm 2026"]:
        assert any(line in found for found in first[:8]), (line, first[:8])


@pytest.mark.parametrize(("head", "count"), CASES)
def test_the_closing_and_the_signature_never_stand_alone(
    printed: dict[str, Pages], head: LetterHead, count: int
) -> None:
    pages = printed[f"{head}-{count}"]
    at = next(
        number for number, page in enumerate(pages) if any("Trên đây là kết quả" in line for line in page)
    )
    page = pages[at]
    closing = next(number for number, line in enumerate(page) if "Trên đây là kết quả" in line)
    before = [line for line in page[:closing] if not line.isdecimal()]
    assert len(before) >= 2, page
    after = " ".join(page[closing:])
    assert "Nơi nhận:" in after
    assert STYLES[head].get("signer_title", "BÍ THƯ") in after


@pytest.mark.parametrize(("head", "count"), CASES)
def test_pages_are_numbered_from_the_second_and_each_annex_by_itself(
    printed: dict[str, Pages], head: LetterHead, count: int
) -> None:
    expected, annexes = 0, []
    for page in printed[f"{head}-{count}"]:
        is_first = expected == 0 or any(line in ("Phụ lục", "Phụ lục I", "Phụ lục II") for line in page[:2])
        expected = 1 if is_first else expected + 1
        shown = page[0] if page[0].isdecimal() else ""
        assert shown == ("" if is_first else str(expected)), page[:3]
        if is_first:
            annexes += [line for line in page[:2] if line.startswith("Phụ lục")]
    assert annexes == (["Phụ lục I", "Phụ lục II"] if count > 1 else annexes)


@pytest.mark.parametrize(("head", "count"), CASES)
def test_what_is_for_the_drafter_is_not_printed(
    printed: dict[str, Pages], head: LetterHead, count: int
) -> None:
    text = " ".join(line for page in printed[f"{head}-{count}"] for line in page)
    for word in ("người soạn", "Văn thư", "Hệ thống đếm"):
        assert word not in text
    assert "DỰ THẢO" in printed[f"{head}-{count}"][0][0]


def test_the_sheet_for_the_meeting_holds_what_the_desk_knows(printed: dict[str, Pages]) -> None:
    text = " ".join(line for page in printed["meeting-40"] for line in page)
    for said in ("PHIẾU GHI KẾT LUẬN HỌP", "Quá hạn", "Chưa giao đơn vị", "Tổ dân phố số 5", "Đã trả lời"):
        assert said in text
    assert "NGƯỜI GHI" in text
    assert "CHỦ TRÌ" in text
