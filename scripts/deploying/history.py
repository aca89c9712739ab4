"""The archives that were deployed, kept beside Terraform's state, so that a deploy can be undone."""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from deploying.failures import Stopped
from deploying.gcloud import Gcloud

_NAME = re.compile(r"\d{8}T\d{6}Z-([0-9a-f]{12})\.zip")


def digest_of(archive: Path) -> str:
    """The first twelve digits of the archive's SHA-256."""
    return hashlib.sha256(archive.read_bytes()).hexdigest()[:12]


@dataclass(frozen=True)
class History:
    """The deploys of one project, oldest first."""

    gcloud: Gcloud
    bucket: str

    def add(self, archive: Path, now: datetime) -> None:
        """Keep an archive that has been deployed, unless it is already the last one."""
        if self._digests()[-1:] != [digest_of(archive)]:
            name = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{digest_of(archive)}.zip"
            self.gcloud.copy(archive, f"{self._folder}{name}")

    def fetch_previous(self, target: Path) -> str:
        """Fetch the archive before the last; return its digest. Raise `Stopped` if there is none."""
        names = self._names()
        digests = self._digests()
        earlier = [name for name, digest in zip(names, digests, strict=True) if digest != digests[-1]]
        if not earlier:
            raise Stopped(
                "chưa có bản nào trước bản đang chạy / nothing was deployed before",
                "sửa mã nguồn rồi triển khai như thường / mend the source and deploy as usual",
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        self.gcloud.copy(earlier[-1], target)
        return digest_of(target)

    @property
    def _folder(self) -> str:
        return f"gs://{self.bucket}/archives/"

    def _names(self) -> list[str]:
        return [name for name in self.gcloud.files(self._folder) if _NAME.search(name)]

    def _digests(self) -> list[str]:
        return [found[1] for name in self._names() if (found := _NAME.search(name))]
