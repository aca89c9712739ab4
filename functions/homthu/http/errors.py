"""The edge: turns anything a function raises into an honest Vietnamese page."""

import json
from collections.abc import Callable, Mapping, Sequence

from flask import Request, Response

from homthu.deadline import within
from homthu.http.options import options_from_query
from homthu.http.page_cache import PageCache
from homthu.http.parts import PageParts
from homthu.http.prerender import pack_once
from homthu.http.request import Crashed, RequestRefused, check_request
from homthu.http.responses import empty, json_response, page_response, refusal
from homthu.log import log, log_crash
from homthu.render.page.inline import Page
from homthu.render.page.inputs import MessageKind, MessagePage
from homthu.render.page.options import PageOptions

Handler = Callable[[Request], Response]

#: A citizen is answered within 8 s; a second of it is the page's and the line's.
WORK_SECONDS = 7.0

#: The message page for each status a request can be refused with; any other shows that for 400.
_REFUSALS = {
    404: MessageKind.NOT_FOUND,
    405: MessageKind.METHOD,
    413: MessageKind.TOO_LARGE,
    414: MessageKind.TOO_LARGE,
}


def guard(name: str, parts: PageParts, handle: Handler, cache: PageCache | None = None) -> Handler:
    """The function that the framework calls: `handle`, with every error turned into a page.

    The framework needs a plain function named like its target. As its attribute `finished` it has what
    answers from the cache alone (`homthu.http.framework`).
    """

    def asked(request: Request) -> PageOptions:
        return options_from_query(request.args, parts.pages.languages)

    def message(kind: MessageKind, options: PageOptions, typed: str = "") -> Page:
        # Imported on use: most requests do not need it, so no start should wait for it.
        from homthu.domain.boxes.directory import are_few

        # A page that leads nowhere lists the places itself, unless they are too many to look through.
        is_listed = kind is MessageKind.NOT_FOUND and are_few(parts.boxes.wards)
        listed = tuple(parts.boxes.by_ward.values()) if is_listed else ()
        page = MessagePage(kind=kind, options=options, base_url=parts.base_url, typed=typed, boxes=listed)
        return parts.pages.message(page)

    def failed(error: BaseException, options: PageOptions, typed: str = "") -> Response:
        log_crash("request_crashed", error)
        return page_response(message(MessageKind.FAILED, options, typed), 500)

    def target(request: Request) -> Response:
        return pack_once(answered(request), request.environ)

    def answered(request: Request) -> Response:
        try:
            with within(WORK_SECONDS):
                return handle(request)
        except RequestRefused as refused:
            log("request_refused", function=name, status=refused.status)
            kind = _REFUSALS.get(refused.status, MessageKind.BAD_REQUEST)
            page = message(kind, refused.options or asked(request), refused.typed)
            return refusal(page, refused.status, allow=refused.allow)
        except Crashed as crashed:
            return failed(crashed.__cause__ or crashed, crashed.options, crashed.typed)
        except Exception as error:
            return failed(error, asked(request))

    target.__name__ = name
    if cache is not None:
        vars(target)["finished"] = lambda environ: cache.finished(environ, parts.clock())
    return target


def job_response(rows: Sequence[Mapping[str, object]], *, is_done: bool) -> Response:
    """What was done, for the scheduler's log and for a person at the terminal."""
    return json_response(json.dumps(rows).encode(), 200 if is_done else 503)


def guard_job(name: str, handle: Handler) -> Handler:
    """The function that the framework calls; it needs a plain function named like its target."""

    def target(request: Request) -> Response:
        try:
            check_request(request, ("POST",))
            return handle(request)
        except RequestRefused as refused:
            return empty(refused.status, allow=refused.allow)
        except Exception as error:
            log_crash("job_crashed", error)
            return job_response([], is_done=False)

    target.__name__ = name
    return target
