"""Proof of work: a little work done on the phone and bound to the key, so that flooding costs something.

The idea is Adam Back's hashcash (1997). A submission without a valid proof is stored like any other and
flagged; a person without JavaScript is known by the signed time of the review page instead.
"""

import hashlib

#: Zero bits that the digest must begin with: about 16,000 tries, a fraction of a second on a cheap
#: phone. `web/assets/page.js` knows the same number.
PROOF_BITS = 14
_MAX_LENGTH = 12


def is_proof_of_work(key: str, proof: str) -> bool:
    """Whether SHA-256 of `key:proof` begins with `PROOF_BITS` zero bits; the proof is a decimal number."""
    if not (proof.isascii() and proof.isdecimal() and len(proof) <= _MAX_LENGTH):
        return False
    digest = hashlib.sha256(f"{key}:{proof}".encode()).digest()
    return int.from_bytes(digest[:4]) >> (32 - PROOF_BITS) == 0
