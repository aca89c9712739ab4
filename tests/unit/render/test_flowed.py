"""Text that flows: whoever joins it by RFC 3676 reads what was written, whoever does not sees short lines."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message

import pytest
from builders import week_of_submissions
from homthu.render.mail.flowed import WIDTH, flowed
from homthu.render.mail.message import Mail, Thread, UnsafeHeader, build_content
from hypothesis import given
from hypothesis import strategies as st
from read_mail import mail_of

WORDS = st.text(st.sampled_from("aộ> F-"), max_size=200) | st.just("From here " * 20) | st.just("> x" * 60)


def build(mail: Mail) -> bytes:
    date = datetime(2026, 11, 30, tzinfo=UTC)
    return build_content(mail, sender_name="", sender="hop-thu@bacgiang.example", date=date)


def joined(text: str) -> list[str]:
    """The lines as a program shows them that knows the format, by RFC 3676, 4: depth, then the words."""
    shown: list[str] = []
    is_open = False
    for line in text.split("\n"):
        words = line.lstrip(">")
        depth = len(line) - len(words)
        words = words.removeprefix(" ")
        if is_open:
            shown[-1] += words
        else:
            shown.append(">" * depth + words)
        is_open = words.endswith(" ")
    return shown


@given(lines=st.lists(WORDS))
def test_what_is_joined_again_is_what_was_written(lines: list[str]) -> None:
    plain = [line for line in lines if not line.startswith(">")]
    assert joined(flowed("\n".join(plain))) == [line.rstrip(" ") for line in "\n".join(plain).split("\n")]


@given(words=WORDS)
def test_a_quotation_stays_one_however_it_is_broken(words: str) -> None:
    made = flowed(f"> {words}")
    assert all(line.startswith("> ") or line == ">" for line in made.split("\n"))
    assert joined(made) == [f">{words}".rstrip(" ")]


@given(text=WORDS)
def test_lines_are_short_unless_a_word_is_long(text: str) -> None:
    for line in flowed(text).split("\n"):
        assert len(line) <= WIDTH + 2 or " " not in line.strip().replace("  ", "") or "  " in line


def test_a_link_is_never_broken() -> None:
    link = "https://gopy.example.org/xu-ly/" + "x" * 90
    assert link in flowed(f"Nhận việc, giao đơn vị và trả lời công khai trên bàn xử lý của phường: {link}")


@pytest.mark.parametrize("count", [0, 7, 87])
def test_a_report_flows(count: int) -> None:
    mail = mail_of(list(week_of_submissions(count)))
    part: Message = next(
        p for p in message_from_bytes(build(mail)).walk() if p.get_content_type() == "text/plain"
    )
    assert part.get_param("format") == "flowed"
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    lines = payload.decode().split("\r\n")
    assert max(map(len, lines)) <= 78
    assert [line.removeprefix(">").strip() for line in joined("\n".join(lines))] == [
        line.removeprefix("> ").strip() for line in mail.text.split("\n")
    ]


def test_the_weeks_of_a_year_are_shown_together_and_a_rule_can_sort_them() -> None:
    head = message_from_bytes(build(mail_of([])))
    assert head["List-Id"] == "<bao-cao.07210.bacgiang.example>"
    assert head["References"] == "<2026.bao-cao.07210@bacgiang.example>"
    other = message_from_bytes(build(Mail(subject="Mở bàn xử lý", text="", html="")))
    assert (other["List-Id"], other["References"]) == (None, None)


@pytest.mark.parametrize("name", ["", "a b", "a@b", "a\r\nBcc: x@evil.example", "a..b", "ộ"])
def test_no_header_is_made_of_what_is_no_name(name: str) -> None:
    for thread in (Thread(name, "2026"), Thread("bao-cao.07210", name)):
        with pytest.raises(UnsafeHeader):
            build(replace(mail_of([]), thread=thread))
