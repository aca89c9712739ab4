"""Case statistics: what a report says about the cases of a ward."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from heapq import nsmallest

from homthu.domain.boxes.deadlines import USUAL_DEADLINES, Deadlines
from homthu.domain.cases.case import ActionKind, Case
from homthu.domain.cases.review import Review
from homthu.domain.cases.statistics import MAX_LISTED_CASES, CaseInPeriod, CaseStatistics, CaseSummary
from homthu.domain.cases.verdict import Verdict
from homthu.domain.reports.attribution import Attribution
from homthu.domain.submissions.personal_data import mask_personal_data
from homthu.domain.submissions.submission import StoredSubmission
from homthu.domain.text import clean
from homthu.ports import Cases
from homthu.services.denials import denials

#: The decisions about a text as they are now, and the submission of a closed week; both by its id.
ReviewOf = Callable[[str], Review | None]
FindSubmission = Callable[[str], StoredSubmission | None]


def read_case_statistics(
    cases: Cases,
    find: FindSubmission,
    *,
    ward: str,
    first: date,
    last: date,
    attribution: Attribution,
    deadlines: Deadlines = USUAL_DEADLINES,
    verdicts: Iterable[Verdict] = (),
    review_of: ReviewOf | None = None,
    limit: int = MAX_LISTED_CASES,
) -> CaseStatistics:
    """The statistics of a ward's cases from `first` to `last`, both included.

    It reads the cases that are open, those that changed on `first` or later, and those whose author denies in
    one of the `verdicts` that the answer settled anything; every other case was finished before and counts
    nowhere. With `review_of`, summaries also hold the words for recipients who read only what was let pass.
    May raise `StoreUnavailable`.
    """
    counts: Counter[str] = Counter()

    def listed() -> Iterator[CaseInPeriod]:
        denied = denials(cases, verdicts, last)
        for case in _looked_at(cases, ward, first, [case for case, _ in denied.values()]):
            denied_on = denied[case.id][1] if case.id in denied else None
            in_period = CaseInPeriod.of(
                case, first=first, last=last, deadlines=deadlines, denied_on=denied_on
            )
            if in_period is None:
                continue
            counts["used"] += 1
            counts["carried"] += in_period.is_carried
            counts["taken"] += in_period.is_taken
            counts["done"] += in_period.is_done
            counts["joined"] += in_period.was_joined
            counts["open"] += in_period.is_open
            counts["unassigned"] += in_period.is_unassigned
            counts["overdue"] += bool(in_period.overdue_days)
            counts["unassigned_overdue"] += in_period.is_unassigned and bool(in_period.overdue_days)
            counts[in_period.move or ""] += 1
            counts["denied"] += in_period.is_denied
            if in_period.is_open or in_period.is_done or in_period.is_denied:
                counts["listed"] += 1
                yield in_period

    chosen = nsmallest(limit, listed(), key=lambda in_period: in_period.urgency)
    return CaseStatistics(
        is_used=bool(counts["used"]) or cases.has_case_unchanged_since(ward, first),
        carried=counts["carried"],
        taken=counts["taken"],
        done=counts["done"],
        open=counts["open"],
        unassigned=counts["unassigned"],
        overdue=counts["overdue"],
        cases=tuple(_summary(one, find, review_of, attribution) for one in chosen),
        more=counts["listed"] - len(chosen),
        denied=counts["denied"],
        set_apart=counts[ActionKind.SET_APART],
        set_back=counts[ActionKind.SET_BACK],
        unassigned_overdue=counts["unassigned_overdue"],
        joined=counts["joined"],
    )


def _looked_at(cases: Cases, ward: str, first: date, denied: Iterable[Case]) -> Iterable[Case]:
    """The cases to look at, each once. Open ones first: one answered meanwhile is then among the changed."""
    found = {case.id: case for case in cases.open_cases(ward)}
    found.update((case.id, case) for case in cases.cases_changed_since(ward, first))
    for case in denied:
        found.setdefault(case.id, case)
    return found.values()


def _summary(
    in_period: CaseInPeriod, find: FindSubmission, review_of: ReviewOf | None, attribution: Attribution
) -> CaseSummary:
    """A case with its subject; the words of a possible petition are not even read."""
    case = in_period.case
    if case.is_petition:
        return CaseSummary.of(in_period, "", attribution)
    if case.answer:
        return CaseSummary.of(in_period, case.answer.subject, attribution, case.answer.subject)
    about, passed = _masked(find, case.id), ""
    review = review_of(case.id) if review_of else None
    if review and review.decision and review.passes:
        passed = mask_personal_data(review.decision.text) or about
    return CaseSummary.of(in_period, about, attribution, passed)


def _masked(find: FindSubmission, id: str) -> str:
    stored = find(id)
    return mask_personal_data(clean(stored.submission.text)) if stored else ""
