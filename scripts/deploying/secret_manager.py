"""The secrets of a deployment, one a purpose: made where there are none. Terraform says who reads them."""

from homthu.adapters.randomness import random_bytes
from homthu.adapters.secret_file import file_of, new_secrets, parse_secrets
from homthu.domain.secret import SecretPurpose, Secrets

from deploying.deployment import Deployment
from deploying.gcloud import Gcloud
from deploying.steps import Steps

#: By purpose, the end of the secret's name, which is its key in `secret_versions` too. The first of
#: a deployment that had one for all purposes stays that of references, so it is made last.
KEYS = {
    SecretPurpose.RECEIPTS: "receipts",
    SecretPurpose.DESK: "desk",
    SecretPurpose.REFERENCES: "secret",
}


def make_secrets(gcloud: Gcloud, deployment: Deployment, steps: Steps) -> None:
    """Make those that are missing."""

    def single() -> Secrets | None:
        name = f"{deployment.name}-{KEYS[SecretPurpose.REFERENCES]}"
        version = gcloud.newest_version(name)
        return parse_secrets(gcloud.lines_of_secret(name, version)) if version else None

    for purpose, key in KEYS.items():
        name = f"{deployment.name}-{key}"
        if gcloud.newest_version(name) is None:
            gcloud.make_secret(name, file_of(new_secrets(purpose, random_bytes, single)), deployment.region)
            steps.tell(f"{name}: đã tạo / made")
