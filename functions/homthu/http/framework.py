"""Takes back the paths that functions-framework answers by itself."""

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from homthu.http.errors import Handler


def adopt(app: Flask, handle: Handler) -> None:
    """Let our function answer what the framework would refuse on its own.

    It keeps `/robots.txt` and `/favicon.ico`, and Flask keeps `/static/`: each would answer with an
    English page that has none of our headers. The function refuses them like any unknown path.
    """

    def answer(_: HTTPException) -> Response:
        return handle(request)

    def answer_for_flask() -> Response | None:
        # It answers OPTIONS there with 200, which is no error that could be handled.
        return handle(request) if request.endpoint == "static" else None

    for status in (404, 405):
        app.register_error_handler(status, answer)
    app.before_request(answer_for_flask)
