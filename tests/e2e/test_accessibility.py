"""What a checker, a screen reader and a keyboard find on the pages."""

from pathlib import Path

import page_builders as build
import pytest
from browser import FORM, Site, choose, reveal, send, value, write
from citizen_side import PLACE
from citizen_side import Site as Parts
from every_page import every_page, of_each_kind
from homthu.render.page.inline import Page as Rendered
from live import serving
from playwright.sync_api import Browser, Page
from web_checkers import complaints, validate

pytestmark = pytest.mark.browser


@pytest.fixture(params=["of each kind", pytest.param("all", marks=pytest.mark.long)])
def looked_at(request: pytest.FixtureRequest) -> list[Rendered]:
    """Every page, or those of them that hold something which no page before them holds."""
    every = every_page(build.make_pages())
    return list(every if request.param == "all" else of_each_kind(every))


def test_axe_finds_nothing_on_any_page(browser: Browser, site: Site, looked_at: list[Rendered]) -> None:
    found = {}
    with browser.new_context(base_url=site.url, bypass_csp=True) as context:
        page = context.new_page()
        for number, rendered in enumerate(looked_at):
            site.pages[f"/{number}"] = rendered
            page.emulate_media(color_scheme="light")
            page.goto(f"/{number}")
            if said := complaints(page):
                found[f"{page.title()} /{number}"] = said
            # By night only colours are others.
            page.emulate_media(color_scheme="dark")
            if said := complaints(page, "color-contrast"):
                found[f"{page.title()} /{number} by night"] = said
    assert found == {}


@pytest.mark.parametrize(
    "screens", ["[data-b]:not(fieldset ~ fieldset)", pytest.param("[data-b]", marks=pytest.mark.long)]
)
def test_axe_finds_nothing_in_any_state_the_script_makes(browser: Browser, screens: str) -> None:
    """On the screens but those of all questions after the first, and on every screen."""
    with serving(Parts()) as live, browser.new_context(base_url=live.url, bypass_csp=True) as context:
        page = context.new_page()
        page.goto(f"/g/{PLACE}")
        for screen in page.eval_on_selector_all(screens, "all => all.map(one => one.id)"):
            reveal(page, screen)
            assert complaints(page) == [], screen
        reveal(page, "q-thai_do")
        page.click("#tiep")
        assert complaints(page) == []
        send(page)
        page.wait_for_selector("#loi:not([hidden])")
        assert complaints(page) == []
        page.goto(f"/g/{PLACE}?m=ho-tro")
        fill_but_last(page)
        write(page, "Gọi 0912 345 678")
        reveal(page, "xem")
        page.click("#trao")
        page.wait_for_selector("#rieng")
        assert complaints(page) == []
        page.click("#trao")
        page.wait_for_selector("#moi")
        assert complaints(page) == []
        choose(page, chung="2")
        context.set_offline(True)
        send(page)
        page.wait_for_selector("#cho:not([hidden])")
        assert complaints(page) == []


def test_html_validate_finds_nothing_on_any_page(tmp_path: Path, looked_at: list[Rendered]) -> None:
    for number, page in enumerate(looked_at):
        (tmp_path / f"{number:02}.html").write_bytes(page.html)
    assert validate(tmp_path) == []


def fill_but_last(page: Page) -> None:
    choose(page, thai_do="4", huong_dan="4", trach_nhiem="4", thoi_han="dung")


def test_a_question_is_announced_as_a_named_group_of_named_radios(page: Page) -> None:
    page.goto(FORM)
    choose(page, thai_do="4")
    page.wait_for_selector("#q-lang_nghe")
    question = build.BOX.questionnaire.questions[0]
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    nodes = {node["nodeId"]: node for node in tree}

    def role(node: dict[str, dict[str, str]]) -> str:
        return node.get("role", {}).get("value", "")

    def below(node_id: str) -> list[dict[str, dict[str, str]]]:
        return [
            found
            for child in nodes[node_id].get("childIds", [])
            if child in nodes
            for found in (nodes[child], *below(child))
        ]

    groups = [node for node in tree if role(node) in ("group", "radiogroup")]
    # Only what can be seen is there: the question of this screen.
    assert [group["name"]["value"] for group in groups] == [
        f"{build.BOX.questionnaire.questions[1].text['vi']} (không bắt buộc)"
    ]
    page.go_back()
    page.wait_for_selector("#q-thai_do")
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    nodes.update((node["nodeId"], node) for node in tree)
    groups = [node for node in tree if role(node) in ("group", "radiogroup")]
    assert groups[0]["name"]["value"] == question.text["vi"]
    radios = [node for node in below(groups[0]["nodeId"]) if role(node) == "radio"]
    assert [radio["name"]["value"] for radio in radios] == [o.label["vi"] for o in question.options]
    states = [{p["name"]: p["value"].get("value") for p in radio["properties"]} for radio in radios]
    assert [state["checked"] for state in states] == ["false", "true", "false", "false", "false", "false"]


def test_a_faulty_question_is_announced_with_its_fault(page: Page) -> None:
    page.goto(FORM)
    send(page)
    assert page.get_by_role("alert").first.inner_text().startswith("Phiếu chưa gửi được")
    page.click("#loi a")
    group = page.get_by_role("group", name="Thái độ tiếp đón")
    assert (
        page.locator(f"#{group.get_attribute('aria-describedby')}").inner_text() == "Chưa chọn câu trả lời."
    )


def test_the_whole_form_can_be_sent_with_the_keyboard_alone(page: Page, site: Site) -> None:
    page.goto(FORM)

    def on_to(id: str) -> None:
        for _ in range(20):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.id || document.activeElement.className") == id:
                break
        assert page.evaluate("document.activeElement.id || document.activeElement.className") == id

    on_to("send")
    page.keyboard.press("Enter")
    for question in build.BOX.questionnaire.questions:
        page.wait_for_selector(f"#q-{question.id}")
        if question.required:
            page.keyboard.press("Tab")
            page.keyboard.press("Space")
        on_to("tiep")
        page.keyboard.press("Enter")
    page.wait_for_selector("#viet")
    on_to("gop_y")
    page.keyboard.type("Viết bằng bàn phím")
    on_to("tiep")
    page.keyboard.press("Enter")
    on_to("send")
    page.keyboard.press("Enter")
    page.wait_for_selector(".code")
    (post,) = site.posts
    assert post["gop_y"] == "Viết bằng bàn phím"
    required = {f"q-{question.id}" for question in build.BOX.questionnaire.ratings if question.required}
    assert {name for name in post if name.startswith("q-")} - {"q-thoi_han"} == required
    assert {post[name] for name in required} == {"5"}


def test_the_error_summary_leads_the_keyboard_to_the_question(page: Page) -> None:
    page.goto(FORM)
    send(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#q-thai_do")
    assert page.evaluate("document.activeElement.id") == "q-thai_do"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "q-thai_do"


@pytest.mark.parametrize("path", [FORM, FORM + "?c=to", "/returned", "/review", "/landing"])
def test_at_four_hundred_percent_nothing_runs_out_of_the_screen(page: Page, path: str) -> None:
    # 1280 px at 400 % are 320 CSS px (WCAG 2.2, 1.4.10); text alone at 200 % must fit as well (1.4.4).
    page.set_viewport_size({"width": 320, "height": 256})
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 640, "height": 740})
    page.evaluate("document.documentElement.style.setProperty('font-size', '225%')")
    assert page.evaluate("document.documentElement.scrollWidth") <= 640


def test_forced_colours_and_less_motion_keep_what_was_chosen_visible(browser: Browser, site: Site) -> None:
    options = {"forced_colors": "active", "reduced_motion": "reduce"}
    with browser.new_context(base_url=site.url, service_workers="block", **options) as context:
        page = context.new_page()
        page.goto(FORM)
        choose(page, thai_do="4")
        widths = page.eval_on_selector_all(
            "[name=q-thai_do] + span", "all => all.map(e => getComputedStyle(e).borderTopWidth)"
        )
        assert widths == ["1px", "3px", "1px", "1px", "1px", "1px"]
        moving = page.evaluate(
            "[...document.querySelectorAll('*')].filter(e => getComputedStyle(e).transitionDuration !== '0s'"
            " || getComputedStyle(e).animationName !== 'none').length"
        )
        assert moving == 0
        assert value(page, "key")
