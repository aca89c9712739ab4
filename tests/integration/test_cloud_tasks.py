"""The tasks that are created, at a server that answers as Cloud Tasks does."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from google.auth.credentials import AnonymousCredentials
from google.auth.exceptions import DefaultCredentialsError
from google.oauth2.credentials import Credentials
from homthu.adapters.cloud_tasks import CloudTasksQueue
from homthu.ports import QueueUnavailable
from ports import free_port

URL = "https://homthu-report-abc-as.a.run.app"
ACCOUNT = "homthu-scheduler@gop-y.iam.gserviceaccount.com"


@contextmanager
def cloud_tasks(status: int = 200) -> Iterator[tuple[str, list[tuple[str, str | None, Any]]]]:
    """The server's address, and what it was asked: path, authorization, body."""
    asked: list[tuple[str, str | None, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append((self.path, self.headers["Authorization"], body))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(b'{"name": "projects/gop-y/.../tasks/1"}')

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
        server.shutdown()


def queue(server: str, credentials: Any = AnonymousCredentials) -> CloudTasksQueue:
    return CloudTasksQueue(
        project="gop-y",
        region="asia-southeast1",
        queue="homthu-report",
        account=ACCOUNT,
        server=server,
        credentials=credentials,
    )


def test_a_task_calls_the_function_with_one_ward_and_the_accounts_own_token() -> None:
    with cloud_tasks() as (server, asked):
        queue(server, lambda: Credentials("a-token")).put("07210", url=URL, path="/rehearsal")
    ((path, authorization, body),) = asked
    assert path == "/v2/projects/gop-y/locations/asia-southeast1/queues/homthu-report/tasks"
    assert authorization == "Bearer a-token"
    request = body["task"]["httpRequest"]
    assert json.loads(base64.b64decode(request.pop("body"))) == {"ward": "07210"}
    assert request == {
        "httpMethod": "POST",
        "url": f"{URL}/rehearsal",
        "headers": {"Content-Type": "application/json"},
        "oidcToken": {"serviceAccountEmail": ACCOUNT, "audience": URL},
    }


@pytest.mark.parametrize("status", [400, 403, 404, 409, 429, 500, 503])
def test_a_refusal_is_told_with_its_status(status: int) -> None:
    with cloud_tasks(status) as (server, _), pytest.raises(QueueUnavailable) as raised:
        queue(server).put("07210", url=URL, path="/")
    assert raised.value.reason == f"status_{status}"


def test_a_server_that_is_not_there_is_unreachable() -> None:
    with pytest.raises(QueueUnavailable) as raised:
        queue(f"http://127.0.0.1:{free_port()}").put("07210", url=URL, path="/")
    assert raised.value.reason == "unreachable"


def test_without_credentials_nothing_is_asked() -> None:
    def none() -> None:
        raise DefaultCredentialsError

    with cloud_tasks() as (server, asked), pytest.raises(QueueUnavailable) as raised:
        queue(server, none).put("07210", url=URL, path="/")
    assert (raised.value.reason, asked) == ("auth", [])
