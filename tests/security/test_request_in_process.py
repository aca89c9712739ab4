"""The gate and the edge without a server: what breaks off, what never ends, what waits too long."""

import time
from io import BytesIO
from urllib.parse import urlencode

from citizen_side import KEY, PLACE, Site
from homthu.deadline import remaining
from homthu.domain.submissions.submission import Submission
from served_box import FORM, whole_form
from werkzeug.test import EnvironBuilder, run_wsgi_app


def post(site: Site, body: bytes, *, length: int | None) -> int:
    """Post a body as gunicorn hands it over: it ends where the line ended, whatever was announced."""
    environ = EnvironBuilder("/gui", method="POST", input_stream=BytesIO(body)).get_environ()
    environ |= {"CONTENT_TYPE": FORM, "wsgi.input_terminated": True}
    environ.pop("CONTENT_LENGTH", None)
    if length is not None:
        environ["CONTENT_LENGTH"] = str(length)
    _, status, _ = run_wsgi_app(site.submit.application, environ)
    return int(status.split()[0])


def test_a_body_shorter_than_announced_is_no_form() -> None:
    site, body = Site(), urlencode(whole_form(KEY)).encode()
    assert post(site, body[:-20], length=len(body)) == 400
    assert site.stored() == []
    assert post(site, body, length=len(body)) == 303


def test_a_body_without_a_length_is_bounded_too() -> None:
    assert post(Site(), b"a" * 40_000, length=None) == 413


def test_all_that_an_answer_needs_shares_one_bound() -> None:
    left: list[float] = []

    class Slow:
        def add(self, id: str, submission: Submission, digest: str) -> None:
            left.append(remaining(100.0))

        def digest(self, id: str) -> str | None:
            time.sleep(0.05)
            return None

    site = Site()
    site.intake = Slow()
    assert site.send().status_code == 303
    assert left[0] < 8


def test_a_page_tells_other_sites_nothing_and_our_own_form_where_it_came_from() -> None:
    assert Site().form.get(f"/g/{PLACE}").headers["Referrer-Policy"] == "same-origin"
