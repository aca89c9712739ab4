"""The results poster: what the ward answered, from the board to paper, as the command is typed."""

import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

from builders import submission
from homthu.bootstrap.start import start
from homthu.domain.cases.case import ActionKind, CaseAction, CaseEvent
from homthu.domain.submissions.reference import make_key
from homthu.services.cases import open_case
from homthu.services.submit import submit
from local import data_folder
from machine import require
from shell import run, succeed

WARD = "07210"
SAID = "Nên có thêm ghế ngồi chờ cho người già ở phòng một cửa"
SUBJECT, ANSWER = "Thiếu ghế chờ cho người cao tuổi", "Đã kê thêm hai mươi ghế và một góc ưu tiên."
URL = "https://gopy.phuongbacgiang.gov.vn"


def an_answered_case(data: Path) -> None:
    """A week that was reported on, and one of its suggestions answered for everybody to read."""
    settings = data_folder.new_or_existing_box(data)
    settings["HOMTHU_STORE"] = data_folder.own_store(data)
    parts = start("submit", settings, clock=lambda: datetime(2026, 11, 18, 3, tzinfo=UTC))
    for number in range(12):
        one = submission(
            ward=WARD, place=parts.boxes.by_ward[WARD].places[0].code, text="" if number else SAID
        )
        submit(parts.intake, parts.secrets, key=make_key((number + 1).to_bytes(16)), submission=one)
    succeed("report", "--data", data, "--ward", WARD, "--as-of", "2026-11-23T07:30+07:00")
    id = next(one.id for one in parts.archive.everything(WARD) if one.submission.text)
    on = date(2026, 11, 24)
    case = open_case(
        parts.finder,
        parts.cases,
        parts.boxes.signs,
        ward=WARD,
        id=id,
        who="A",
        on=on,
        idempotency_key="1" * 32,
    )
    answer = CaseAction(kind=ActionKind.ANSWER, subject=SUBJECT, text=ANSWER)
    event = CaseEvent(action=answer, who="A", on=on, idempotency_key="2" * 32)
    parts.cases.replace_case(case, case.after(event))
    parts.close_store()


def test_what_the_ward_answered_stands_on_the_poster_and_what_people_wrote_does_not(tmp_path: Path) -> None:
    require("pdftotext", "poppler-utils")
    require("zbarimg", "zbar-tools")
    data, out = tmp_path / "box", tmp_path / "out"
    an_answered_case(data)
    order = ("--ward", WARD, "--base-url", URL, "--as-of", "2026-11-25T10:00+07:00", "--data", data)
    succeed("make-results", *order, "--out", out)
    (sheet,) = out.glob("*.pdf")
    (picture,) = out.glob("*.png")
    text = " ".join(
        subprocess.run(["pdftotext", sheet, "-"], capture_output=True, text=True, check=True).stdout.split()
    )
    assert SUBJECT in text
    assert ANSWER in text
    assert "ghế ngồi chờ cho người già" not in text
    code = subprocess.run(["zbarimg", "-q", "--raw", picture], capture_output=True, text=True, check=True)
    assert code.stdout.strip().startswith(f"{URL}/ket-qua/{WARD}")


def test_without_an_answer_there_is_no_poster(tmp_path: Path) -> None:
    data = tmp_path / "box"
    succeed("seed-demo", "--data", data, "--ward", WARD, "--weeks", "1", "--submissions", "20")
    done = run("make-results", "--ward", WARD, "--base-url", URL, "--data", data, "--out", tmp_path / "out")
    assert done.returncode == 1
    assert not list(tmp_path.glob("out/*.pdf"))
