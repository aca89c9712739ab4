"""Look up: tell citizens, by the reference they kept, how their submission stands."""

from dataclasses import dataclass

from homthu.domain.cases.case import Case
from homthu.domain.cases.review import Review
from homthu.domain.cases.verdict import Verdict
from homthu.domain.secret import Secrets
from homthu.domain.submissions.reference import MOST_READINGS, id_of, read_code
from homthu.domain.submissions.submission import SubmissionStatus
from homthu.ports import Cases, Reviews, SubmissionFinder, VerdictIntake

#: Looked up in place of what cannot be a reference; it is too short to be anyone's.
_NOBODYS = "-"


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A submission's status, its case if the committee made one of it, and what readers decided.

    The case is the one that it is dealt with in, which may belong to another form that says the same;
    `is_erased` is about its own.
    """

    submission_status: SubmissionStatus
    case: Case | None
    review: Review | None
    id: str = ""
    verdict: Verdict | None = None
    is_erased: bool = False


def look_up(
    finder: SubmissionFinder,
    cases: Cases,
    reviews: Reviews,
    secrets: Secrets,
    typed: str,
    verdicts: VerdictIntake | None = None,
) -> Found | None:
    """Find what a reference, however it was typed, belongs to. May raise `StoreUnavailable`.

    The number of reads is the same for a right, a wrong and an impossible reference (one for each secret, two
    for the case, one for the review and one for the verdict), so that timing reveals nothing. If an input
    method rewrote the reference, all its readings are looked up, whichever is found.
    """
    references = read_code(typed, MOST_READINGS) or (_NOBODYS,)
    ids = [id_of(reference, secret) for reference in references for secret in secrets.all]
    traces = [(id, finder.submission_status(id)) for id in ids]
    id, submission_status = next(
        ((id, submission_status) for id, submission_status in traces if submission_status), (ids[0], None)
    )
    case, review = cases.case(id), reviews.review(id)
    # Read for everybody, whether joined or not.
    lead = cases.case(case.joined_to if case and case.joined_to else id)
    verdict = verdicts.verdict(id) if verdicts else None
    if submission_status is None:
        return None
    return Found(
        submission_status=submission_status,
        case=lead,
        review=review,
        id=id,
        verdict=verdict,
        is_erased=case is not None and case.is_erased,
    )
