"""Asks the machine's metadata server for the identity token of the account that a function runs as.

https://cloud.google.com/run/docs/securing/service-identity: it answers only inside Google Cloud, over
plain HTTP on a link-local address, to requests with the header that no browser sends.
"""

from http.client import HTTPException
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from homthu.domain.errors import HomThuError

METADATA = "http://metadata.google.internal"
_PATH = "/computeMetadata/v1/instance/service-accounts/default/identity"
_SECONDS = 5


class NoIdentity(HomThuError):
    """There is no metadata server, or it gave no token."""


def identity_token(audience: str, server: str = METADATA) -> str:
    """A signed token that says who we are, for `audience` only; it lasts an hour. Raise `NoIdentity`."""
    url = f"{server}{_PATH}?{urlencode({'audience': audience, 'format': 'full'})}"
    request = Request(url, headers={"Metadata-Flavor": "Google"})  # noqa: S310 - the scheme is ours
    try:
        with urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
            token: str = answer.read().decode("ascii")
    except (OSError, HTTPException, UnicodeDecodeError) as error:
        raise NoIdentity(type(error).__name__) from error
    return token
