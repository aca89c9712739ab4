"""An advisory service of OSV's kind, over HTTP on this machine, that knows what a test tells it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Package = tuple[str, str]


def advisory(package: str, id: str, *, mended_in: str | None, alias: str = "") -> dict[str, Any]:
    """One entry as OSV writes it."""
    events = [{"introduced": "0"}, *([{"fixed": mended_in}] if mended_in else [])]
    return {
        "schema_version": "1.6.0",
        "id": id,
        "aliases": [alias] if alias else [],
        "summary": "made up for a test",
        "affected": [
            {
                "package": {"name": package, "ecosystem": "PyPI"},
                "ranges": [{"type": "ECOSYSTEM", "events": events}],
            }
        ],
    }


@dataclass
class Advisories:
    """What the service knows of each version, what it fails at, and what it was asked."""

    known: dict[Package, dict[str, Any]] = field(default_factory=dict)
    failing: set[str] = field(default_factory=set)
    asked: set[Package] = field(default_factory=set)
    url: str = ""


@contextmanager
def advisory_server(**known: Any) -> Iterator[Advisories]:
    """Serve until the block ends."""
    advisories = Advisories(**known)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            package = query["package"]["name"], query["version"]
            advisories.asked.add(package)
            found = advisories.known.get(package)
            body = json.dumps({"vulns": [found]} if found else {}).encode()
            self.send_response(500 if package[0] in advisories.failing else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    advisories.url = f"http://127.0.0.1:{server.server_port}/v1/query"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield advisories
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
