"""Expiring: find out what the next monthly run of retention will erase, so that it is announced."""

from homthu.domain.boxes.box import Box
from homthu.domain.boxes.retention import first_kept, months_before, next_run
from homthu.domain.reports.expiring import Expiring
from homthu.domain.week import Week, local_date
from homthu.services.report_context import ReportContext

_OF_WEEKS = ("words", "answers", "quotations", "desk_log")


def expiring(context: ReportContext, box: Box) -> Expiring:
    """What the next run will erase that the last one left. May raise `StoreUnavailable`."""
    today, ward, rule = local_date(context.clock()), box.ward.code, box.retention
    on, since = next_run(today), today.replace(day=1)
    # Every week from the first report to the last has one, whether or not anyone wrote in it.
    begun, head = context.ledger.first_week(ward), context.ledger.head(ward)
    closed = head.last_week if head else None

    def going(months: int) -> tuple[Week, Week] | None:
        """The first and last week that will have expired by then, but had not at the run before; or None."""
        if begun is None or closed is None:
            return None
        first, last = max(begun, first_kept(since, months)), min(closed, first_kept(on, months).shift(-1))
        return (first, last) if first <= last else None

    weeks = [(kind, months, going(months)) for kind in _OF_WEEKS if (months := getattr(rule, kind))]
    first, before = (months_before(day, rule.cases) for day in (since, on))
    return Expiring(
        on=on,
        weeks=tuple((kind, months, found) for kind, months, found in weeks if found),
        cases=context.cases.count_over(ward, first=first, before=before) if going(rule.cases) else 0,
    )
