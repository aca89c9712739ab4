"""The settings' file is an office's too: the mail page writes its three lines there, or nothing."""

from pathlib import Path

import pytest
from homthu.adapters.clock import system_clock
from setting_up.errands import Failed
from setting_up.mail_way import SMTP, MailWay, keep_way, read_way
from setting_up.server import make_app, make_set_up
from setting_up.words import load_words

TEXTS = load_words()
KEEP = {"way": "outbox", "sender": "moi@b.vn", "lam": "giu"}


def keep(data: Path, **changes: str) -> tuple[int, str, str]:
    """What the page answers to «Giữ», and what it says when it is opened."""
    browser = make_app(make_set_up(data, system_clock)).test_client()
    opened = browser.get("/thu-dien-tu").text
    answer = browser.post("/thu-dien-tu", data=KEEP | changes)
    return answer.status_code, answer.text, opened


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"# ours\nHOMTHU_BACKUP_KEY=abc\nHOMTHU_MAIL=smtps://u:p$w@mail.x\n", "hom-thu.env:3: HOMTHU_MAIL"),
        (b"HOMTHU_BASE_URL=https://x.gov.vn\nexport A=1\n", "hom-thu.env:2"),
        (b"# ph\xf2ng\nHOMTHU_BACKUP_KEY=abc\n", "UnicodeDecodeError"),
        (b"HOMTHU_MAIL=ses://ap-southeast-1\nHOMTHU_SENDER=a@b.vn\n", "không biết"),
        (b"HOMTHU_MAIL=ses:ap-southeast-1\n", "không biết"),
        (b"HOMTHU_MAIL=smtps://u:p@mail.x.vn:2465\n", "không biết"),
        (b"HOMTHU_MAIL=smtps://u:p@mail.x.vn:cong\n", "không biết"),
    ],
)
def test_a_file_that_the_page_cannot_say_again_is_left_as_it_is(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    (tmp_path / "hom-thu.env").write_bytes(content)
    status, text, opened = keep(tmp_path)
    assert status == 200
    for page in (text, opened):
        assert sentence in page
        assert "không ghi gì vào đó" in page
        assert "p$w" not in page
    assert (tmp_path / "hom-thu.env").read_bytes() == content
    assert [path.name for path in tmp_path.iterdir()] == ["hom-thu.env"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_only_the_three_lines_change(tmp_path: Path, end: str, mark: str) -> None:
    lines = [
        "# của phòng máy",
        "HOMTHU_BASE_URL='https://x.gov.vn'",
        "",
        "{}",
        "; HOMTHU_MAIL=outbox:/cu",
        "  HOMTHU_BACKUP_KEY=abc  ",
        "{}",
    ]
    before = mark + end.join(lines).format("HOMTHU_MAIL= smtps://u:p@mail.x.vn", "HOMTHU_BOUNCES_TO=c@b.vn")
    (tmp_path / "hom-thu.env").write_bytes(before.encode())
    assert read_way(tmp_path).port == "465"
    assert keep(tmp_path)[0] == 303
    mail = f"HOMTHU_MAIL=outbox:{tmp_path.as_posix()}/outbox"
    after = mark + end.join(lines[:-1]).format(mail) + end + "HOMTHU_SENDER=moi@b.vn\n"
    assert (tmp_path / "hom-thu.env").read_bytes() == after.encode()
    assert keep(tmp_path)[0] == 303
    assert (tmp_path / "hom-thu.env").read_bytes() == after.encode()


def test_a_line_that_comes_twice_is_there_once_in_the_end(tmp_path: Path) -> None:
    (tmp_path / "hom-thu.env").write_text("HOMTHU_SENDER=a@b.vn\nHOMTHU_SENDER=c@b.vn")
    assert keep(tmp_path)[0] == 303
    assert (tmp_path / "hom-thu.env").read_text().count("HOMTHU_SENDER") == 1


def test_what_could_not_be_read_again_is_not_written(tmp_path: Path) -> None:
    way = MailWay(way=SMTP, host="mail.x.vn", sender="o'brien@b.vn")
    with pytest.raises(Failed, match="chưa ghi gì"):
        keep_way(way, tmp_path, TEXTS)
    assert list(tmp_path.iterdir()) == []
