"""The addresses that are printed: of a place, of its large print, and of the ward's link."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from homthu.config import BadSettings, read_settings
from homthu.domain.boxes.box import Place
from homthu.domain.submissions.submission import Channel
from homthu.render.page.options import PageOptions

_VARIABLE = "HOMTHU_BASE_URL"
_THIS_MACHINE = ("localhost", "127.0.0.1")


class BadBaseUrl(Exception):
    """The base URL cannot be printed; `code` names the sentence that says what would be right.

    `data` fills the sentence.
    """

    def __init__(self, code: str, data: Mapping[str, str] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.data = data or {}


def read_base_url(text: str) -> str:
    """The origin as it is printed, in small letters; raise `BadBaseUrl`.

    Stricter than the setting of the functions: what hangs on a wall must be encrypted, and only a
    trial on this very machine may go without.
    """
    try:
        base_url = read_settings({_VARIABLE: text}, frozenset({_VARIABLE})).base_url
    except BadSettings as bad:
        code = bad.problems[0].code
        key = "print.refused.not_https" if code == "not_https" else f"setting.{code}"
        raise BadBaseUrl(key, bad.problems[0].data) from None
    url = urlsplit(base_url)
    if url.scheme != "https" and url.hostname not in _THIS_MACHINE:
        raise BadBaseUrl("print.refused.not_https")
    return base_url


def host_of(base_url: str) -> str:
    """What people type: the domain, with the port of a trial."""
    return urlsplit(base_url).netloc


def place_url(base_url: str, place: Place) -> str:
    """The address in the poster's code."""
    return f"{base_url}/g/{place.code}"


def large_url(base_url: str, place: Place) -> str:
    """The same form in large print."""
    return place_url(base_url, place) + PageOptions(large=True).query


def place_link(base_url: str, place: Place) -> str:
    """The place's link for sharing, which is counted apart from its poster."""
    return place_url(base_url, place) + PageOptions(channel=Channel.LINK).query


def ward_link(base_url: str) -> str:
    """The link for everybody: the list of places, counted as a link as well."""
    return f"{base_url}/{PageOptions(channel=Channel.LINK).query}"
