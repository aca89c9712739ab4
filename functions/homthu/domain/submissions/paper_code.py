"""The code that vouches for paper slips: whoever types them in has it from the office.

Anyone may reach the page for slips, as anyone may reach the form. A slip sent without the ward's code
is stored and counted like any other, as paper, and flagged; with it, it is what the office opened and
counted. The code rests on the deployment's secret, so no file and no store holds it.
"""

import hmac

from homthu.domain.secret import Secrets
from homthu.domain.submissions.reference import read_code

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: Twelve symbols, 60 bits: as long as a reference, and read back in the same forgiving way.
_LENGTH = 12
#: Comparing costs nothing, and so many tries at a code of 60 bits give nobody a chance.
_MOST_READINGS = 5_000


def paper_code(ward: str, secret: bytes) -> str:
    """The ward's code under one secret, without hyphens."""
    digest = hmac.digest(secret, b"homthu paper\0" + ward.encode(), "sha256")
    number = int.from_bytes(digest[:8])
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(0, _LENGTH * 5, 5))


def is_paper_code(text: str, ward: str, secrets: Secrets) -> bool:
    """Whether this is the ward's code, however it was typed, under the secret in use or one before."""
    codes = [paper_code(ward, secret) for secret in secrets.all]
    return any(
        hmac.compare_digest(given, code) for given in read_code(text, _MOST_READINGS) for code in codes
    )
