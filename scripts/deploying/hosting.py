"""What Firebase Hosting is asked for beyond Terraform: another release, and a page without any function.

The API: https://firebase.google.com/docs/hosting/api-deploy
"""

import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deploying.failures import Stopped
from deploying.gcloud import Gcloud
from deploying.web import ask_web

_GOOGLE = "https://firebasehosting.googleapis.com/v1beta1/"


@dataclass(frozen=True)
class Hosting:
    """One site's."""

    gcloud: Gcloud
    site: str

    def release_again(self) -> None:
        """Release the current version once more: that empties the caches all over the world."""
        releases = self._ask("GET", f"sites/{self.site}/releases?pageSize=1").get("releases", [])
        if not releases:
            raise Stopped(f"{self.site}: chưa có bản phát hành / no release", "scripts/deploy --project …")
        self._release(releases[0]["version"]["name"], "rollback: caches emptied")

    def show_only(self, page: str, message: str) -> None:
        """Show this page at every address, with the status 404 at all but the first, and no function."""
        content = gzip.compress(page.encode(), mtime=0)
        digest = hashlib.sha256(content).hexdigest()
        headers = [{"glob": "**", "headers": {"Cache-Control": "max-age=300"}}]
        version = self._ask("POST", f"sites/{self.site}/versions", {"config": {"headers": headers}})["name"]
        files = {"/index.html": digest, "/404.html": digest}
        wanted = self._ask("POST", f"{version}:populateFiles", {"files": files})
        for needed in wanted.get("uploadRequiredHashes", []):
            self._send("POST", f"{wanted['uploadUrl']}/{needed}", content, "application/octet-stream")
        self._ask("PATCH", f"{version}?updateMask=status", {"status": "FINALIZED"})
        self._release(version, message)

    def _release(self, version: str, message: str) -> None:
        self._ask("POST", f"sites/{self.site}/releases?versionName={version}", {"message": message})

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        # The name of the variable is that of Google's own Terraform provider.
        google = self.gcloud.environ.get("GOOGLE_FIREBASE_HOSTING_CUSTOM_ENDPOINT", _GOOGLE)
        given = None if body is None else json.dumps(body).encode()
        said: dict[str, Any] = json.loads(
            self._send(method, google + path, given, "application/json") or "{}"
        )
        return said

    def _send(self, method: str, url: str, body: bytes | None, kind: str) -> str:
        headers = {
            "Authorization": f"Bearer {self.gcloud.token()}",
            "Content-Type": kind,
            "x-goog-user-project": self.gcloud.project,  # a person's own login is refused without
        }
        answer = ask_web(method, url, body, headers=headers)
        if answer.status != 200:
            raise Stopped(
                f"Firebase Hosting: {answer.status or 'không trả lời / no answer'} {answer.text[:200]}",
                "chạy lại; xem https://console.firebase.google.com → Hosting / run it again",
            )
        return answer.text
