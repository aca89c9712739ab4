"""The whole way, from a scanned code to Monday's mail, with the commands that a person types."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from citizen_side import ANSWERS, BOXES, KEY, PLACE, client, fields_of, prove_work
from homthu.adapters.box_files.folder import load_boxes
from homthu.bootstrap.start import start
from homthu.domain.boxes.box import Reads
from homthu.http import form, report, submit
from secret_settings import secret_settings
from served_box import ServedBox, served, whole_form
from shell import run, succeed

ROOT = Path(__file__).parents[2]
AS_OF = "2099-01-05T07:00+07:00"


@pytest.fixture
def box(tmp_path: Path) -> Iterator[ServedBox]:
    with served(tmp_path) as box:
        yield box


def reference_on(page: str) -> str:
    found = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", page)
    assert found
    return found.group()


def mails(folder: Path) -> list[object]:
    return [
        message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted(folder.glob("*.eml"))
    ]


def test_from_a_scanned_code_to_mondays_mail(box: ServedBox) -> None:
    page = box.get(f"/g/{PLACE}")
    assert page.status == 200
    form_fields = {**fields_of(page.text), **ANSWERS, "key": KEY}
    sent = box.send(form_fields)
    assert sent.headers["Location"].split("?")[0] == "/da-gui"
    reference = box.reference(sent)
    assert box.reference(box.send(form_fields)) == reference
    changed = {**form_fields, "gop_y": "Đèn ngõ 5 hỏng, gọi 0912 345 678", "da_xem": "1"}
    assert box.reference(box.send(changed)) != reference

    data = ["--data", str(box.data)]
    rows = json.loads(succeed("export", "--raw", "--ward", "07207", "--format", "json", *data))
    assert sorted(row["text"] for row in rows) == ["Cán bộ nhiệt tình", "Đèn ngõ 5 hỏng, gọi 0912 345 678"]
    assert set(rows[0]) == {
        "text_kind",
        "do_not_quote",
        *("ward", "place", "channel", "assisted", "questionnaire", "round"),
        *("week", "received_on", "answers", "text", "service", "flags", "text_kind", "do_not_quote"),
    }

    week = rows[0]["week"]
    number = week.partition("-W")[2]
    assert "ý kiến" in succeed(
        "report", "--ward", "07207", "--week", week, "--as-of", AS_OF, "--dry-run", *data
    )
    assert not (box.data / "outbox").exists()
    succeed("report", "--ward", "07207", "--week", week, "--as-of", AS_OF, *data)
    sent = mails(box.data / "outbox")
    assert len(sent) == 4
    recipients = load_boxes(BOXES).by_ward["07207"].recipients
    assert {mail["To"] for mail in sent} == {recipient.email for recipient in recipients}
    readers_of_words = {one.email for one in recipients if Reads.WORDS in one.reads}
    assert len(readers_of_words) == 2
    for mail in sent:
        assert mail["Subject"].startswith(f"Tuần {int(number)}: 2 phiếu, ")
        body = mail.get_body(("plain",)).get_content()
        # Nobody has let it pass yet: it is in the mails of those who read words.
        assert ("Đèn ngõ 5 hỏng" in body) == (mail["To"] in readers_of_words)
        assert "0912" not in body
        names = [part.get_filename() for part in mail.iter_attachments()]
        assert f"Bao-cao-gop-y_07207_{week}.xlsx" in names
        assert reference not in mail.as_string()

    before = {path: path.stat().st_mtime_ns for path in (box.data / "outbox").iterdir()}
    succeed("report", "--ward", "07207", "--week", week, "--as-of", AS_OF, *data)
    assert {path: path.stat().st_mtime_ns for path in (box.data / "outbox").iterdir()} == before
    again = json.loads(succeed("export", "--raw", "--ward", "07207", "--format", "json", *data))
    assert again == rows


def test_bots_without_a_stamp_are_stored_told_and_kept_out_of_every_rating(box: ServedBox) -> None:
    people, bots = range(12), range(100, 200)
    for n in (*people, *bots):
        key, marks = f"{n:032x}", {} if n in bots else {"tem": prove_work(f"{n:032x}")}
        rating = "5" if n in bots else "2"
        form = whole_form(key, gop_y="", **marks, **dict.fromkeys(("thai_do", "huong_dan", "chung"), rating))
        assert box.send(form).status == 303
    data = ["--data", str(box.data)]
    rows = json.loads(succeed("export", "--raw", "--ward", "07207", "--format", "json", *data))
    assert len(rows) == 112
    assert sum("no_stamp" in row["flags"] for row in rows) == 100
    succeed("report", "--ward", "07207", "--week", rows[0]["week"], "--as-of", AS_OF, *data)
    body = " ".join(mails(box.data / "outbox")[0].get_body(("plain",)).get_content().split())
    assert "nhận 112 phiếu, trong đó 100 phiếu nghi do máy tự gửi, không tính vào các tỷ lệ" in body
    assert "Hài lòng chung: gần như tất cả không hài lòng (12 lượt)" in body
    assert re.search(r"Thái độ[^:]*: gần như tất cả không hài lòng 12 lượt", body)


def test_what_was_acknowledged_survives_a_kill(box: ServedBox) -> None:
    for n in range(20):
        assert box.send(whole_form(f"{n:032x}")).status == 303
    box.kill()
    rows = json.loads(succeed("export", "--raw", "--format", "json", "--data", str(box.data)))
    assert len(rows) == 20


def test_a_faulty_box_stops_the_start_with_every_fault(tmp_path: Path) -> None:
    boxes = tmp_path / "boxes"
    (boxes / "questionnaires").mkdir(parents=True)
    for path in (ROOT / "functions" / "boxes" / "questionnaires").iterdir():
        (boxes / "questionnaires" / path.name).write_bytes(path.read_bytes())
    text = (ROOT / "functions" / "boxes" / "ngo-quyen.toml").read_text("utf-8")
    text = text.replace('code = "07207"', 'code = "7207"').replace("closing_hours", "closing_hour")
    (boxes / "ngo-quyen.toml").write_text(text, "utf-8")
    done = run("serve", "--data", tmp_path / "data", HOMTHU_BOXES=str(boxes), HOMTHU_MODE="sai")
    assert done.returncode == 1
    assert re.search(r"ngo-quyen\.toml:\d+: ward\.code: ", done.stderr)
    assert re.search(r"ngo-quyen\.toml:\d+: closing_hour: ", done.stderr)
    assert "HOMTHU_MODE: " in done.stderr
    assert "Traceback" not in done.stderr


def test_the_demonstration_data_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    options = ["--weeks", "2", "--submissions", "60", "--seed", "7", "--as-of", "2026-11-30T08:00+07:00"]
    exported = []
    for name in ("a", "b"):
        data = str(tmp_path / name)
        succeed("seed-demo", "--data", data, *options)
        rows = json.loads(succeed("export", "--format", "json", "--data", data))
        exported.append(sorted(json.dumps(row, sort_keys=True) for row in rows))
    assert len(exported[0]) == 60
    assert exported[0] == exported[1]


def test_a_report_for_a_week_that_is_not_over_is_refused_in_words(tmp_path: Path) -> None:
    done = run("report", "--ward", "07207", "--week", "2098-W01", "--data", tmp_path)
    assert done.returncode == 1


@pytest.mark.emulator
def test_the_same_way_on_firestore(firestore_project: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("ab" * 32)
    environ = {
        "HOMTHU_STORE": f"firestore://{firestore_project}/(default)",
        "HOMTHU_MAIL": f"outbox:{tmp_path}/outbox",
        **secret_settings(f"{tmp_path}/secret"),
        "HOMTHU_BASE_URL": "https://gopy.example.org",
        "HOMTHU_SENDER": "hom-thu@example.org",
    }
    counter = client(submit.make(start("submit", environ)))
    desk = client(form.make(start("form", environ)))
    fields = {**fields_of(desk.get(f"/g/{PLACE}").text), **ANSWERS, "key": KEY}
    references = {
        reference_on(desk.get(counter.post("/gui", data=fields).headers["Location"]).text) for _ in range(2)
    }
    assert len(references) == 1

    next_week = start("report", environ)
    ahead = next_week.clock() + timedelta(days=7)
    parts = start("report", environ, clock=lambda: ahead)
    run = client(report.make(parts))
    assert run.post("/").status_code == 200
    (head,) = [parts.ledger.head("07207")]
    assert head is not None
    assert head.last_week is not None
    frozen = parts.ledger.report("07207", head.last_week)
    assert frozen is not None
    assert frozen.tally.total == 1
    count = len(list((tmp_path / "outbox").glob("*.eml")))
    assert count > 0
    assert run.post("/").status_code == 200
    assert len(list((tmp_path / "outbox").glob("*.eml"))) == count
