"""A mail's bytes: what was put in comes out, nothing else gets in, equal input gives equal bytes."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default

import pytest
from homthu.render.mail.message import (
    MAX_MAIL_BYTES,
    Attachment,
    Mail,
    MailTooLarge,
    UnsafeHeader,
    address,
    build_content,
)
from hypothesis import given
from hypothesis import strategies as st

SUBJECT = "[Hòm thư góp ý] Báo cáo tuần 48/2026 (23/11–29/11/2026) – phường Bắc Giang: 37 ý kiến, 4 cần xử lý"
SENDER = "hop-thu@bacgiang.example"
SENDER_NAME = "Hòm thư góp ý phường Bắc Giang"
DATE = datetime(2026, 11, 30, 0, 0, 5, tzinfo=UTC)
MESSAGE_ID = "<00001.2026-W48.7.ab12@hop-thu.example>"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ALLOWED_HEADERS = sorted(
    [
        "Message-ID",
        "X-Hom-Thu-Delivery",
        "To",
        "From",
        "Subject",
        "Date",
        "Auto-Submitted",
        "X-Auto-Response-Suppress",
        "Content-Language",
        "Content-Type",
        "MIME-Version",
    ]
)
MAIL = Mail(
    subject=SUBJECT,
    text="Tuần 48: 37 ý kiến.\n.\nMAIL FROM:<x@evil.example>\nHết.\n",
    html="<p lang='vi'>Tuần 48: <b>37</b> ý kiến.</p>",
    attachments=(
        Attachment(name="bao-cao-gop-y_2026-W48.xlsx", content_type=XLSX, content=bytes(range(256)) * 40),
        Attachment(name="du-thao.docx", content_type="application/msword", content=b"\r\n.\r\n\n\r"),
    ),
)
LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ"
VIETNAMESE = st.text(LETTERS + LETTERS.upper() + "0123456789 -–,.;:()[]/«»\"'@<>=?_%\\", min_size=1)
NAMES = VIETNAMESE.map(lambda name: " ".join(name.split())).filter(lambda name: 0 < len(name) <= 200)
#: What fits into one encoded word behind «From: ».
SHORT_NAMES = NAMES.filter(lambda name: len(name.encode()) <= 42)


def build(mail: Mail = MAIL, **changes: str) -> bytes:
    values = {"sender_name": SENDER_NAME, "sender": SENDER} | changes
    return build_content(mail, date=DATE, **values)


def addressed(content: bytes, **changes: str) -> bytes:
    values = {
        "recipient_name": "Ban Chỉ đạo",
        "recipient": "bcd@bacgiang.example",
        "message_id": MESSAGE_ID,
    }
    return address(content, **(values | changes))


def parse(message: bytes) -> EmailMessage:
    parsed = message_from_bytes(message, policy=default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def test_what_goes_in_comes_out() -> None:
    mail = parse(addressed(build(reply_to="tra-loi@bacgiang.example")))
    assert mail["Subject"] == SUBJECT
    assert mail["From"].addresses[0].display_name == SENDER_NAME
    assert mail["From"].addresses[0].addr_spec == SENDER
    assert [a.addr_spec for a in mail["To"].addresses] == ["bcd@bacgiang.example"]
    assert mail["To"].addresses[0].display_name == "Ban Chỉ đạo"
    assert mail["Reply-To"] == "tra-loi@bacgiang.example"
    assert mail["Message-ID"] == MESSAGE_ID
    assert mail["X-Hom-Thu-Delivery"] == MESSAGE_ID.strip("<>")
    assert mail["Date"] == "Mon, 30 Nov 2026 07:00:05 +0700"
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n") == MAIL.text
    assert html.get_content() == MAIL.html
    found = [(a.get_filename(), a.get_content_type(), a.get_content()) for a in mail.iter_attachments()]
    assert found == [(a.name, a.content_type, a.content) for a in MAIL.attachments]


def test_every_client_is_offered_html_last_and_files_beside_both() -> None:
    types = [part.get_content_type() for part in parse(build()).walk()]
    assert types == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        XLSX,
        "application/msword",
    ]


@given(subject=VIETNAMESE)
def test_any_vietnamese_subject_survives(subject: str) -> None:
    assert parse(build(replace(MAIL, subject=subject)))["Subject"] == subject


@given(sender_name=SHORT_NAMES, recipient_name=SHORT_NAMES)
def test_any_vietnamese_name_survives(sender_name: str, recipient_name: str) -> None:
    mail = parse(addressed(build(sender_name=sender_name), recipient_name=recipient_name))
    assert [(a.display_name, a.addr_spec) for a in mail["From"].addresses] == [(sender_name, SENDER)]
    assert [(a.display_name, a.addr_spec) for a in mail["To"].addresses] == [
        (recipient_name, "bcd@bacgiang.example")
    ]


@given(name=st.text(LETTERS + " ", min_size=40, max_size=200).map(str.strip).filter(bool))
def test_a_name_of_several_encoded_words_reads_whole_by_rfc_2047(name: str) -> None:
    # Not by email.policy.default, which keeps a space between encoded words (cpython gh-92081).
    head = message_from_bytes(build(sender_name=name))
    assert str(make_header(decode_header(head["From"].removesuffix(f"\r\n <{SENDER}>")))) == name


HOSTILE = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from(
            [
                *"\r\n\x00\x0b\x0c\x1c\x85\u2028\u2029\u202e\ud800 \taỘ",
                "\r\n",
                "Bcc: x@evil.example",
                "=?utf-8?q?hi=0D=0ABcc:_x?=",
                "=?",
                "?=",
            ]
        )
    ).map("".join),
)


@given(subject=HOSTILE, sender_name=HOSTILE, recipient_name=HOSTILE)
def test_hostile_text_is_refused_or_adds_no_header(
    subject: str, sender_name: str, recipient_name: str
) -> None:
    try:
        content = build(replace(MAIL, subject=subject), sender_name=sender_name)
        message = addressed(content, recipient_name=recipient_name)
    except UnsafeHeader:
        return
    lines = message.partition(b"\r\n\r\n")[0].split(b"\r\n")
    names = [line.partition(b":")[0].decode("ascii") for line in lines if not line.startswith(b" ")]
    assert sorted(names) == ALLOWED_HEADERS
    assert sorted(parse(message).keys()) == ALLOWED_HEADERS
    assert len(parse(message)["To"].addresses) == 1
    assert parse(message)["Subject"] == subject


@pytest.mark.parametrize(
    "text",
    [
        "a\r\nBcc: x",
        "a\nb",
        "a\rb",
        "a\x00",
        "a\x85b",
        "a\u2028b",
        "a\u2029b",
        "a\tb",
        "\u202egnp.exe",
        "\ud800",
    ],
    ids=ascii,
)
def test_what_breaks_a_line_or_cannot_be_seen_is_refused_in_headers(text: str) -> None:
    with pytest.raises(UnsafeHeader) as subject:
        build(replace(MAIL, subject=text))
    with pytest.raises(UnsafeHeader) as sender:
        build(sender_name=text)
    with pytest.raises(UnsafeHeader) as recipient:
        addressed(build(), recipient_name=text)
    assert [e.value.header for e in (subject, sender, recipient)] == ["Subject", "From", "To"]
    assert text not in str(subject.value)


def test_an_encoded_word_in_a_subject_stays_plain_text() -> None:
    subject = "=?utf-8?q?hi=0D=0ABcc:_x?="
    assert parse(build(replace(MAIL, subject=subject)))["Subject"] == subject


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "khong-co-a-cong",
        "a@b\r\nBcc: x@y",
        "a@b\n",
        "a b@c.example",
        "a@b.example, c@d.example",
        "a@b.example>",
        "hòm@thư.example",
        "=?utf-8?q?a?=@b.example",
        '"a"@b.example',
        "a@-b.example",
        "a" * 255 + "@b.example",
    ],
)
def test_an_address_that_is_not_one_plain_address_is_refused(bad: str) -> None:
    with pytest.raises(UnsafeHeader):
        build(sender=bad)
    with pytest.raises(UnsafeHeader):
        addressed(build(), recipient=bad)
    if bad:
        with pytest.raises(UnsafeHeader):
            build(reply_to=bad)


@pytest.mark.parametrize("bad", ["", "a@b", "<a@b>\r\nBcc: x", "<a b@c>", "<a@b", "<a>", "<ộ@b>", "<a@b>\n"])
def test_a_message_id_of_another_form_is_refused(bad: str) -> None:
    with pytest.raises(UnsafeHeader):
        addressed(build(), message_id=bad)


@pytest.mark.parametrize("name", ["", "báo-cáo.xlsx", "a b.xlsx", 'a".xlsx', "a\r\nb", "../a", ".an", "a\n"])
def test_an_attachment_name_is_a_plain_ascii_file_name(name: str) -> None:
    with pytest.raises(UnsafeHeader):
        Attachment(name=name, content_type=XLSX, content=b"")


@pytest.mark.parametrize("content_type", ["", "text/html", "application/", "application/x\r\nBcc: y", "a/b"])
def test_an_attachment_is_some_application_type(content_type: str) -> None:
    with pytest.raises(UnsafeHeader):
        Attachment(name="a.xlsx", content_type=content_type, content=b"")


def test_a_missing_name_leaves_the_bare_address() -> None:
    assert parse(addressed(build(), recipient_name=""))["To"] == "bcd@bacgiang.example"


@given(mail=st.builds(Mail, subject=VIETNAMESE, text=st.text(), html=st.text()))
def test_equal_input_gives_equal_bytes(mail: Mail) -> None:
    assert build(mail) == build(replace(mail))


def test_the_content_is_the_same_for_every_recipient() -> None:
    content = build()
    for recipient in ("a@bacgiang.example", "b@bacgiang.example"):
        message = addressed(content, recipient=recipient)
        assert message.endswith(content)
        assert set(parse(message[: -len(content)] + b"\r\n").keys()) == {
            "Message-ID",
            "X-Hom-Thu-Delivery",
            "To",
        }


@given(text=st.text())
def test_another_text_gets_other_boundaries(text: str) -> None:
    assert text == MAIL.text or boundaries(build(replace(MAIL, text=text))) != boundaries(build())


def boundaries(content: bytes) -> set[bytes]:
    return set(re.findall(rb'boundary="([^"]+)"', content))


@given(text=st.text(), html=st.text())
def test_every_line_is_short_ends_in_crlf_and_never_begins_with_a_dot(text: str, html: str) -> None:
    message = addressed(build(replace(MAIL, text=text, html=html)))
    assert message.endswith(b"\r\n")
    assert message.isascii()
    lines = message.split(b"\r\n")
    assert not any(b"\r" in line or b"\n" in line or line.startswith(b".") for line in lines)
    body = message.partition(b"\r\n\r\n")[2].split(b"\r\n")
    assert max(map(len, (line for line in body if not line.startswith(b"Content-")))) <= 76
    assert max(map(len, lines)) <= 90


@given(subject=VIETNAMESE, sender_name=NAMES)
def test_encoded_words_keep_to_rfc_2047(subject: str, sender_name: str) -> None:
    head = build(replace(MAIL, subject=subject), sender_name=sender_name).partition(b"\r\n\r\n")[0]
    words = re.findall(rb"=\?utf-8\?[bq]\?[^?\s]*\?=", head)
    assert max(map(len, words)) <= 75
    assert b"?==?" not in head


def test_lines_of_a_text_end_in_crlf_inside_base64_too() -> None:
    body = parse(build(replace(MAIL, text="một\nhai\r\nba\rbốn"))).get_body(("plain",))
    assert body is not None
    assert body.get_payload(decode=True) == "một\r\nhai\r\nba\r\nbốn".encode()


def test_a_lone_surrogate_in_the_text_does_not_cost_the_report() -> None:
    body = parse(build(replace(MAIL, text="trước \ud800 sau"))).get_body(("plain",))
    assert body is not None
    assert body.get_content() == "trước ? sau"


def test_a_mail_above_seven_megabytes_is_refused_before_it_is_frozen() -> None:
    attachment = Attachment(name="a.xlsx", content_type=XLSX, content=b"x" * (MAX_MAIL_BYTES * 3 // 4))
    with pytest.raises(MailTooLarge) as error:
        build(replace(MAIL, attachments=(attachment,)))
    assert error.value.size_bytes > error.value.limit_bytes


def test_a_content_just_within_the_limit_stays_within_it_when_addressed() -> None:
    attachment = Attachment(name="a.xlsx", content_type=XLSX, content=b"x" * 5_110_000)
    content = build(replace(MAIL, text="", html="", attachments=(attachment,)))
    longest = addressed(
        content,
        recipient_name="Ộ" * 200,
        recipient=f"{'a' * 64}@{'.'.join(['b' * 62] * 2)}.{'c' * 60}.vn",
        message_id=f"<{'a' * 240}@b.example>",
    )
    assert MAX_MAIL_BYTES - 8_000 < len(longest) <= MAX_MAIL_BYTES


@pytest.mark.parametrize("name", ["Hòm thư góp ý điện tử", "", "Phường <x@y.vn> " * 12])
def test_a_mail_comes_from_the_address_that_may_be_used_today(name: str) -> None:
    """What was frozen under an address that the server allows nobody to use goes out under the right one."""
    frozen = build_content(MAIL, sender_name=name, sender="cu@a.example", date=DATE)
    today = build_content(MAIL, sender_name=name, sender="moi@b.example", date=DATE)
    to = {"recipient_name": "", "recipient": "c@d.example", "message_id": "<1@e.example>"}
    assert address(frozen, **to, sender="moi@b.example") == address(today, **to)
    assert address(frozen, **to) == address(frozen, **to, sender="cu@a.example")
    with pytest.raises(UnsafeHeader):
        address(frozen, **to, sender="x@y.vn>\r\nBcc: <z@y.vn")


def test_a_date_without_a_zone_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="time zone"):
        build_content(MAIL, sender_name="", sender=SENDER, date=DATE.replace(tzinfo=None))
