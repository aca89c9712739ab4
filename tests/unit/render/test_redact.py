"""Words taken out of a mail: found as mails hold them, and nothing else with them."""

import re
from datetime import UTC, datetime
from email import message_from_bytes
from hashlib import sha256
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from homthu.render.mail.message import Attachment, Mail, address, build_content
from homthu.render.mail.redact import redact

NOTICE = "[đã xóa]"
WORDS = 'Quầy 3 hỏng máy lấy số, chờ <2 giờ> & không ai "xin lỗi"; xem https://a.example.vn nhé'


def a_mail(text: str, html: str, member: str = "<w:t>khác</w:t>", salt: str = "") -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", member)
        archive.writestr("image.bin", bytes(range(256)))
    file = Attachment(name="a.docx", content_type="application/zip", content=buffer.getvalue())
    mail = Mail(
        subject="Báo cáo số 12: góp ý tuần 48 của phường Bắc Giang", text=text, html=html, attachments=(file,)
    )
    return build_content(
        mail,
        sender_name="Hòm thư",
        sender="a@example.org",
        date=datetime(2026, 11, 30, tzinfo=UTC),
        salt=salt,
    )


def parts_of(message: bytes) -> list[str]:
    """What a mail program shows, and what is in the attached file."""
    found = []
    for part in message_from_bytes(message).walk():
        payload = part.get_payload(decode=True)
        if part.get_content_maintype() == "text":
            found.append(payload.decode())
        elif isinstance(payload, bytes):
            with ZipFile(BytesIO(payload)) as archive:
                assert archive.read("image.bin") == bytes(range(256))
                found.append(archive.read("word/document.xml").decode())
    return found


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&#34;")


DEFANGED = WORDS.replace("https://a.example.vn", "hxxps[://]a[.]example[.]vn")


@pytest.mark.parametrize(
    ("text", "html", "member"),
    [
        (
            f"Đầu\n  | {WORDS}\nCuối",
            f"<p>Đầu</p><p>{escaped(WORDS)}</p><p>Cuối</p>",
            f"<t>{escaped(WORDS)}</t>",
        ),
        (
            "Đầu\n  | " + DEFANGED.replace(" chờ", "\n  | chờ") + "\nCuối",
            "<p>Đầu</p>" + escaped(DEFANGED).replace(" chờ", "<br>\n chờ") + "<p>Cuối</p>",
            "<w:t>"
            + escaped(DEFANGED).replace(" chờ", '</w:t><w:br/><w:t xml:space="preserve">chờ')
            + "</w:t>",
        ),
        (
            "Đầu\n> " + DEFANGED.replace(" chờ", " \n> chờ") + "\nCuối",
            f"<p>Đầu</p><p>{escaped(WORDS)}</p><p>Cuối</p>",
            f"<t>{escaped(WORDS)}</t>",
        ),
        (
            "Đầu\n Quầy 3 hỏng máy… Cuối",
            "<p>Đầu</p>Quầy 3 hỏng [...] Quầy 3 hỏng […]<p>Cuối</p>",
            "<t>Quầy 3 hỏng…</t>",
        ),
    ],
)
def test_words_go_whole_or_cut_or_broken_and_the_rest_stays(text: str, html: str, member: str) -> None:
    message = a_mail(text, html, member)
    for one in parts_of(redact(message, [WORDS], NOTICE)):
        assert "hỏng máy" not in re.sub(r"<[^<>]*>|[\s|]+", " ", one)
        assert "example" not in one
        assert NOTICE in one
        assert "Đầu" in one or "<t>" in one or "<w:t>" in one


def test_elements_stay_balanced() -> None:
    member = "<w:p><w:t>một hai ba</w:t><w:br/><w:t>bốn</w:t></w:p>"
    (_, _, after) = parts_of(redact(a_mail("x", "x", member), ["một hai ba bốn"], NOTICE))
    assert after == f"<w:p><w:t>{NOTICE}</w:t><w:br/><w:t></w:t></w:p>"


def test_others_words_that_begin_alike_stay() -> None:
    message = a_mail("Quầy 3 hỏng máy in từ hôm qua.", "<p>Quầy 3 hỏng đèn</p>")
    assert redact(message, [WORDS], NOTICE) == message


@pytest.mark.parametrize("short", ["Tốt", "Rất tốt"])
def test_a_word_or_two_go_only_where_they_are_all_that_is_said(short: str) -> None:
    message = a_mail(f"Phục vụ {short} hơn năm trước\n  | {short}\n", f"<td>{short}</td><p>{short} hơn</p>")
    text, html, _ = parts_of(redact(message, [short], NOTICE))
    assert f"| {NOTICE}" in text
    assert f"{short} hơn" in text
    assert html == f"<td>{NOTICE}</td><p>{short} hơn</p>"


def test_the_headers_stay_and_it_can_still_be_addressed() -> None:
    before = a_mail(WORDS, "x")
    after = redact(before, [WORDS], NOTICE)
    kept = [name for name, _ in message_from_bytes(before).items() if name != "Content-Type"]
    for name in kept:
        assert message_from_bytes(after)[name] == message_from_bytes(before)[name]
    assert after.count(b"\n") == after.count(b"\r\n")
    to = {"recipient_name": "", "recipient": "b@example.org", "message_id": "<1@example.org>"}
    sent = message_from_bytes(address(after, sender="c@example.org", **to))
    assert "c@example.org" in sent["From"]
    # What was written in an outbox is the same, addressed.
    kept_mail = address(before, **to)
    assert redact(kept_mail, [WORDS], NOTICE).endswith(after[after.index(b"Subject") :])


def test_boundaries_do_not_tell_what_was_erased() -> None:
    """They were made from all of the mail: two mails that differ in the erased words alone end alike."""
    one, other = (redact(a_mail(words, "x"), [words], NOTICE) for words in ("a b c d", "e f g h"))
    assert one == other


def test_who_guesses_the_words_right_cannot_see_it_by_the_digest_of_the_mail_as_it_was() -> None:
    """They have what is left and the digest of what was frozen, and put their guess where the notice is."""
    frozen = a_mail(WORDS, "x", salt="5a17" * 8)
    assert message_from_bytes(frozen)["X-Hom-Thu-Salt"] == "5a17" * 8
    left = redact(frozen, [WORDS], NOTICE)
    assert b"5a17" not in left
    for salt in ("", "0" * 32):
        assert sha256(a_mail(WORDS, "x", salt=salt)).digest() != sha256(frozen).digest()


def test_nothing_is_changed_for_nothing() -> None:
    message = a_mail(WORDS, escaped(WORDS))
    assert redact(message, [], NOTICE) == message
    assert redact(message, ["", "  "], NOTICE) == message
    assert redact(b"Subject: x\r\n\r\nno parts", [WORDS], NOTICE) == b"Subject: x\r\n\r\nno parts"
