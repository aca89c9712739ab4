"""From citizens' forms to a clerk's tick: the functions made from the environment, over both stores."""

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import openpyxl
import pytest
from citizen_side import ANSWERS, PLACE, client, fields_of
from homthu.adapters.clock import system_clock
from homthu.bootstrap.parts import Parts
from homthu.bootstrap.start import start
from homthu.http import desk, form, report, submit
from werkzeug.test import Client

WARD = "07207"
WROTE = "Sáng thứ Hai tôi chờ ở quầy chứng thực rất lâu"
FORMS = 12


@pytest.fixture
def opened(environ: dict[str, str]) -> Iterator[dict[str, Parts]]:
    """The parts of the functions; those that report and show are eight days ahead."""
    ahead = timedelta(days=8)
    found = {name: start(name, environ, clock=system_clock) for name in ("form", "submit")}
    found |= {name: start(name, environ, clock=lambda: system_clock() + ahead) for name in ("report", "desk")}
    yield found
    for name in ("submit", "report", "desk"):
        found[name].close_store()


def mails(environ: dict[str, str], recipient: str) -> list[EmailMessage]:
    """What the outbox holds for an address."""
    folder = Path(environ["HOMTHU_MAIL"].removeprefix("outbox:"))
    read = (message_from_bytes(path.read_bytes(), policy=policy.default) for path in folder.glob("*.eml"))
    return [mail for mail in read if recipient in str(mail["To"])]


def send(opened: dict[str, Parts]) -> None:
    """A dozen citizens' forms, with words in each."""
    pages, take = client(form.make(opened["form"])), client(submit.make(opened["submit"]))
    page = fields_of(pages.get(f"/g/{PLACE}").text)
    for number in range(FORMS):
        fields = {**page, **ANSWERS, "key": f"{number:032x}", "gop_y": f"{WROTE} {number}"}
        assert take.post("/gui", data=fields).status_code == 303


def sums(page: str) -> list[tuple[str, int, int]]:
    found = re.findall(r'<td>([^<]*)</td><td class="n">(\d+)</td><td class="n">(\d+)</td>', page)
    return [(label, int(total), int(rows)) for label, total, rows in found]


def rows_of_the_sheet(mail: EmailMessage) -> list[tuple[object, ...]]:
    (book,) = [one for one in mail.iter_attachments() if str(one.get_filename()).endswith(".xlsx")]
    sheet = openpyxl.load_workbook(io.BytesIO(book.get_content()))["Nhập lại"]
    return [tuple(row) for row in sheet.iter_rows(values_only=True)]


# The way over the cloud's store is that of test_desk, which is quicker.
@pytest.mark.parametrize(
    "environ",
    ["sqlite", pytest.param("firestore", marks=[pytest.mark.emulator, pytest.mark.long])],
    indirect=True,
)
def test_mail_workbook_page_and_print_say_the_same_and_a_tick_lasts(
    environ: dict[str, str], opened: dict[str, Parts]
) -> None:
    send(opened)
    jobs = client(report.make(opened["report"]))
    for path in ("/", "/units", "/units"):
        assert jobs.post(path).status_code == 200
    box = opened["desk"].boxes.by_ward[WARD]
    (mail,) = mails(environ, box.clerks[0].email)
    text = mail.get_body(("plain",)).get_content()
    assert WROTE not in text
    (link,) = re.findall(r"https://gopy\.example\.org(/xu-ly/nhap-lieu/\S+)", text)

    site: Client = client(desk.make(opened["desk"]))
    token = fields_of(site.get(link).text)
    home = site.post("/xu-ly/nhap", data=token).text
    paper = site.post("/xu-ly/nhap-in", data=token).text
    assert WROTE not in home + paper
    assert ("Số phiếu", FORMS, 1) in sums(home)
    assert sums(home) == sums(paper)
    sheet = rows_of_the_sheet(
        next(one for one in mails(environ, box.recipients[0].email) if one.is_multipart())
    )
    for label, total, rows in sums(home):
        assert any(row[:3] == (label, total, rows) for row in sheet)
        assert f"- {label}: {total} ({rows} dòng)" in text.replace("\n", " ")

    keys = dict(re.findall(r'name="(dong\d+)" value="([0-9a-f]+)" form="xong"', home))
    done = site.post("/xu-ly/nhap-xong", data={**token, **keys, "viec": "typed"})
    assert f"Đã ghi {len(keys)} dòng" in done.text
    assert "Không còn dòng nào phải nhập" in site.post("/xu-ly/nhap", data=token).text
