"""Denials: answered cases that their authors call not settled."""

from collections.abc import Iterable
from datetime import date

from homthu.domain.cases.case import Case
from homthu.domain.cases.verdict import Verdict, VerdictKind, stands_denied
from homthu.ports import Cases


def denials(cases: Cases, verdicts: Iterable[Verdict], day: date) -> dict[str, tuple[Case, date]]:
    """Each case whose answer settled nothing according to one of the verdicts, by id, with the day of the
    newest such verdict; as long as nothing was done since, up to this day. May raise `StoreUnavailable`.
    """
    read: dict[str, Case | None] = {}

    def case_of(id: str) -> Case | None:
        if id not in read:
            read[id] = cases.case(id)
        return read[id]

    found: dict[str, tuple[Case, date]] = {}
    for verdict in verdicts:
        if verdict.kind is not VerdictKind.NOT_SETTLED:
            continue
        judged = case_of(verdict.case)
        case = judged
        if judged is None or judged.joined_to or verdict.id not in (judged.id, *judged.gathered):
            # The form is dealt with elsewhere by now: its case was the lead until it was withdrawn, or was
            # joined or parted.
            case = case_of(verdict.id) or judged
            if case and case.joined_to:
                case = case_of(case.joined_to)
        if case is None or (judged and judged.was_dealt_with(verdict.on, day)):
            continue
        then = case.as_of(day)
        if then and stands_denied(then, verdict.on, day):
            since = found[case.id][1] if case.id in found else verdict.on
            found[case.id] = case, max(since, verdict.on)
    return dict(sorted(found.items()))
