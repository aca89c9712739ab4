"""Read the submissions of a closed week, and renew the claim meanwhile."""

from collections.abc import Iterator
from dataclasses import replace

from homthu.domain.submissions.submission import StoredSubmission
from homthu.domain.week import Week
from homthu.services.claim import Claim
from homthu.services.office import Office


def stamped(office: Office, claim: Claim, week: Week) -> Iterator[StoredSubmission]:
    """Stream them, numbered, with a word now and then; raise `LeaseLost` when the ward is another's."""
    ward = claim.head.ward
    for number, submission in enumerate(office.archive.stamped(ward, week), 1):
        if number % 1000 == 0:
            claim.check()
            office.progress(f"{ward} {week}: {number} read")
        yield replace(submission, number=number)
