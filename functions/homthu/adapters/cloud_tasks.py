"""Google's Cloud Tasks as the queue of wards: one task per ward, called with the scheduler's identity.

The queue itself retries and throttles (infra/queue.tf); here a task is only created. Its REST interface is
called directly, since google-cloud-tasks would bring a second copy of what Firestore's library already loads:
https://cloud.google.com/tasks/docs/reference/rest/v2/projects.locations.queues.tasks/create
"""

import base64
import json
from collections.abc import Callable
from functools import cached_property
from typing import Any

import google.auth
import requests
from google.auth.exceptions import GoogleAuthError
from google.auth.transport.requests import AuthorizedSession

from homthu.ports import QueueUnavailable

CLOUD_TASKS = "https://cloudtasks.googleapis.com"
_SCOPES = ["https://www.googleapis.com/auth/cloud-tasks"]
_SECONDS = 10
#: Somewhat longer than the function may take (infra/functions.tf).
_DEADLINE = "960s"


def own_credentials() -> Any:
    """The credentials of the account that the function runs as."""
    credentials, _ = google.auth.default(scopes=_SCOPES)
    return credentials


class CloudTasksQueue:
    """A queue in one project and region. `account` is who the tasks call as."""

    def __init__(
        self,
        *,
        project: str,
        region: str,
        queue: str,
        account: str,
        server: str = CLOUD_TASKS,
        credentials: Callable[[], Any] = own_credentials,
    ) -> None:
        self._tasks = f"{server}/v2/projects/{project}/locations/{region}/queues/{queue}/tasks"
        self._account = account
        self._credentials = credentials

    def put(self, ward: str, *, url: str, path: str) -> None:
        """Create the task of a ward."""
        body = base64.b64encode(json.dumps({"ward": ward}).encode()).decode()
        request = {
            "httpMethod": "POST",
            "url": url + path,
            "headers": {"Content-Type": "application/json"},
            "body": body,
            # No path or query in the audience, or Cloud Run refuses the token.
            "oidcToken": {"serviceAccountEmail": self._account, "audience": url},
        }
        task: Any = {"task": {"httpRequest": request, "dispatchDeadline": _DEADLINE}}
        try:
            answer = self._session.post(self._tasks, json=task, timeout=_SECONDS)
        except GoogleAuthError as error:
            raise QueueUnavailable("auth") from error
        except requests.RequestException as error:
            raise QueueUnavailable("unreachable") from error
        if answer.status_code != requests.codes.ok:
            raise QueueUnavailable(f"status_{answer.status_code}")

    @cached_property
    def _session(self) -> AuthorizedSession:
        return AuthorizedSession(self._credentials())  # type: ignore[no-untyped-call]
