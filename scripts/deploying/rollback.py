"""Back to the previous revisions, which Cloud Run still holds: seconds, where a build takes minutes.

Every revision carries the digest of the source it was built from, so that all functions go back to one and
the same deploy, whatever was redeployed in between, such as by a rotation.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deploying.failures import Stopped
from deploying.gcloud import Gcloud

#: The variable that infra/functions.tf gives each function.
DIGEST = "SOURCE_DIGEST"
_REBUILD = (
    "dựng lại bản trước từ tệp lưu (khoảng 10 phút) / build the one before from its archive: "
    "scripts/deploy --project PROJECT --rollback --rebuild"
)


@dataclass(frozen=True, kw_only=True)
class Revision:
    """A revision of one function."""

    name: str
    made: str
    digest: str
    is_serving: bool


@dataclass(frozen=True)
class Traffic:
    """Where the requests of all functions go; `services` are their Cloud Run services' names."""

    gcloud: Gcloud
    region: str
    services: list[str]

    def to_previous(self) -> str:
        """Shift every function to the deploy before; return its digest. Raise `Stopped` if there is none."""
        found = {service: self._revisions(service) for service in self.services}
        serving = {name: _serving(revisions) for name, revisions in found.items()}
        # After an interrupted rollback the functions differ: those that went back stay there.
        current = max(serving.values(), key=lambda one: one.made).digest
        targets = {name: _before(revisions, serving[name], current) for name, revisions in found.items()}
        digests = {target.digest for target in targets.values() if target}
        if None in targets.values() or len(digests) != 1:
            raise Stopped(
                "các hàm không có chung một bản trước / the functions have no common revision before",
                _REBUILD.replace("PROJECT", self.gcloud.project),
            )
        for name, target in targets.items():
            if target and not target.is_serving:
                self.gcloud.shift(name, self.region, target.name)
        return digests.pop()

    def to_newest(self) -> list[str]:
        """Undo a rollback, after a deploy; return the functions that had been held back."""
        held = [
            name
            for name in self.services
            if not any(one.get("latestRevision") for one in self.gcloud.serving(name, self.region))
        ]
        for name in held:
            self.gcloud.shift(name, self.region, None)
        return held

    def _revisions(self, service: str) -> list[Revision]:
        """Oldest first."""
        traffic = self.gcloud.serving(service, self.region)
        serving = {one.get("revisionName") for one in traffic if one.get("percent")}
        described = self.gcloud.revisions(service, self.region)
        return sorted((_read(one, serving) for one in described), key=lambda one: one.made)


def _read(described: Mapping[str, Any], serving: set[str | None]) -> Revision:
    settings = described["spec"]["containers"][0].get("env", [])
    digest = next((one.get("value", "") for one in settings if one["name"] == DIGEST), "")
    name = described["metadata"]["name"]
    return Revision(
        name=name,
        made=described["metadata"]["creationTimestamp"],
        digest=digest,
        is_serving=name in serving,
    )


def _serving(revisions: list[Revision]) -> Revision:
    found = [one for one in revisions if one.is_serving]
    if not found:
        raise Stopped("không thấy bản đang chạy / no revision is serving", "scripts/deploy --project …")
    return found[-1]


def _before(revisions: list[Revision], serving: Revision, current: str) -> Revision | None:
    if serving.digest != current:
        return serving
    earlier = [one for one in revisions if one.made < serving.made and one.digest not in ("", current)]
    return earlier[-1] if earlier else None
