"""Takes back the paths that functions-framework answers by itself."""

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from homthu.http.edge import Handler


def adopt(app: Flask, handle: Handler) -> None:
    """Let our function answer what the framework would refuse on its own.

    It keeps `/robots.txt` and `/favicon.ico`, and Flask keeps `/static/`: each would answer with an
    English page that has none of our headers. The function refuses them like any unknown path.
    """

    def answer(_: HTTPException) -> Response:
        return handle(request)

    for status in (404, 405):
        app.register_error_handler(status, answer)
