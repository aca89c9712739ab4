"""Whatever an office calls its questions, the page's script asks, keeps, checks and sends each of them."""

import re

import pytest
from browser import reveal, send, wait_for_proof, write
from citizen_side import PLACE, Site
from homthu.domain.fields import CLASSES
from live import FORM, serving
from playwright.sync_api import Browser, Page
from question_ids import site_asking

pytestmark = pytest.mark.browser
_MOST = 40
#: Every name that a browser knows of a form, its controls, the page, and any object, spelt as an id may be.
_NAMES = """whole => {
  const found = new Set(), form = document.createElement("form");
  for (let one of [form.elements, ...(whole ? [form, document, window, ""] : [])])
    for (one = Object(one); one; one = Object.getPrototypeOf(one))
      Object.getOwnPropertyNames(one).forEach(name => found.add(name.toLowerCase()));
  ["action", "method", "submit", "reset", "elements", "name", "target"].forEach(name => found.add(name));
  return [...found].filter(name => /^[a-z0-9_]{1,20}$/.test(name));
}"""


def _ours(site: Site) -> set[str]:
    """Every field, option and element's id of our pages."""
    ids = {field.value for one in CLASSES.values() for field in one}
    for mode in ("", "?m=ho-tro", "?m=kiosk", "?m=nhap-phieu"):
        page = site.form.get(f"/g/{PLACE}{mode}").text
        ids |= {id for id in re.findall(r'\sid="([^"]+)"', page) if not id.startswith("q-")}
    assert {"dem", "noi", "rieng", "khac", "cho", "loi", "nhap", "het", "trao", "moi", "lai"} <= ids
    return {id for id in ids if re.fullmatch(r"[a-z0-9_]{1,20}", id)}


@pytest.fixture(
    params=[False, pytest.param(True, marks=pytest.mark.long)], ids=["of forms", "of all the browser has"]
)
def names(browser: Browser, request: pytest.FixtureRequest) -> list[str]:
    """Ours and a form's; at length all that the browser has."""
    page = browser.new_page()
    known = set(page.evaluate(_NAMES, request.param))
    page.close()
    assert {"length", "submit", "action", "elements", "constructor", "__proto__"} <= known
    return sorted(_ours(Site()) | known)


def _answer(page: Page, ids: list[str]) -> dict[str, str]:
    """Tap an answer to each question, not all alike."""
    given = {id: "54321"[number % 5] for number, id in enumerate(ids)}
    page.evaluate(
        """given => Object.entries(given).forEach(([id, value]) =>
          document.querySelector(`#${CSS.escape('q-' + id)} [value="${value}"]`).click())""",
        # JSON cannot say __proto__ to a script as a key of its own.
        {id: value for id, value in given.items() if id != "__proto__"},
    )
    if "__proto__" in given:
        reveal(page, "q-__proto__")
        page.click(f"#q-__proto__ label:has([value='{given['__proto__']}'])")
    return given


def test_any_id_is_asked_kept_checked_and_stored(browser: Browser, names: list[str]) -> None:
    for start in range(0, len(names), _MOST):
        ids = names[start : start + _MOST]
        with serving(site_asking(ids)) as live:
            context = browser.new_context(base_url=live.url, service_workers="block")
            page = context.new_page()
            wrong: list[str] = []
            page.on("pageerror", lambda error, wrong=wrong: wrong.append(str(error)))
            page.goto(FORM)
            assert page.locator("fieldset").count() == len(ids)
            given = _answer(page, ids)
            write(page, "Đèn ngõ hỏng")
            page.reload()
            kept = page.eval_on_selector_all("input:checked", "all => all.map(one => [one.name, one.value])")
            assert dict(kept) == {f"q-{id}": value for id, value in given.items()}
            assert page.input_value("#gop_y") == "Đèn ngõ hỏng"
            # One taken back, and nothing written: it is asked for, and no other.
            write(page, "")
            last = ids[-1]
            page.evaluate(
                "name => document.getElementsByName(name).forEach(one => one.checked = false)", f"q-{last}"
            )
            send(page)
            links = page.eval_on_selector_all("#loi a", "all => all.map(one => one.getAttribute('href'))")
            assert links == [f"#q-{last}"]
            reveal(page, f"q-{last}")
            page.click(f"[id='q-{last}'] label:has([value='{given[last]}'])")
            wait_for_proof(page)
            send(page)
            page.wait_for_selector(".code")
            (stored,) = live.parts.stored()
            assert (dict(stored.submission.answers), stored.submission.flags) == (given, ())
            assert wrong == []
            context.close()
