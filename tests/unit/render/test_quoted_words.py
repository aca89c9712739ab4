"""What people wrote, as it stands in a mail: shown, harmless, masked, and told without its hour."""

import re

import pytest
from builders import stored, week_of_submissions
from homthu.render.defang import defang
from hypothesis import given
from hypothesis import strategies as st
from read_mail import DESK, Page, mail_of
from report_builders import numbered

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><a href="https://evil.example">bấm</a>',
    "{{ 7*7 }} {% raw %} {0.__class__}",
    "=cmd|' /C calc'!A0",
    "Xem https://evil.example/a?b=1 hoặc www.evil.example, evil.example/x và xhttp://evil.example",
    "javascript:alert(1) mailto:x",
    "\u202egnol\u202c \u2066x\u2069",
    "</td></table></body></html>",
    "&lt;b&gt;",
    "a" * 1000,
    "x\n" * 300,
]


def test_hostile_words_are_shown_and_do_nothing() -> None:
    harmless = mail_of([stored(n, text="Tốt") for n in range(len(HOSTILE))])
    mail = mail_of([stored(n, text=text) for n, text in enumerate(HOSTILE)])
    allowed = {tag for tag, _ in Page(harmless.html).elements}
    page = Page(mail.html)
    assert {tag for tag, _ in page.elements} == allowed
    assert [link["href"] for link in page.all("a")] == [DESK]
    assert not page.all("img")
    assert "<script>alert(1)</script>" in page.text
    assert "{{ 7*7 }}" in page.text
    for part in (page.text, mail.text):
        assert "hxxps[://]evil[.]example" in " ".join(part.split())
        assert not re.search(r"https?:|[^\[]://|www\.|evil\.|mailto:|javascript:", part.replace(DESK, ""))
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", part)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://a.vn", "hxxps[://]a[.]vn"),
        ("HTTP://A.VN", "hxxp[://]a[.]vn"),
        ("xhttp://a.vn", "xhxxp[://]a[.]vn"),
        ("//a.vn", "//a[.]vn"),
        ("Rất tốt.Nhưng chậm", "Rất tốt. Nhưng chậm"),
        ("Phí 1.234 đồng, ngày 25.11.2026.", "Phí 1.234 đồng, ngày 25.11.2026."),
        ("Chờ lâu... rất lâu.", "Chờ lâu... rất lâu."),
    ],
)
def test_addresses_are_defanged_and_sentences_are_not(text: str, shown: str) -> None:
    assert defang(text).casefold() == shown.casefold()


@given(st.text(alphabet="ahtpsw.:/-@1Aé ", max_size=40))
def test_nothing_that_a_mail_program_would_link_survives(text: str) -> None:
    shown = defang(text)
    assert not re.search(r"(?<!\[)://|://(?!\])", shown)
    assert not re.search(r"[^\W\d]\.[^\W\d_]", shown)
    assert not re.search(r"\d\.[^\W\d_]|[^\W\d]\.\d", shown)


def test_petitions_and_personal_data_stay_out_of_every_part() -> None:
    submissions = [
        stored(1, text="Tôi tố cáo ông A nhận tiền"),
        stored(2, text="Gọi tôi 0912 345 678, thẻ 024099001234"),
    ]
    mail = mail_of(submissions)
    for part in (mail.text, mail.html):
        assert "ông A" not in part
        assert "345 678" not in part
        assert "024099001234" not in part
        assert "Gọi tôi […], thẻ […]" in " ".join(part.split())


def test_a_suggestion_carries_its_number_and_neither_day_nor_rating_nor_a_small_place() -> None:
    submissions = [
        *(stored(n, text=f"Đông, lần {n}") for n in range(20)),
        stored(100, place="nv01", service="dat_dai", text="Tốt", answers={"chung": "1"}),
    ]
    number = next(one.number for one in numbered(submissions) if one.submission.text == "Tốt")
    mail = mail_of(submissions, earlier={})
    quoted = mail.text.split("NỘI DUNG GÓP Ý")[1].split("\n\n\n")[0]
    assert f"\n48-{number:02d}\n> Tốt\n" in quoted
    assert quoted.count("· Trung tâm Phục vụ hành chính công phường\n> Đông, lần ") == 20
    assert not re.search(r"\d\d/\d\d|Rất không|Đất đai|Nhà văn hóa", quoted)


def test_the_mail_tells_no_time_of_receipt() -> None:
    mail = mail_of(list(week_of_submissions(87)))
    for part in (mail.subject, mail.text, Page(mail.html).text):
        assert not re.search(r"\d\d?:\d\d|\dT\d|\d{10,}", part)


def test_the_order_of_arrival_does_not_show() -> None:
    submissions = list(week_of_submissions(87))
    one, other = mail_of(submissions), mail_of(submissions[::-1])
    assert (one.subject, one.text, one.html) == (other.subject, other.text, other.html)
