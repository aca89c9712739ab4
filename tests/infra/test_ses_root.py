"""infra/ses, applied by the real aws provider to moto's Amazon, and a mail through its role.

The provider comes from a folder, which TF_MIRROR names: `terraform providers mirror` makes one.
"""

import json
import os
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from homthu.adapters.mail.ses import SesMailer
from homthu.ports import MailError
from infra.roots import INFRA, Root, make_root
from moto.core import DEFAULT_ACCOUNT_ID
from moto.server import ThreadedMotoServer
from moto.ses.models import ses_backends

ACCOUNTS = ["1" * 21, "2" * 21]
SENDER = "bao-cao@gopy.example.org"
#: TF_MIRROR, or where Terraform itself looks for providers that need no registry.
_PLACES = (
    os.environ.get("TF_MIRROR", ""),
    str(Path.home() / ".terraform.d" / "plugins"),
    "/usr/local/share/terraform/plugins",
    "/usr/share/terraform/plugins",
)
MIRROR = next((place for place in _PLACES if place and any(Path(place).glob("*/hashicorp/aws"))), None)
pytestmark = [
    pytest.mark.terraform,
    pytest.mark.skipif(MIRROR is None, reason="no folder with the aws provider (TF_MIRROR)"),
]


@pytest.fixture(scope="module")
def amazon() -> Iterator[str]:
    """The address of an Amazon on this machine."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="module")
def ses(terraform: None, amazon: str, tmp_path_factory: pytest.TempPathFactory) -> Root:
    """The root, applied."""
    folder = tmp_path_factory.mktemp("ses")
    configuration = folder / "cli.tfrc"
    configuration.write_text(f'provider_installation {{\n  filesystem_mirror {{ path = "{MIRROR}" }}\n}}\n')
    endpoints = "\n".join(f'    {service} = "{amazon}"' for service in ("ses", "iam", "sts"))
    source = folder / "source"
    source.mkdir()
    for path in (INFRA / "ses").glob("*.tf"):
        (source / path.name).write_text(path.read_text("utf-8"))
    (source / "amazon_override.tf").write_text(
        f"""provider "aws" {{
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  endpoints {{
{endpoints}
  }}
}}
"""
    )
    environ = {
        "TF_CLI_CONFIG_FILE": str(configuration),
        "CHECKPOINT_DISABLE": "1",
        "TF_REATTACH_PROVIDERS": "",
    }
    variables = {"domain": "gopy.example.org", "sender": SENDER, "google_accounts": ACCOUNTS}
    root = make_root(source, folder / "root", environ, variables)
    root.apply()
    return root


def output(root: Root, name: str) -> Any:
    return json.loads(root.succeed("output", "-json"))[name]["value"]


def test_a_second_plan_is_empty(ses: Root) -> None:
    assert ses.run("plan", "-input=false", "-detailed-exitcode").returncode == 0


def test_the_role_trusts_our_two_accounts_and_nobody_else(ses: Root) -> None:
    role = ses.resources().one("aws_iam_role")
    (statement,) = json.loads(role["assume_role_policy"])["Statement"]
    assert statement["Principal"] == {"Federated": "accounts.google.com"}
    assert statement["Condition"] == {
        "StringEquals": {
            "accounts.google.com:sub": ACCOUNTS,
            "accounts.google.com:aud": ACCOUNTS,
            "accounts.google.com:oaud": "sts.amazonaws.com",
        }
    }


def test_the_role_may_send_as_one_address_and_do_nothing_else(ses: Root) -> None:
    policy = json.loads(ses.resources().one("aws_iam_role_policy")["policy"])
    (statement,) = policy["Statement"]
    assert sorted(statement["Action"]) == ["ses:SendEmail", "ses:SendRawEmail"]
    assert statement["Condition"] == {"StringEquals": {"ses:FromAddress": SENDER}}


def test_the_records_to_make_are_given(ses: Root) -> None:
    kinds = sorted(record["type"] for record in output(ses, "dns_records"))
    assert kinds == ["CNAME", "CNAME", "CNAME", "MX", "TXT", "TXT"]


def test_the_reports_own_adapter_takes_the_role_on_and_sends(ses: Root, amazon: str) -> None:
    audiences: list[str] = []

    def token(audience: str) -> str:
        audiences.append(audience)
        return "a-token-of-google-s"

    mailer = SesMailer.in_role(output(ses, "role_arn"), token, region="ap-southeast-1", endpoint_url=amazon)
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = SENDER, "bcd@example.org", "Bao cao tuan"
    message.set_content("Noi dung")
    for _ in range(2):
        mailer.send(message.as_bytes(), sender=SENDER, recipient="bcd@example.org")
    assert audiences == ["sts.amazonaws.com"], "the credentials are kept while they last"
    with urlopen(f"{amazon}/moto-api/data.json") as answer:
        kept = json.load(answer)
    assert "ASIA" in json.dumps(kept["sts"]), "the role's own credentials were given out"


def test_a_sender_that_amazon_does_not_know_is_refused(ses: Root, amazon: str) -> None:
    mailer = SesMailer.in_role(
        output(ses, "role_arn"), lambda _: "token", region="ap-southeast-1", endpoint_url=amazon
    )
    with pytest.raises(MailError) as raised:
        mailer.send(b"Subject: x\r\n\r\nx", sender="x@elsewhere.example", recipient="bcd@example.org")
    assert raised.value.reason == "content_refused MessageRejected"


def test_the_check_takes_the_role_on_too_and_asks_about_the_domain_that_was_applied(
    ses: Root, amazon: str
) -> None:
    """moto lets a role ask what its policy does not allow; that Amazon denies it is in tests/unit."""
    taken: list[str] = []

    def token(audience: str) -> str:
        taken.append(audience)
        return "a-token-of-google-s"

    mailer = SesMailer.in_role(output(ses, "role_arn"), token, region="ap-southeast-1", endpoint_url=amazon)
    with pytest.raises(MailError) as raised:
        mailer.check(sender=SENDER, recipients=["bcd@example.org"], size_bytes=1000)
    assert raised.value.reason == "sender_not_verified", "the records have not been made yet"
    backend = ses_backends[DEFAULT_ACCOUNT_ID]["ap-southeast-1"]
    backend.email_identities["gopy.example.org"].verified_for_sending_status = True
    mailer.check(sender=SENDER, recipients=["bcd@example.org"], size_bytes=1000)
    assert taken == ["sts.amazonaws.com"]
