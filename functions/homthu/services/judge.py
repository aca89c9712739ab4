"""Judge: keep what whoever wrote a suggestion says of the answer, once for each reference."""

from datetime import date, timedelta

from homthu.domain.cases.case import Case
from homthu.domain.cases.verdict import Verdict, VerdictKind, can_be_judged
from homthu.domain.errors import HomThuError
from homthu.ports import Cases, Conflict, Seal, VerdictIntake

PURPOSE = "verdict"
#: So long after a look-up a verdict can be given; then the reference is typed once more.
PERMIT_AGE = timedelta(hours=2)


class NothingToJudge(HomThuError):
    """The permit is forged or has run out, or the answer has been taken back meanwhile."""


def make_permit(seal: Seal, id: str) -> str:
    """What lets the page of a submission send a verdict: a token in place of the reference."""
    return seal.seal(PURPOSE, [id])


def judged_case(seal: Seal, cases: Cases, permit: str, *, today: date) -> tuple[str, Case]:
    """The submission's id, and the case whose answer it may judge. Raise `NothingToJudge`.

    May raise `StoreUnavailable`.
    """
    unsealed = seal.open(PURPOSE, permit, PERMIT_AGE)
    if unsealed is None:
        raise NothingToJudge
    (id,) = unsealed.values
    case = cases.case(id)
    if case and case.joined_to:
        case = cases.case(case.joined_to)
    if case is None or not can_be_judged(case, today):
        raise NothingToJudge(id)
    return id, case


def judge(
    verdicts: VerdictIntake, *, id: str, case: Case, kind: VerdictKind, words: str, on: date
) -> Verdict:
    """Keep the verdict; the one that counts is the first, which is given back. May raise
    `StoreUnavailable`."""
    verdict = Verdict(id=id, ward=case.ward, case=case.id, kind=kind, on=on, words=words)
    try:
        return verdicts.create_verdict(verdict)
    except Conflict:
        return verdicts.verdict(id) or verdict
