"""Where roots keep their states: over HTTP, for a state in a file is written anew at every resource."""

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit
from urllib.request import Request, urlopen


@contextmanager
def serving() -> Iterator[str]:
    """Serve on this machine; gives an address below which every state has one."""
    states: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        def _answer(self, status: int, body: bytes = b"") -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            state = states.get(self.path)
            self._answer(404) if state is None else self._answer(200, state)

        def do_POST(self) -> None:
            # Terraform adds the number of its lock.
            path = urlsplit(self.path).path
            states[path] = self.rfile.read(int(self.headers["Content-Length"]))
            self._answer(200)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def new_address(states: str) -> str:
    """The address of a state that nobody has written yet."""
    return f"{states}/{uuid.uuid4().hex}"


def copy_state(source: str, target: str) -> None:
    with urlopen(source) as answer:
        state = answer.read()
    urlopen(Request(target, data=state, method="POST")).close()
