"""What the form costs on a phone of 360 × 640: touches, swipes, and the time that the page tells."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from browser import FORM, Site, wait_for_proof
from homthu.render import effort
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
#: A touch takes so long, with finding the place (the issue's figure).
TOUCH_SECONDS = 1.5
#: Vietnamese as it is spoken: F. Pellegrino, C. Coupé, E. Marsico, Language 87 (2011), table 1.
SYLLABLES_A_SECOND = 5.22
#: What of a screen is to be read, but for what stands below it and is no part of a question.
_READ = "main h2, main legend, main p, main li, main button, main label, main summary"


@dataclass
class Robot:
    """A citizen who touches what is in view, swipes when it is not, and reads each line once."""

    page: Page
    touches: int = 0
    swipes: int = 0
    swiped_on: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def touch(self, selector: str) -> None:
        """Read the screen, bring this into view as a finger would, and touch it."""
        self._read()
        target = self.page.locator(selector).first
        while not self._is_in_view(selector):
            before = self.page.evaluate("window.scrollY")
            self.page.evaluate("window.scrollBy(0, 400)")
            assert self.page.evaluate("window.scrollY") > before, selector
            self.swipes += 1
            self.swiped_on.append(self.page.evaluate("location.hash"))
        target.tap()
        self.touches += 1
        # A fifth of a second later the page goes on by itself.
        self.page.wait_for_timeout(250)

    def _is_in_view(self, selector: str) -> bool:
        box = self.page.locator(selector).first.bounding_box()
        assert box, selector
        return box["y"] >= 0 and box["y"] + box["height"] <= 640

    def _read(self) -> None:
        lines = self.page.eval_on_selector_all(
            _READ,
            """all => all.filter(one => {
              const box = one.getBoundingClientRect();
              return box.height && box.top < innerHeight && box.left >= 0;
            }).map(one => one.textContent.trim().replace(/\\s+/g, " "))""",
        )
        self.seen.update(line for line in lines if line)

    @property
    def syllables(self) -> int:
        """Of all that was read, each line once: an option known from an earlier question costs nothing."""
        return sum(len(re.findall(r"\w+", line)) for line in self.seen)

    @property
    def seconds(self) -> float:
        return self.touches * TOUCH_SECONDS + self.syllables / SYLLABLES_A_SECOND

    def said(self, name: str) -> str:
        return (
            f"{name}: {self.touches} touches, {self.swipes} swipes, {self.touches * TOUCH_SECONDS:.0f} s of"
            f" touches, {self.syllables} syllables, {self.seconds:.0f} s"
        )


@pytest.fixture
def robot(browser: Browser, site: Site) -> Iterator[Robot]:
    with browser.new_context(
        base_url=site.url,
        viewport={"width": 360, "height": 640},
        locale="vi-VN",
        has_touch=True,
        service_workers="block",
    ) as context:
        page = context.new_page()
        page.goto(FORM)
        yield Robot(page)


def rate(robot: Robot) -> None:
    robot.touch("#dau button:has-text('Đánh giá')")
    while robot.page.locator("fieldset[data-b]:not([hidden])").count():
        robot.touch("fieldset[data-b]:not([hidden]) label span")


def finish(robot: Robot) -> None:
    robot.touch("#tiep")
    wait_for_proof(robot.page)
    robot.touch("button.send:not([type])")
    robot.page.wait_for_selector(".code")


@pytest.mark.long
def test_ratings_alone(robot: Robot) -> None:
    rate(robot)
    finish(robot)
    print(robot.said("ratings alone"))
    assert (robot.touches, robot.swipes) == (13, 0)


def test_everything(robot: Robot, site: Site) -> None:
    rate(robot)
    robot.page.fill("#gop_y", "Đèn ngõ 12 hỏng hai tuần nay.")
    robot.touch("[name=loai] + span")
    finish(robot)
    print(robot.said("all questions, kind and text"))
    assert robot.touches <= 14
    assert set(robot.swiped_on) <= {"#viet"}
    assert len([name for name in site.posts[0] if name.startswith("q-")]) == 10
    assert site.posts[0]["loai"] == "khen"
    # The page and the posters tell this figure; whoever makes the form longer has to measure anew.
    # A few seconds either way are the fonts of this machine: they decide what is in view to be read.
    assert abs(robot.seconds - effort.SECONDS) <= 5
    assert math.ceil(robot.seconds / 60) == effort.MINUTES


def test_a_text_alone(robot: Robot) -> None:
    robot.touch("text=Chỉ viết góp ý")
    assert robot.page.evaluate("document.activeElement.id") == "gop_y"
    robot.page.keyboard.type("Đèn ngõ 12 hỏng hai tuần nay.")
    finish(robot)
    print(robot.said("a text alone"))
    assert robot.touches <= 3
    assert set(robot.swiped_on) <= {"#viet"}


def test_the_page_tells_the_time_that_was_measured(robot: Robot) -> None:
    told = re.search(r"(\d+) phút", robot.page.inner_text("#dau"))
    assert told
    assert int(told[1]) == effort.MINUTES
