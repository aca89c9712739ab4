"""Those of Google's addresses that scripts/deploy itself calls: which rights there are, and Hosting's."""

import gzip
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Google:
    """Answers as Google would, and remembers."""

    def __init__(self) -> None:
        self.url = ""
        #: Permissions that the caller lacks, and ones that Google has never heard of.
        self.lacking: set[str] = set()
        self.unknown: set[str] = set()
        self.asked: list[str] = []
        #: The names of the versions released, oldest first; Terraform's is the first.
        self.releases: list[str] = ["sites/terraform/versions/1"]
        self.files: dict[str, dict[str, str]] = {}
        self.uploaded: dict[str, bytes] = {}
        self.finalized: set[str] = set()

    def shown(self) -> str:
        """The page at the site's first address, if the last version released has one."""
        files = self.files.get(self.releases[-1], {})
        return gzip.decompress(self.uploaded[files["/index.html"]]).decode() if files else ""

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, Any]:
        """The status, and what is said."""
        what, _, query = path.partition("?")
        if what.endswith(":testIamPermissions"):
            return self._rights(json.loads(body)["permissions"])
        if what.endswith("/releases"):
            return self._release(method, query)
        return self._version(method, what, body)

    def _release(self, method: str, query: str) -> tuple[int, Any]:
        if method == "GET":
            return 200, {"releases": [{"version": {"name": self.releases[-1]}}]}
        version = query.removeprefix("versionName=")
        if version in self.files and version not in self.finalized:
            return 400, {"error": "not finalized"}
        self.releases.append(version)
        return 200, {}

    def _version(self, method: str, what: str, body: bytes) -> tuple[int, Any]:
        if what.startswith("/upload/"):
            digest = what.rpartition("/")[2]
            if hashlib.sha256(body).hexdigest() != digest:
                return 400, {"error": "digest"}
            self.uploaded[digest] = body
            return 200, {}
        if what.endswith("/versions"):
            name = f"{what.removeprefix('/hosting/')}/{len(self.files) + 2}"
            self.files[name] = {}
            return 200, {"name": name}
        if what.endswith(":populateFiles"):
            name = what.removeprefix("/hosting/").removesuffix(":populateFiles")
            self.files[name] = json.loads(body)["files"]
            needed = sorted(set(self.files[name].values()) - set(self.uploaded))
            return 200, {"uploadRequiredHashes": needed, "uploadUrl": f"{self.url}/upload/{name}"}
        if method == "PATCH" and json.loads(body) == {"status": "FINALIZED"}:
            name = what.removeprefix("/hosting/")
            if not set(self.files[name].values()) <= set(self.uploaded):
                return 400, {"error": "files are missing"}
            self.finalized.add(name)
            return 200, {}
        return 404, {"error": what}

    def _rights(self, asked: list[str]) -> tuple[int, Any]:
        self.asked += asked
        if len(asked) > 100:
            return 400, {"error": "too many"}
        if strange := sorted(self.unknown & set(asked)):
            return 400, {"error": f"Permission {strange[0]} is not valid for this resource."}
        return 200, {"permissions": [one for one in asked if one not in self.lacking]}


@contextmanager
def serving() -> Iterator[Google]:
    """Serve on this machine."""
    google = Google()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            is_person = self.headers["Authorization"] == "Bearer owner"
            status, said = google.answer(self.command, self.path, body) if is_person else (401, {})
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(said).encode())

        do_GET = do_POST = do_PATCH = _answer  # noqa: N815 - the server's own names

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        google.url = f"http://127.0.0.1:{server.server_address[1]}"
        yield google
        server.shutdown()
