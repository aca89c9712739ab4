"""A phone without a connection: a form filled in, and sent so that it waits."""

from browser import answer_all, send, value, wait_for_proof
from live import FORM
from playwright.sync_api import BrowserContext, Page


def fill(page: Page) -> str:
    page.goto(FORM)
    answer_all(page)
    wait_for_proof(page)
    return value(page, "key")


def park(page: Page, context: BrowserContext) -> str:
    """Fill in a form and press Send without a connection; return its key."""
    key = fill(page)
    context.set_offline(True)
    send(page)
    page.wait_for_selector("#cho:not([hidden])")
    return key
