"""Expiring: look which weeks are past their time at the next monthly run."""

from datetime import date
from functools import cache

from homthu.domain.boxes.box import Box
from homthu.domain.boxes.retention import first_kept, months_before, next_run
from homthu.domain.cases.case import Case
from homthu.domain.reports.expiring import Expiring
from homthu.domain.week import Week, local_date
from homthu.services.report_context import ReportContext

_OF_WEEKS = ("words", "answers", "quotations", "desk_log")


def expiring(context: ReportContext, box: Box) -> Expiring:
    """What the next run takes that the last one left. May raise `StoreUnavailable`."""
    today = local_date(context.clock())
    on, since = next_run(today), today.replace(day=1)

    @cache
    def is_reported(week: Week) -> bool:
        return context.ledger.report(box.ward.code, week) is not None

    def going(months: int) -> list[Week]:
        found, week = [], first_kept(since, months)
        while week < first_kept(on, months):
            found += [week] if is_reported(week) else []
            week = week.shift(1)
        return found

    rule = box.retention
    weeks = [(kind, months, going(months)) for kind in _OF_WEEKS if (months := getattr(rule, kind))]
    return Expiring(
        on=on,
        weeks=tuple((kind, months, (found[0], found[-1])) for kind, months, found in weeks if found),
        cases=_cases(context, box, since, on) if going(rule.cases) else 0,
    )


def _cases(context: ReportContext, box: Box, since: date, on: date) -> int:
    first, last = (months_before(day, box.retention.cases) for day in (since, on))

    def going_with(case: Case) -> int:
        is_over = not (case.is_erased or case.is_in_hand or case.joined_to)
        if not is_over or not first <= case.stands_since < last:
            return 0
        # What is dealt with in another case stands and falls with that one.
        gathered = (context.cases.case(id) for id in case.gathered)
        return 1 + sum(one is not None and not one.is_erased for one in gathered)

    return sum(
        going_with(case)
        # A case changed last when it was closed, but for the few whose text was moved after that.
        for case in context.cases.cases_changed_since(box.ward.code, first, before=last)
    )
