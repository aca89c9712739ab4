"""Credentials of an Amazon role that is assumed with another provider's identity token.

The role trusts a Google service account (infra/ses), so there is no key to keep. The credentials last an hour
and are renewed on use before they expire.
"""

from collections.abc import Callable
from functools import partial

from botocore.credentials import (
    AssumeRoleWithWebIdentityCredentialFetcher,
    CredentialProvider,
    DeferredRefreshableCredentials,
)
from botocore.exceptions import BotoCoreError, ClientError, CredentialRetrievalError
from botocore.session import Session

from homthu.domain.errors import HomThuError

#: The audience of the token: the condition in infra/ses/role.tf.
AUDIENCE = "sts.amazonaws.com"
_METHOD = "homthu-role"


def session_in_role(
    role: str, token: Callable[[str], str], *, region: str, endpoint_url: str | None = None
) -> Session:
    """A session whose clients sign with the role's credentials. Nothing is fetched before the first use.

    `token` makes an identity token for an audience. Its failures, and those of Amazon's token
    service, are raised as `CredentialRetrievalError`: the call itself has not been made then.
    """
    session = Session()
    create = partial(session.create_client, region_name=region, endpoint_url=endpoint_url)
    fetcher = AssumeRoleWithWebIdentityCredentialFetcher(create, lambda: token(AUDIENCE), role)

    def fetch() -> dict[str, str]:
        try:
            credentials: dict[str, str] = fetcher.fetch_credentials()
        except (BotoCoreError, ClientError, HomThuError) as error:
            raise CredentialRetrievalError(provider=_METHOD, error_msg=type(error).__name__) from error
        return credentials

    session.get_component("credential_provider").insert_before("env", _Role(fetch))
    return session


class _Role(CredentialProvider):
    METHOD = _METHOD

    def __init__(self, fetch: Callable[[], dict[str, str]]) -> None:
        super().__init__()
        self._fetch = fetch

    def load(self) -> DeferredRefreshableCredentials:
        """Credentials that are fetched when the first request is signed."""
        return DeferredRefreshableCredentials(refresh_using=self._fetch, method=_METHOD)
