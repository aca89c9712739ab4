"""Canaries: words that stand nowhere but where they belong. And what a look may not change."""

import itertools
import json
import os
import re
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import pytest
from citizen_side import ANSWERS, BOXES, PLACE, fields_of
from homthu.adapters.box_files.folder import load_boxes
from homthu.domain.boxes.box import Reads
from served_box import ROOT, ServedBox, served, whole_form
from shell import succeed

KEY = "fedcba9876543210fedcba9876543210"
#: What may stand in the store, and nothing else (functions/README.md, «What is kept»).
STORED = {
    *("id", "ward", "place", "channel", "assisted", "questionnaire", "round", "answers", "text", "service"),
    *("flags", "digest", "received_at", "week", "received_on", "batch", "erased_on", "text_kind"),
    *("do_not_quote", "seed"),
}
#: What looks at an address that it finds: scanners of mail, chats that preview, robots, and people.
AGENTS = (
    "Mozilla/5.0 (Linux; Android 11) Zalo/23.1",
    "facebookexternalhit/1.1",
    "TelegramBot (like TwitterBot)",
    "Mozilla/5.0 (Windows NT 10.0) SafeLinks",
    "BarracudaCentral",
    "GoogleImageProxy",
    "Googlebot/2.1",
    "bingbot/2.0",
    "Slackbot-LinkExpanding 1.0",
    "WhatsApp/2.23",
    "curl/8.5",
    "",
)
ROUTES = ("/", f"/g/{PLACE}", "/gui", "/da-gui?p=x", "/assets/favicon.svg", "/khong-co", "/robots.txt")
#: A clock's time (9:05, 09h05, 9 giờ 05), an instant (2026-11-26T09:05), seconds or more since 1970.
TIME = re.compile(
    r"(?<!\d)\d{1,2}\s?[:h]\s?[0-5]\d(?!\d)|\d\s?giờ\b"
    r"|\d{4}-?\d\d-?\d\d[T ]\d\d|\b1[6-9]\d{8}(\d{3}|\d{6})?\b"
)
#: How a sheet's cell holds a time of a day: days since 1900, and a part of one.
CELL_TIME = re.compile(r"<v>\d{5}\.\d+</v>")
#: What looks like a time in an Office file and is none. The day that a file was made on, which every report
#: shows, stands in its properties at midnight, for the format has no field for a day alone; and a row of a
#: sheet says from which column to which it reaches («1:14»).
NO_TIMES = re.compile(r"(?<=\d)T00:00:00Z(?=</dcterms:(?:created|modified)>)|(?<= )spans=\"\d+:\d+\"")
#: Long after the week: the report of a week that is over.
REPORTED_AT = "2099-01-05T07:00+07:00"


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedBox]:
    with served(tmp_path_factory.mktemp("privacy")) as box:
        yield box


@pytest.fixture
def unreported_box(tmp_path: Path) -> Iterator[ServedBox]:
    """A box whose week no other test has closed, whatever order they come in."""
    with served(tmp_path) as box:
        yield box


def workbook(box: ServedBox) -> bytes:
    """The export for Excel, as it comes out of the command's own process."""
    command = [sys.executable, str(ROOT / "scripts" / "export"), "--format", "xlsx", "--data", str(box.data)]
    done = subprocess.run(command, capture_output=True, check=True, env={**os.environ, "PYTHONUTF8": "1"})
    return done.stdout


def exported(box: ServedBox, kind: str) -> str:
    return succeed("export", "--format", kind, "--data", box.data)


def report_everything(box: ServedBox) -> list[EmailMessage]:
    """Close the week of what is stored, and give the mails of the report."""
    week = json.loads(exported(box, "json"))[0]["week"]
    succeed("report", "--ward", "07207", "--week", week, "--as-of", REPORTED_AT, "--data", box.data)
    files = (box.data / "outbox").glob("*.eml")
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in files]


def times_in(words: str) -> list[str]:
    return [found.group() for found in TIME.finditer(words)]


def times_in_office_file(content: bytes) -> dict[str, list[str]]:
    """What looks like a time in each member of a .docx or .xlsx."""
    with zipfile.ZipFile(BytesIO(content)) as parts:
        # The one date that a zip's own headers hold is the earliest they can.
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        members = {name: parts.read(name).decode() for name in parts.namelist()}
    assert members
    return {name: times for name, member in members.items() if (times := times_in_xml(member))}


def times_in_xml(member: str) -> list[str]:
    plain = NO_TIMES.sub("", member)
    # As it is, and as a reader sees it: Word may cut one word into several elements.
    read = re.sub(r"<[^>]+>", "", plain.replace("</w:p>", "\n"))
    return [*times_in(plain), *times_in(read), *CELL_TIME.findall(member)]


def everything_in(box: ServedBox) -> dict[str, bytes]:
    """Every file that the box left, by name."""
    return {
        str(path.relative_to(box.data)): path.read_bytes() for path in box.data.rglob("*") if path.is_file()
    }


def test_canaries_are_in_the_store_and_the_report_and_nowhere_else(unreported_box: ServedBox) -> None:
    text = "Câu canary-word ở quầy số 3"
    form = whole_form(KEY, gop_y=text)
    sent = unreported_box.send(form)
    reference = unreported_box.reference(sent)
    assert unreported_box.get(sent.headers["Location"]).status == 200
    # Through every error too: a fault, an unknown field, a form that breaks no rule but one.
    for changes in ({"thai_do": "canary-option"}, {"la": "canary-field"}, {"place": "canary-place"}):
        unreported_box.send({**form, **changes})
    unreported_box.get("/canary-path?p=canary-query")
    mails = report_everything(unreported_box)
    left = everything_in(unreported_box)
    forbidden = (
        *("canary-option", "canary-field", "canary-place", "canary-path", "canary-query"),
        *(KEY, reference, "canary-header", "203.0.113.7"),
    )
    found = {(name, one) for name, content in left.items() for one in forbidden if one.encode() in content}
    assert found == set()
    assert "canary" not in unreported_box.logged()
    holders = {
        name.split("/")[0].split("-wal")[0] for name, content in left.items() if b"canary-word" in content
    }
    # Or the search would not find the word where it does stand. What a mail holds is encoded; the page
    # beside it is not.
    assert holders == {"hom-thu.db", "outbox"}
    recipients = load_boxes(BOXES).by_ward["07207"].recipients
    readers = {one.email for one in recipients if Reads.WORDS in one.reads}
    assert {mail["To"].addresses[0].addr_spec for mail in mails} == {one.email for one in recipients}
    for mail in mails:
        words = [mail.get_body((kind,)).get_content() for kind in ("plain", "html")]
        may_read = mail["To"].addresses[0].addr_spec in readers
        assert all(("canary-word" in one) is may_read for one in words)
        assert [one for one in forbidden if one in "".join(words)] == []


def test_the_store_has_just_these_columns(box: ServedBox) -> None:
    with closing(sqlite3.connect(box.data / "hom-thu.db")) as database:
        columns = {row[1] for row in database.execute("PRAGMA table_info(submissions)")}
    assert columns == STORED


@pytest.mark.parametrize(
    "told",
    [
        *(
            "lúc 09:05",
            "9:05:59",
            "9h05",
            "9 giờ 05",
            "2026-11-26T09:05:59+07:00",
            "2026-11-26 09",
            "20261126T09",
        ),
        *("1795659900", "1795659900123", "<w:t>9</w:t></w:r><w:r><w:t>:05</w:t>", "<v>46352.378472</v>"),
        "<dcterms:created>2026-11-26T02:05:59Z</dcterms:created>",
    ],
)
def test_the_search_for_times_finds(told: str) -> None:
    assert times_in_xml(told)


def test_nothing_that_leaves_tells_a_time_finer_than_the_day(unreported_box: ServedBox) -> None:
    unreported_box.reference(unreported_box.send(whole_form("a" * 32, gop_y="Không có giờ nào ở đây")))
    for kind in ("json", "csv"):
        told = exported(unreported_box, kind)
        assert "Không có giờ nào ở đây" in told
        assert times_in(told) == [], kind
    assert times_in_office_file(workbook(unreported_box)) == {}
    mails = report_everything(unreported_box)
    assert mails
    for mail in mails:
        # When a mail was sent is in its `Date`, as in every mail's, and was asked for; the rest tells none.
        # (The clock that it was set to goes on while the report is made.)
        assert mail["Date"].datetime - datetime.fromisoformat(REPORTED_AT) < timedelta(minutes=5)
        del mail["Date"]
        seen = set()
        for part in mail.walk():
            assert times_in("\n".join(f"{name}: {value}" for name, value in part.items())) == []
            if part.is_multipart():
                continue
            name, content = part.get_filename() or "", part.get_content()
            seen.add(Path(name).suffix or part.get_content_type())
            if isinstance(content, str):
                assert content.strip()
                assert times_in(content) == [], part.get_content_type()
            else:
                assert times_in_office_file(content) == {}, name
        assert seen == {"text/plain", "text/html", ".docx", ".xlsx"}


def test_an_export_does_not_tell_the_order_of_arrival(box: ServedBox) -> None:
    sent = [f"thứ tự {number:02d}" for number in range(24)]
    for number, text in enumerate(sent):
        box.reference(box.send(whole_form(f"{number + 4096:032x}", gop_y=text)))
    found = [row["text"] for row in json.loads(exported(box, "json")) if row["text"] in sent]
    assert sorted(found) == sent
    # 24 that came out in their order, or a third of them in a run, would be no chance.
    rising = sum(a < b for a, b in itertools.pairwise(found))
    assert found != sent
    assert 4 <= rising <= 19


def test_looking_changes_nothing(box: ServedBox) -> None:
    box.reference(box.send(whole_form("9" * 32)))
    receipt = box.send(whole_form("9" * 32)).headers["Location"]
    before = everything_in(box)
    for agent, path, method in itertools.product(AGENTS, (*ROUTES, receipt), ("GET", "HEAD", "OPTIONS")):
        assert box.request(method, path, headers={"User-Agent": agent}).status < 500
    after = everything_in(box)
    # SQLite's shared memory is no part of what is stored; the box's own clock notes when jobs were done.
    changed = {name for name in before | after if before.get(name) != after.get(name)}
    assert {name for name in changed if not name.endswith("-shm")} - {"schedule.json"} == set()


def test_a_page_for_a_previewer_holds_nobodys_words(box: ServedBox) -> None:
    box.reference(box.send(whole_form("8" * 32, gop_y="chỉ để ban chỉ đạo đọc")))
    for path in ROUTES:
        assert "chỉ để ban chỉ đạo đọc" not in box.get(path).text
    assert fields_of(box.get(f"/g/{PLACE}").text)["gop_y"] == ""
    assert ANSWERS["gop_y"] not in box.get("/").text
