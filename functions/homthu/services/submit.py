"""Submit: store one submission, once, and return its reference."""

import hmac
from dataclasses import replace

from homthu.domain.secret import Secrets
from homthu.domain.submissions.inclusion import seed_of
from homthu.domain.submissions.reference import derive_key, id_of, reference_of
from homthu.domain.submissions.submission import Submission, digest_of
from homthu.ports import IdTaken, StoreUnavailable, SubmissionIntake


def submit(intake: SubmissionIntake, secrets: Secrets, *, key: str, submission: Submission) -> str:
    """Store the submission durably and return its reference.

    The same key with the same payload returns the same reference and stores nothing more, which
    also covers a first write whose answer was lost. The same key with another payload is another
    person's words (a cached page, a shared phone) or an edit: it is stored beside the first, under
    a key derived from both. Raise `StoreUnavailable` when nothing is known to be stored.
    """
    try:
        return _store(intake, secrets, key, submission)
    except IdTaken as taken:
        second = derive_key(key, digest_of(submission, key))
        try:
            return _store(intake, secrets, second, submission)
        except IdTaken:
            raise StoreUnavailable("id_collision") from taken


def _store(intake: SubmissionIntake, secrets: Secrets, key: str, submission: Submission) -> str:
    """Store under this key; raise `IdTaken` if something else is there."""
    reference = reference_of(key)
    digest = digest_of(submission, key)
    # Only after a rotation of the secret: what was sent before must be found under its old id.
    for secret in secrets.previous:
        if stored := intake.digest(id_of(reference, secret)):
            if hmac.compare_digest(stored, digest):
                return reference
            raise IdTaken(stored)
    try:
        intake.add(id_of(reference, secrets.current), replace(submission, seed=seed_of(reference)), digest)
    except IdTaken as taken:
        if not hmac.compare_digest(taken.digest, digest):
            raise
    return reference
