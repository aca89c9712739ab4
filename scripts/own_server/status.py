"""One screen about the state of a box: what it did, what it owes and why, what comes next."""

import json
import os
from collections.abc import Iterator
from datetime import datetime, timedelta

from commands.opening import open_to_read
from environment import version
from homthu.adapters.web_files import load_texts
from homthu.bootstrap.parts import Parts
from homthu.domain.boxes.box import Box
from homthu.domain.reports.ledger import DeliveryState, by_state
from homthu.domain.week import ICT, local_date, local_midnight
from homthu.ports import StoreUnavailable
from homthu.render.mail.cause import describe_cause
from local import schedule
from local.served_with import read_note as how_served

from own_server.layout import Layout
from own_server.look import facts_seen
from own_server.settings import ServerSettings

#: How far back a form is looked for day by day; older ones are found by the week's report.
_DAYS = 15


def status(layout: Layout, settings: ServerSettings, now: datetime) -> tuple[list[str], bool]:
    """The lines of the screen, and whether all is well."""
    facts = facts_seen(layout, settings, now)
    lines = [f"Hòm thư góp ý · {now.astimezone(ICT):%d/%m/%Y %H:%M}", ""]
    lines += _served(layout)
    try:
        parts = open_to_read(layout.data, "report")
        for box in parts.boxes.by_ward.values():
            lines += ["", *_of_ward(parts, box, now)]
        parts.close_store()
    except StoreUnavailable as unavailable:
        lines += ["", f"✗ kho / the store: {unavailable.reason}"]
    lines += ["", *_next_jobs(layout, now), ""]
    lines += [f"{'✓' if fact.is_well else '✗'} {fact.told}" for fact in facts]
    if settings.alarm_command is None:
        lines.append("! chưa có đường báo động thứ hai / no second way of alarm: HOMTHU_ALARM_COMMAND")
    if settings.backup_copy is None:
        lines.append("! bản sao lưu chỉ ở máy này / backups lie on this machine only: HOMTHU_BACKUP_COPY")
    return lines, all(fact.is_well for fact in facts)


def _served(layout: Layout) -> Iterator[str]:
    noted = how_served(layout.data)
    if not noted:
        yield "chưa chạy lần nào / never served"
        return
    since = datetime.fromisoformat(noted["since"]).astimezone(ICT)
    yield f"chạy từ / served since: {since:%d/%m/%Y %H:%M}, bản / version {noted['version']}"
    if noted["version"] != version():
        yield f"✗ bản trên đĩa / on the disk: {version()}: cần khởi động lại / to be restarted"
    yield f"địa chỉ / address: {os.environ.get('HOMTHU_BASE_URL', '')} · thư / mail: {noted['mail']}"


def _of_ward(parts: Parts, box: Box, now: datetime) -> Iterator[str]:
    ward = box.ward.code
    yield f"{box.ward.full_name} ({ward})"
    yield f"  phiếu gần nhất / last form: {_last_form_day(parts, ward, now)}"
    head = parts.ledger.head(ward)
    if head is None or head.last_week is None:
        yield "  chưa có báo cáo / no report yet"
        return
    for report in parts.ledger.reports(ward, head.last_week):
        of_week = parts.ledger.deliveries(ward, report.week)
        counts = by_state([one for one in of_week if one.edition == report.edition])
        states = ", ".join(f"{state}: {count}" for state, count in counts.items() if count)
        yield f"  báo cáo / report {report.number}/{report.year} ({report.week} {report.edition}): {states}"
    owed = parts.ledger.owed(ward)
    yield f"  còn nợ / owed: {len(owed)} thư"
    causes = {one.reason or one.state.value for one in owed}
    causes |= {
        one.reason
        for one in parts.ledger.deliveries(ward, head.last_week)
        if one.state is DeliveryState.BOUNCED
    }
    for reason in sorted(causes):
        yield f"    {reason}: {describe_cause(reason, load_texts('vi'))}"


def _last_form_day(parts: Parts, ward: str, now: datetime) -> str:
    """The day alone: the time of receipt is nobody's business."""
    today = local_date(now)
    for back in range(_DAYS):
        day = today - timedelta(days=back)
        # An instant later would be on the next day.
        if parts.archive.has_received_after(ward, local_midnight(day) - timedelta(microseconds=1)):
            return f"{day:%d/%m/%Y}"
    head = parts.ledger.head(ward)
    if head is None or head.last_week is None:
        return "chưa có / none"
    week = head.last_week
    for _ in range(_DAYS):
        days = [one.received_on for one in parts.archive.in_week(ward, week) if one.received_on]
        if days:
            return f"{max(days):%d/%m/%Y}"
        week = week.shift(-1)
    return f"trước / before {week.monday:%d/%m/%Y}"


def _next_jobs(layout: Layout, now: datetime) -> Iterator[str]:
    try:
        done = json.loads((layout.data / "schedule.json").read_text("utf-8"))
    except (OSError, ValueError):
        done = {}
    for job in schedule.read_jobs():
        due = job.last_due(now)
        last = datetime.fromisoformat(done[job.name]) if job.name in done else None
        following = f"{(due + timedelta(days=7)).astimezone(ICT):%d/%m %H:%M}"
        if last is not None and last < due:
            yield f"✗ {job.name}: đến hạn từ / due since {due.astimezone(ICT):%d/%m %H:%M}"
        else:
            yield f"  {job.name}: lần tới / next {following}"
