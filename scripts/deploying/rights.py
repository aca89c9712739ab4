"""Which rights the person who deploys still lacks, asked of Google before anything is made."""

import json
from collections.abc import Collection
from itertools import groupby

from environment import ROOT

from deploying.gcloud import Gcloud
from deploying.web import ask_web

#: The rights a deploy needs, as a role of one's own: `gcloud iam roles create … --file` reads it too.
ROLE = ROOT / "infra" / "deployer-role.json"
#: What a project's owner has by the policy of each bucket and not by the project's, so that to ask for it
#: in the project would be answered with no (cloud.google.com/storage/docs/access-control/iam-roles).
_BY_BUCKET = (
    "storage.objects.",
    "storage.buckets.get",
    "storage.buckets.setIamPolicy",
    "storage.buckets.update",
)
#: What only some deployments need: the permissions that begin so, and the key of the deployment's file.
_ONLY_WITH = {"cloudtasks.": "wards_at_once", "iam.workloadIdentityPool": "repository"}
_GOOGLE = "https://cloudresourcemanager.googleapis.com/v1/"


class RightsNotAsked(Exception):
    """Google did not say which rights there are; the text is its answer."""


def needed_permissions(keys: Collection[str]) -> list[str]:
    """Those permissions of the role that can be asked for, for a deployment whose file has these keys."""
    without = tuple(begin for begin, key in _ONLY_WITH.items() if key not in keys)
    permissions: list[str] = json.loads(ROLE.read_text("utf-8"))["includedPermissions"]
    return [one for one in permissions if not one.startswith((*_BY_BUCKET, *without))]


def lacking_permissions(gcloud: Gcloud, keys: Collection[str]) -> list[str]:
    """Those that the account that is logged in lacks in the project. Raise `RightsNotAsked`."""
    # The name of the variable is that of Google's own Terraform provider.
    google = gcloud.environ.get("GOOGLE_RESOURCE_MANAGER_CUSTOM_ENDPOINT", _GOOGLE)
    headers = {"Authorization": f"Bearer {gcloud.token()}", "Content-Type": "application/json"}
    lacking: list[str] = []
    # A call a service: Google answers at most a hundred at once.
    for _, group in groupby(needed_permissions(keys), lambda one: one.partition(".")[0]):
        asked = list(group)
        answer = ask_web(
            "POST",
            f"{google}projects/{gcloud.project}:testIamPermissions",
            json.dumps({"permissions": asked}).encode(),
            headers=headers,
        )
        if answer.status != 200:
            raise RightsNotAsked(f"{answer.status} {answer.text[:200]}")
        given = set(json.loads(answer.text or "{}").get("permissions", []))
        lacking += [one for one in asked if one not in given]
    return lacking
