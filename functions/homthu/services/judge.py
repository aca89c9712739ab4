"""Judge: keep what the author of a suggestion says of the answer, once for each reference."""

from dataclasses import dataclass
from datetime import date, timedelta

from homthu.domain.boxes.box import Reads
from homthu.domain.cases.case import Case
from homthu.domain.cases.verdict import Verdict, VerdictKind, can_be_judged
from homthu.domain.errors import HomThuError
from homthu.domain.submissions.personal_data import mask_personal_data
from homthu.domain.submissions.signs import Signs
from homthu.domain.week import Week
from homthu.ports import Cases, Conflict, Seal, VerdictIntake, Verdicts
from homthu.services.denials import denials

PURPOSE = "verdict"
#: How long after a look-up a verdict can be given; then the reference must be typed again.
PERMIT_AGE = timedelta(hours=2)
#: The most forms of a matter for which a member is shown what their authors said.
_MOST_JUDGEMENTS = 50


class NothingToJudge(HomThuError):
    """The permit is forged or expired, or the answer has been withdrawn meanwhile."""


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
    if case and case.is_erased:
        # A withdrawn form has no say any more, whichever case it was dealt with in.
        raise NothingToJudge(id)
    if case and case.joined_to:
        case = cases.case(case.joined_to)
    if case is None or not can_be_judged(case, today):
        raise NothingToJudge(id)
    return id, case


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    """A verdict as a member may read it: the words masked, and empty where they are not theirs to read."""

    kind: VerdictKind
    on: date
    words: str


def read_judgements(
    verdicts: VerdictIntake, case: Case | None, *, reads: frozenset[Reads], signs: Signs
) -> list[Judgement]:
    """What the authors of the forms dealt with in a case said of its answer. May raise `StoreUnavailable`."""
    if case is None or case.answer is None:
        return []
    ids = (case.id, *case.gathered)[:_MOST_JUDGEMENTS]
    return [_judgement(one, reads, signs) for id in ids if (one := verdicts.verdict(id))]


def _judgement(verdict: Verdict, reads: frozenset[Reads], signs: Signs) -> Judgement:
    wanted = Reads.PETITIONS if verdict.words and signs.are_in(verdict.words) else Reads.WORDS
    words = mask_personal_data(verdict.words) if wanted in reads else ""
    return Judgement(kind=verdict.kind, on=verdict.on, words=words)


def denied_cases(verdicts: Verdicts, cases: Cases, *, ward: str, today: date) -> list[Case]:
    """The answered cases that their authors called not settled in this week or the last, with nothing done
    since.

    May raise `StoreUnavailable`.
    """
    week = Week.of(today)
    given = verdicts.verdicts_of(ward, week.shift(-1), week)
    return [case for case, _ in denials(cases, given, today).values()]


def judge(
    verdicts: VerdictIntake, *, id: str, case: Case, kind: VerdictKind, words: str, on: date
) -> Verdict:
    """Keep the verdict; the first one counts, and is returned. May raise `StoreUnavailable`."""
    verdict = Verdict(id=id, ward=case.ward, case=case.id, kind=kind, on=on, words=words)
    try:
        return verdicts.create_verdict(verdict)
    except Conflict:
        return verdicts.verdict(id) or verdict
