"""The HTML of a weekly report's mail: what mail programs show of it, and how long it may be."""

import re
from dataclasses import replace

import pytest
from builders import box, places, questionnaire, week_of_submissions
from homthu.domain.submissions.submission import StoredSubmission
from homthu.render.report.mail import MAX_HTML_BYTES
from read_mail import DESK, Page, mail_of, whole_mail_of

WEEKS = {
    "week": lambda: list(week_of_submissions(87)),
    "small": lambda: list(week_of_submissions(7)),
    "none": list,
}


def test_the_html_is_tables_with_colours_and_nothing_from_elsewhere() -> None:
    page = Page(mail_of(WEEKS["week"]()).html)
    assert page.all("html") == [{"lang": "vi"}]
    names = {tag for tag, _ in page.elements}
    assert page.all("a") == [{"class": "a", "href": DESK, "style": "color:#0b4f8a"}]
    assert not names & {"img", "link", "script", "iframe", "form", "svg", "video", "object", "button"}
    assert not [
        a
        for tag, attributes in page.elements
        for a in attributes
        if a in ("src", "background") or (a == "href" and tag != "a")
    ]
    assert all(cell.get("bgcolor") for cell in page.all("td"))
    assert all(cell.get("bgcolor") and cell.get("scope") in ("row", "col") for cell in page.all("th"))
    assert all(
        t.get("role") == "presentation" or "border-collapse" in t.get("style", "") for t in page.all("table")
    )
    # A line between rows survives a program that collapses borders or darkens backgrounds.
    cells = [a for tag, a in page.elements if tag in ("td", "th") and a.get("scope")]
    assert cells
    assert all("border:1px solid" in cell["style"] for cell in cells)
    html = mail_of([]).html
    # What hides the preview is nothing that spam filters count: no tiny type, no ink of the paper's colour.
    (hidden,) = re.findall(r'<div style="([^"]*)">', html)
    assert hidden == "display:none;mso-hide:all;max-height:0;overflow:hidden"
    assert "url(" not in html
    assert "@import" not in html


def test_every_element_is_closed() -> None:
    html = mail_of(WEEKS["week"]()).html
    for tag in ("table", "tr", "td", "th", "thead", "tbody", "p", "h2", "h3", "span", "b"):
        assert len(re.findall(rf"<{tag}[ >]", html)) == html.count(f"</{tag}>"), tag


def crowded(text: str, count: int = 200) -> list[StoredSubmission]:
    codes = [place.code for place in places(30)]
    services = [service.id for service in questionnaire().services]
    return [
        replace(
            one,
            submission=replace(
                one.submission,
                place=codes[n % 30],
                service=services[n % len(services)],
                text=text,
            ),
        )
        for n, one in enumerate(week_of_submissions(count))
    ]


WORDS = "Đề nghị phường sửa đường và mở cửa nhà văn hóa đúng giờ đã niêm yết. " * 20


@pytest.mark.parametrize(
    "text",
    [
        WORDS[:1000],
        *(pytest.param(one * 500, marks=pytest.mark.long) for one in ("<<", "ếế", "a\n")),
        "'\"&" * 333,
        "漢" * 1000,
    ],
)
def test_the_html_stays_within_what_gmail_shows(text: str) -> None:
    submissions = crowded(text)
    mail = whole_mail_of(submissions, box=box(places=places(30)))
    assert len(mail.html.encode()) <= MAX_HTML_BYTES
    assert len(mail.html.encode()) > 40_000
    assert "Nhà văn hóa tổ dân phố số 29" in mail.html
    assert sum(len(a.content) for a in mail.attachments) < 5_000_000


def test_even_three_hundred_places_fit() -> None:
    mail = mail_of(crowded(WORDS[:1000]), box=box(places=places(300)))
    assert len(mail.html.encode()) <= MAX_HTML_BYTES
    assert "nơi khác (xem tệp đính kèm)" in mail.html
