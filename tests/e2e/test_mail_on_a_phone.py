"""The mail on a small phone: what waits for a decision and the serious signals, without a swipe."""

from dataclasses import replace

from builders import WEEK, box, week_of_submissions
from case_builders import case_statistics
from playwright.sync_api import Browser
from read_mail import DESK, render
from report_builders import report

#: What a mail program keeps for itself: its bar, the subject in two lines, the sender.
PROGRAM = 200
#: As large as such words and numbers get.
WARD = replace(box().ward, name="Nghĩa Trụ – Phùng Chí Kiên", province="Thành phố Hồ Chí Minh")


def test_the_first_screen_holds_what_waits_with_the_desk_and_the_serious_signals(browser: Browser) -> None:
    submissions = list(week_of_submissions(1_200, week=WEEK))
    cases = replace(case_statistics(), open=1_234, unassigned=1_111, overdue=123, denied=12)
    untold = ("Bộ phận Một cửa", "Công an phường")
    made = report(submissions, box=box(ward=WARD), case_statistics=cases, untold_units=untold)
    mail = render(made, submissions)
    context = browser.new_context(viewport={"width": 360, "height": 640}, locale="vi-VN", offline=True)
    page = context.new_page()
    page.set_content(mail.html)
    for words in ("trong 1.234 việc đang giải quyết", DESK, "Dấu hiệu nghiêm trọng"):
        bounds = page.locator("td", has_text=words).last.bounding_box()
        assert bounds is not None
        assert bounds["x"] >= 0
        assert bounds["x"] + bounds["width"] <= 360, words
        assert bounds["y"] + bounds["height"] <= 640 - PROGRAM, words
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()
