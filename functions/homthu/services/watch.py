"""Watch: look two hours after the report whether everything that was owed has gone out."""

from homthu.domain.boxes.box import Box
from homthu.domain.reports.alarm import Alarm, AlarmKind
from homthu.domain.reports.ledger import DeliveryState, newest_counts
from homthu.domain.week import Week
from homthu.ports import Clock, Ledger, StoreUnavailable, SubmissionArchive
from homthu.services.owed_weeks import last_finished_week


def watch(archive: SubmissionArchive, ledger: Ledger, clock: Clock, box: Box) -> list[Alarm]:
    """Every alarm for the last finished week of a ward."""
    ward, week = box.ward.code, last_finished_week(clock())
    try:
        return _look(archive, ledger, ward, week)
    except StoreUnavailable as unavailable:
        kind, reason = AlarmKind.STORE_UNAVAILABLE, unavailable.reason
        return [Alarm(kind=kind, ward=ward, week=week, reason=reason)]


def _look(archive: SubmissionArchive, ledger: Ledger, ward: str, week: Week) -> list[Alarm]:
    report = ledger.report(ward, week)
    head = ledger.head(ward)
    if report is None or head is None or head.last_week is None or head.last_week < week:
        # The week's own report may stand while that of a round or a year, made with it, does not.
        return [Alarm(kind=AlarmKind.REPORT_MISSING, ward=ward, week=week)]
    alarms = []
    newest = newest_counts(one for one in ledger.reports(ward, week) if one.week == week)[week]
    if difference := abs(archive.count_stamped(ward, week) - newest.tally.total):
        alarms.append(Alarm(kind=AlarmKind.COUNT_DIFFERS, ward=ward, week=week, count=difference))
    for stuck in ledger.owed(ward):
        kind, reason = AlarmKind.DELIVERY_STUCK, stuck.reason or stuck.state.value
        alarms.append(Alarm(kind=kind, ward=ward, week=stuck.week, reason=reason))
    for delivery in ledger.deliveries(ward, week):
        if delivery.state is DeliveryState.BOUNCED:
            kind = AlarmKind.DELIVERY_BOUNCED
            alarms.append(Alarm(kind=kind, ward=ward, week=week, reason=delivery.reason))
    return alarms
