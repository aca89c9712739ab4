"""Close a ward's finished weeks and send what is owed, as the function `report` does on Mondays.

With --rehearse it goes through the next report as on Fridays: it makes the mail and tries the way out,
and sends and changes nothing.
"""

import argparse
import sys
from collections.abc import Sequence
from email import message_from_bytes
from email.message import Message

import local_settings
import python_notice
from homthu.adapters.clock import clock_set_to, system_clock
from homthu.bootstrap import Parts, start
from homthu.domain.boxes.box import Box
from homthu.domain.reports.ledger import DeliveryState, by_state
from homthu.domain.week import NotAWeek, Week
from homthu.services.claim import WardBusy
from homthu.services.close_week import preview
from homthu.services.correct_week import NothingToCorrect, correct_week
from homthu.services.deliver import deliver
from homthu.services.owed_weeks import MAX_CATCH_UP, last_finished_week
from homthu.services.rehearse import rehearse_mail, rehearse_wards
from homthu.services.report import WardOutcome, report_ward

#: What a ward's problem code means for the person at the terminal.
ADVICE = {
    "too_far_behind": "còn nợ quá nhiều tuần; nếu đúng như vậy, chạy lại với --catch-up SỐ_TUẦN",
    "ward_busy": "một tiến trình khác đang lập báo cáo; đợi 15 phút rồi chạy lại",
    "lease_lost": "chạy quá 15 phút nên đã dừng; chạy lại để làm tiếp phần còn lại",
}


def week(text: str) -> Week:
    """A week from the command line."""
    try:
        return Week.parse(text)
    except NotAWeek:
        raise argparse.ArgumentTypeError(f"{text!r}: cần dạng 2026-W47 / expected 2026-W47") from None


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ward", metavar="CODE", help="the ward's five-digit code")
    parser.add_argument("--week", type=week, metavar="2026-W47", help="up to this week (default: the last)")
    local_settings.add_data_option(parser)
    parser.add_argument("--as-of", type=local_settings.instant, metavar="TIME", help="set the clock to this")
    parser.add_argument("--dry-run", action="store_true", help="print the week's mail; change nothing")
    parser.add_argument(
        "--rehearse",
        action="store_true",
        help="try the next report and the mail; of every ward without --ward",
    )
    parser.add_argument(
        "--correct", type=week, metavar="2026-W47", help="make a correction of this week's report"
    )
    parser.add_argument("--reason", default="", metavar="TEXT", help="why: printed in the correction")
    parser.add_argument("--catch-up", type=int, default=MAX_CATCH_UP, metavar="N", help="weeks at most")
    arguments = parser.parse_args()
    if not arguments.ward and not arguments.rehearse:
        parser.error("cần --ward MÃ / --ward CODE is needed")
    return arguments


def text_of(content: bytes) -> str:
    """Subject and plain text of a mail."""
    message = message_from_bytes(content)
    part = next(part for part in message.walk() if part.get_content_type() == "text/plain")
    payload = part.get_payload(decode=True)
    subject = str(_decoded(message))
    return f"{subject}\n\n{payload.decode() if isinstance(payload, bytes) else ''}"


def _decoded(message: Message) -> str:
    from email.header import decode_header, make_header

    return str(make_header(decode_header(message["Subject"])))


def show_week(parts: Parts, box: Box, chosen: Week) -> None:
    """Print the mail of a week: as it was frozen, or as it would be made now."""
    report = parts.ledger.report(box.ward.code, chosen)
    content = parts.ledger.content(report.content) if report else preview(parts.office, box, chosen)
    print(text_of(content))


def tell(parts: Parts, outcome: WardOutcome) -> None:
    """Print what was done."""
    for report in outcome.closed:
        name = f"{report.ward} {report.week} {report.edition}"
        print(f"{name}: báo cáo số {report.number}, {report.tally.total} ý kiến")
        of_week = parts.ledger.deliveries(report.ward, report.week)
        deliveries = by_state([one for one in of_week if one.edition == report.edition])
        print("  " + ", ".join(f"{state}: {count}" for state, count in deliveries.items() if count))
    sent = sum(delivery.state is DeliveryState.SENT for delivery in outcome.tried)
    print(f"đã gửi / sent: {sent}; còn nợ / owed: {outcome.owed}")
    for delivery in outcome.tried:
        if delivery.state is not DeliveryState.SENT:
            print(f"  {delivery.recipient}: {delivery.state} ({delivery.reason})")
    if outcome.problem:
        print(f"lỗi / problem: {outcome.problem}. {ADVICE.get(outcome.problem, '')}", file=sys.stderr)


def correct(parts: Parts, box: Box, chosen: Week, reason: str) -> WardOutcome:
    """Freeze a correction of a week's report, and send what the ward is owed."""
    owner = parts.random_bytes(8).hex()
    try:
        frozen = correct_week(parts.office, box, chosen, reason=reason, owner=owner)
    except NothingToCorrect:
        sys.exit(f"Tuần {chosen}: chưa có báo cáo, hoặc số liệu trong kho đúng như báo cáo mới nhất.")
    except WardBusy:
        return WardOutcome(ward=box.ward.code, problem="ward_busy")
    ward = box.ward.code
    tried = deliver(parts.ledger, parts.mailer, parts.clock, ward=ward, sender=parts.sender)
    return WardOutcome(ward=ward, closed=(frozen,), tried=tuple(tried), owed=len(parts.ledger.owed(ward)))


def rehearse(parts: Parts, boxes: Sequence[Box]) -> bool:
    """Try everything that the next report needs, and print what was tried; whether all went well."""
    problem = rehearse_mail(parts.mailer, parts.sender)
    print(
        f"✗ không gửi thư được / no mail would leave: {problem}"
        if problem
        else "✓ đường gửi thư thông / the way out for mail is open"
    )
    is_sound = not problem
    for one in rehearse_wards(parts.office, parts.sender, boxes, check_store=parts.check_store):
        if one.problem:
            is_sound = False
            print(f"✗ {one.ward}: {one.problem} {ADVICE.get(one.problem, '')}".rstrip())
        else:
            print(f"✓ {one.ward} {one.week}: lập được thư / the mail was made, {one.mail_bytes:,} B")
    print("Diễn tập: chưa gửi thư nào, chưa ghi gì / rehearsed: nothing was sent or written")
    if not is_sound:
        print("Xem README, «Friday» / see README, «Friday»", file=sys.stderr)
    return is_sound


def main() -> None:
    """Run the command; the exit status is 0 when nothing is owed."""
    arguments = parse()
    python_notice.tell_about_this_python()
    clock = clock_set_to(arguments.as_of) if arguments.as_of else system_clock
    environ = local_settings.existing_box(arguments.data, "report")
    if not (arguments.rehearse or arguments.dry_run):
        local_settings.refuse_to_mail_invented(arguments.data, environ)
    parts = start(
        "report",
        environ,
        clock=clock,
        progress=lambda line: print(line, file=sys.stderr),
        reading=arguments.dry_run,
    )
    if arguments.rehearse and not arguments.ward:
        sys.exit(0 if rehearse(parts, list(parts.boxes.by_ward.values())) else 1)
    box = parts.boxes.by_ward.get(arguments.ward)
    if box is None:
        sys.exit(f"Không có phường mã {arguments.ward}; có: {', '.join(parts.boxes.by_ward)}")
    if arguments.rehearse:
        sys.exit(0 if rehearse(parts, [box]) else 1)
    last = last_finished_week(clock())
    chosen = arguments.week or last
    if chosen > last:
        sys.exit(f"Tuần {chosen} chưa kết thúc; tuần gần nhất đã xong là {last} (thử --as-of)")
    if arguments.dry_run:
        show_week(parts, box, chosen)
        return
    if arguments.correct:
        if not arguments.reason.strip():
            sys.exit('Cần --reason "…": lý do đính chính được ghi trong báo cáo.')
        outcome = correct(parts, box, arguments.correct, arguments.reason)
        tell(parts, outcome)
        sys.exit(0 if outcome.is_done else 1)
    owner = parts.random_bytes(8).hex()
    outcome = report_ward(
        parts.office,
        parts.mailer,
        parts.sender,
        box,
        owner=owner,
        until=chosen,
        catch_up=arguments.catch_up,
    )
    tell(parts, outcome)
    if not outcome.is_done:
        sys.exit(1)
