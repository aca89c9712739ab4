"""A batch of paper slips: handed out together, counted, and vouched for by a code of its own.

Anyone may reach the page for slips, as anyone may reach the form. A slip sent without a batch's code
is stored and counted like any other, as paper, and flagged; with it, it is one of so many that the
office handed out. A code that leaks vouches for no more than its number of slips and can be
withdrawn. It is random: no secret that a function holds leads to it.
"""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import date

#: 53 bits. Only digits, because Telex and VNI leave them alone where no vowel precedes them.
_DIGITS = 16
#: The cost of one try: about 8 ms and 4 MiB; `submit` pays it rarely, a guesser every time.
_COST = {"n": 2**12, "r": 8, "p": 1}
MOST_SLIPS = 2000


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperBatch:
    """`id` follows from ward and code; `mark`, its beginning, names the batch on each submission.

    `revision` is the store's own: a replacement succeeds only while it is unchanged.
    """

    id: str
    ward: str
    label: str
    slips: int
    made_on: date
    is_revoked: bool = False
    revision: object = field(default=None, compare=False)

    @property
    def mark(self) -> str:
        """What a submission of the batch bears: eight hexadecimal digits."""
        return self.id[:8]


def make_code(entropy: bytes) -> str:
    """A code made of 16 random bytes, without hyphens."""
    return f"{int.from_bytes(entropy) % 10**_DIGITS:0{_DIGITS}d}"


def format_code(code: str) -> str:
    """The code as people see it: `1234-5678-9012-3456`."""
    return "-".join(code[i : i + 4] for i in range(0, _DIGITS, 4))


def batch_id(ward: str, typed: str) -> str | None:
    """The id of the ward's batch with this code, however it was typed; None if it cannot be one."""
    code = re.sub(r"[\W_]", "", typed)
    if not re.fullmatch(rf"[0-9]{{{_DIGITS}}}", code):
        return None
    salt = b"homthu paper batch\0" + ward.encode()
    return hashlib.scrypt(code.encode(), salt=salt, dklen=16, **_COST).hex()
