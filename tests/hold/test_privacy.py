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
from email import message_from_bytes, policy
from io import BytesIO

import pytest
from citizen_side import ANSWERS, PLACE, fields_of
from served_box import ROOT, ServedBox, served, whole_form

KEY = "fedcba9876543210fedcba9876543210"
#: What may stand in the store, and nothing else (README, «What is kept»).
STORED = {
    *("id", "ward", "place", "channel", "assisted", "questionnaire", "round", "answers", "text", "service"),
    *("flags", "digest", "received_at", "week", "received_on"),
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
TIME = re.compile(r"\b\d{1,2}:\d{2}(:\d{2})?\b|T\d{2}:\d{2}|\b1[67]\d{8}\b")


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedBox]:
    with served(tmp_path_factory.mktemp("privacy")) as box:
        yield box


def script(box: ServedBox, name: str, *arguments: str) -> bytes:
    command = [sys.executable, str(ROOT / "scripts" / name), *arguments, "--data", str(box.data)]
    done = subprocess.run(command, capture_output=True, check=True, env={**os.environ, "PYTHONUTF8": "1"})
    return done.stdout


def everything_in(box: ServedBox) -> dict[str, bytes]:
    """Every file that the box left, by name."""
    return {
        str(path.relative_to(box.data)): path.read_bytes() for path in box.data.rglob("*") if path.is_file()
    }


def test_canaries_are_in_the_store_and_the_report_and_nowhere_else(box: ServedBox) -> None:
    text = "Câu canary-word ở quầy số 3"
    form = whole_form(KEY, gop_y=text)
    sent = box.send(form)
    reference = box.reference(sent)
    assert box.get(sent.headers["Location"]).status == 200
    # Through every error too: a fault, an unknown field, a form that breaks no rule but one.
    for changes in ({"thai_do": "canary-option"}, {"la": "canary-field"}, {"place": "canary-place"}):
        box.send({**form, **changes})
    box.get("/canary-path?p=canary-query")
    week = json.loads(script(box, "export", "--format", "json"))[0]["week"]
    script(box, "report", "--ward", "07207", "--week", week, "--as-of", "2099-01-05T07:00+07:00")
    left = everything_in(box)
    forbidden = (
        *("canary-option", "canary-field", "canary-place", "canary-path", "canary-query"),
        *(KEY, reference, "canary-header", "203.0.113.7"),
    )
    found = {(name, one) for name, content in left.items() for one in forbidden if one.encode() in content}
    assert found == set()
    assert "canary" not in box.logged()
    holders = {
        name.split("/")[0].split("-wal")[0] for name, content in left.items() if b"canary-word" in content
    }
    assert holders <= {"hom-thu.db", "outbox"}


def test_the_store_has_just_these_columns(box: ServedBox) -> None:
    with closing(sqlite3.connect(box.data / "hom-thu.db")) as database:
        columns = {row[1] for row in database.execute("PRAGMA table_info(submissions)")}
    assert columns == STORED


def test_nothing_that_leaves_tells_a_time_finer_than_the_day(box: ServedBox) -> None:
    box.reference(box.send(whole_form("a" * 32, gop_y="Không có giờ nào ở đây")))
    for kind in ("json", "csv"):
        assert not TIME.search(script(box, "export", "--format", kind).decode()), kind
    for kind in ("xlsx",):
        with zipfile.ZipFile(BytesIO(script(box, "export", "--format", kind))) as parts:
            assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            assert not TIME.search(parts.read("docProps/core.xml").decode().replace("T00:00:00Z", ""))
    for path in (box.data / "outbox").glob("*.eml"):
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        words = mail.get_body(("plain",)).get_content()
        assert not re.search(r"\d{4}-\d{2}-\d{2}T\d|\b\d{1,2}:\d{2}:\d{2}\b", words)


def test_an_export_does_not_tell_the_order_of_arrival(box: ServedBox) -> None:
    sent = [f"thứ tự {number:02d}" for number in range(24)]
    for number, text in enumerate(sent):
        box.reference(box.send(whole_form(f"{number + 4096:032x}", gop_y=text)))
    exported = [row["text"] for row in json.loads(script(box, "export", "--format", "json"))]
    found = [text for text in exported if text in sent]
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
    # SQLite's shared memory is no part of what is stored.
    changed = {name for name in before | after if before.get(name) != after.get(name)}
    assert {name for name in changed if not name.endswith("-shm")} == set()


def test_a_page_for_a_previewer_holds_nobodys_words(box: ServedBox) -> None:
    box.reference(box.send(whole_form("8" * 32, gop_y="chỉ để ban chỉ đạo đọc")))
    for path in ROUTES:
        assert "chỉ để ban chỉ đạo đọc" not in box.get(path).text
    assert fields_of(box.get(f"/g/{PLACE}").text)["gop_y"] == ""
    assert ANSWERS["gop_y"] not in box.get("/").text
