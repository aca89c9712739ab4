"""Close the wards' finished weeks and send what is owed, as the function `report` does on Mondays.

It tries at once what was blocked before: whoever types it has mended the cause. With --resend it owes a
frozen report again to those whom it did not reach. With --rehearse it goes through the next report as
on Fridays: it makes the mail and tries the way out, and sends and changes nothing.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from email import message_from_bytes
from email.message import Message

from homthu.adapters.clock import clock_set_to, system_clock
from homthu.adapters.mail.outbox import newest
from homthu.adapters.web_files import load_texts
from homthu.bootstrap.parts import Parts
from homthu.bootstrap.start import start
from homthu.domain.boxes.box import Box
from homthu.domain.reports.audience import Audience
from homthu.domain.reports.edition import Edition, NotAnEdition
from homthu.domain.reports.ledger import DeliveryState, by_state
from homthu.domain.week import NotAWeek, Week
from homthu.ports import Mailer
from homthu.render.mail.cause import describe_cause
from homthu.services.claim import WardBusy
from homthu.services.close import preview
from homthu.services.correct import NothingToCorrect, correct_week
from homthu.services.deliver import deliver
from homthu.services.mail_run import MailRun
from homthu.services.owed_weeks import MAX_CATCH_UP, last_finished_week
from homthu.services.rehearse import rehearse_mail, rehearse_wards
from homthu.services.resend import resend
from homthu.services.run_reports import WardOutcome, report_ward
from local import data_folder, python_notice

#: What a ward's problem code means for the person at the terminal.
ADVICE = {
    "too_far_behind": "còn nợ quá nhiều tuần; nếu đúng như vậy, chạy lại với --catch-up SỐ_TUẦN",
    "clock_behind": "kho đã có báo cáo hoặc phiếu của một ngày chưa tới: kiểm tra ngày giờ của máy"
    " (hoặc --as-of); chưa chốt gì thêm, phiếu vẫn được nhận và sẽ nằm ở tuần chưa chốt kế tiếp"
    " / the clock is behind what the store has seen: check the date of this machine",
    "ward_busy": "một tiến trình khác đang lập báo cáo; đợi 15 phút rồi chạy lại",
    "lease_lost": "một tiến trình khác đã làm tiếp nên tiến trình này dừng; đợi 15 phút rồi chạy lại",
}


def week(text: str) -> Week:
    """A week from the command line."""
    try:
        return Week.parse(text)
    except NotAWeek:
        raise argparse.ArgumentTypeError(f"{text!r}: cần dạng 2026-W47 / expected 2026-W47") from None


def edition(text: str) -> Edition:
    """An edition from the command line."""
    try:
        return Edition.parse(text)
    except NotAnEdition:
        raise argparse.ArgumentTypeError(
            f"{text!r}: cần week, correction.1, round.… hoặc year.2026 / expected one of these"
        ) from None


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ward", metavar="CODE", help="one ward by its five-digit code (default: all)")
    parser.add_argument("--week", type=week, metavar="2026-W47", help="up to this week (default: the last)")
    data_folder.add_data_option(parser)
    parser.add_argument("--as-of", type=data_folder.instant, metavar="TIME", help="set the clock to this")
    parser.add_argument("--dry-run", action="store_true", help="print the week's mail; change nothing")
    parser.add_argument(
        "--rehearse",
        action="store_true",
        help="try the next report and the mail as far as it goes without sending",
    )
    parser.add_argument(
        "--correct", type=week, metavar="2026-W47", help="make a correction of this week's report"
    )
    parser.add_argument("--reason", default="", metavar="TEXT", help="why: printed in the correction")
    parser.add_argument(
        "--resend",
        action="store_true",
        help="send a week's reports again to whom they bounced, without making them anew",
    )
    parser.add_argument("--edition", type=edition, metavar="EDITION", help="with --resend: only this one")
    parser.add_argument(
        "--recipient",
        default="",
        metavar="ADDRESS",
        help="with --resend: only this one, even if the server took the mail before",
    )
    parser.add_argument("--catch-up", type=int, default=MAX_CATCH_UP, metavar="N", help="weeks at most")
    arguments = parser.parse_args()
    if arguments.correct and not arguments.ward:
        parser.error("--correct: cần --ward MÃ / --ward CODE is needed")
    if not arguments.resend and (arguments.recipient or arguments.edition):
        parser.error("--recipient, --edition: chỉ dùng với --resend / only with --resend")
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
    if report:
        audiences: Sequence[str] = [one.audience for one in report.versions] or [""]
        contents = [parts.ledger.content(name) for name in report.contents]
    else:
        mails = preview(parts.context, box, chosen)
        audiences, contents = list(mails), list(mails.values())
    texts = load_texts("vi")
    for audience, content in zip(audiences, contents, strict=True):
        if len(contents) > 1:
            reads = ", ".join(texts(f"desk.reads.{one}") for one in Audience(audience).reads)
            print(f"=== {texts('desk.you_read', reads=reads)} ===\n")
        print(text_of(content))


def tell(parts: Parts, outcome: WardOutcome) -> None:
    """Print the outcome."""
    for report in outcome.closed:
        name = f"{report.ward} {report.week} {report.edition}"
        print(f"{name}: báo cáo số {report.number}, {report.tally.total} ý kiến")
        of_week = parts.ledger.deliveries(report.ward, report.week)
        deliveries = by_state([one for one in of_week if one.edition == report.edition])
        print("  " + ", ".join(f"{state}: {count}" for state, count in deliveries.items() if count))
    sent = sum(delivery.state is DeliveryState.SENT for delivery in outcome.tried)
    bounced = f"; bị từ chối / bounced: {outcome.bounced}" if outcome.bounced else ""
    print(f"{outcome.ward}: đã gửi / sent: {sent}; còn nợ / owed: {outcome.owed}{bounced}")
    for delivery in outcome.tried:
        if delivery.state is not DeliveryState.SENT:
            print(f"  {delivery.recipient}: {delivery.state} ({delivery.reason})")
    for reason in dict.fromkeys(one.reason for one in outcome.tried if one.reason):
        print(f"  {reason}: {describe_cause(reason, load_texts('vi'))}")
    if outcome.bounced:
        week = next(one.week for one in outcome.tried if one.state is DeliveryState.BOUNCED)
        print(
            "  sửa xong thì gửi lại / when mended, send again: "
            f"scripts/report --resend --ward {outcome.ward} --week {week}"
        )
    if outcome.problem:
        print(f"lỗi / problem: {outcome.problem}. {ADVICE.get(outcome.problem, '')}", file=sys.stderr)


def tell_newest(parts: Parts, boxes: Sequence[Box]) -> None:
    """Print where each ward's newest mail is, if mails are files here."""
    if parts.outbox is None:
        return
    for box in boxes:
        if path := newest(parts.outbox, box.ward.code):
            page = path.with_suffix(".html")
            print(f"{box.ward.code}: thư mới nhất / newest mail: {path}")
            if page.exists():
                print(f"  xem bằng trình duyệt / open in a browser: {page}")


def correct(parts: Parts, box: Box, chosen: Week, reason: str) -> WardOutcome:
    """Freeze a correction of a week's report, and send what is owed to the ward."""
    owner = parts.random_bytes(8).hex()
    try:
        frozen = correct_week(parts.context, box, chosen, reason=reason, owner=owner)
    except NothingToCorrect:
        sys.exit(f"Tuần {chosen}: chưa có báo cáo, hoặc số liệu trong kho đúng như báo cáo mới nhất.")
    except WardBusy:
        return WardOutcome(ward=box.ward.code, problem="ward_busy")
    return replace(send_owed(parts, parts.mailer, box), closed=(frozen,))


def send_owed(parts: Parts, mailer: Mailer, box: Box) -> WardOutcome:
    """Send what is owed to the ward, without closing anything."""
    ward = box.ward.code
    tried = deliver(
        parts.ledger,
        mailer,
        parts.clock,
        box,
        sender=parts.sender,
        links=parts.context.links,
        at_once=True,
    )
    return WardOutcome(ward=ward, tried=tuple(tried), owed=len(parts.ledger.owed(ward)))


def owe_again(parts: Parts, boxes: Sequence[Box], chosen: Week, arguments: argparse.Namespace) -> None:
    """Make what bounced owed once more; exit here if nothing has."""
    again = [
        one
        for box in boxes
        for one in resend(
            parts.ledger,
            box.ward.code,
            chosen,
            edition=arguments.edition,
            recipient=arguments.recipient,
        )
    ]
    if not again:
        sys.exit(f"Tuần {chosen}: không có thư nào bị từ chối để gửi lại / nothing to send again.")
    print(f"gửi lại / sending again: {len(again)}")


def report_one(parts: Parts, mailer: Mailer, box: Box, chosen: Week, catch_up: int) -> WardOutcome:
    """Close and send whatever is owed to one ward."""
    return report_ward(
        parts.context,
        mailer,
        parts.sender,
        box,
        owner=parts.random_bytes(8).hex(),
        until=chosen,
        catch_up=catch_up,
        at_once=True,
    )


def rehearse(parts: Parts, boxes: Sequence[Box]) -> bool:
    """Try everything that the next report needs, and print the outcome; whether all went well."""
    size_bytes, is_sound = 0, True
    for one in rehearse_wards(parts.context, parts.sender, boxes, check_store=parts.check_store):
        size_bytes = max(size_bytes, one.mail_bytes)
        if one.problem:
            is_sound = False
            print(f"✗ {one.ward}: {one.problem} {ADVICE.get(one.problem, '')}".rstrip())
        else:
            print(f"✓ {one.ward} {one.week}: lập được thư / the mail was made, {one.mail_bytes:,} B")
    problem = rehearse_mail(parts.mailer, parts.sender, boxes, size_bytes=size_bytes)
    if problem:
        is_sound = False
        print(f"✗ không gửi thư được / no mail would leave: {problem}")
        print(f"  {describe_cause(problem, load_texts('vi'))}")
    else:
        print("✓ đường gửi thư thông / the way out for mail is open")
    print("Diễn tập: chưa gửi thư nào, chưa ghi gì / rehearsed: nothing was sent or written")
    if not is_sound:
        print("Xem infra/OPERATE.md, «Friday» / see infra/OPERATE.md, «Friday»", file=sys.stderr)
    return is_sound


def run(parts: Parts, boxes: Sequence[Box], chosen: Week, arguments: argparse.Namespace) -> list[WardOutcome]:
    """Do what was asked for, for every ward, and print the outcome."""
    if arguments.resend:
        owe_again(parts, boxes, chosen, arguments)
    # One run over all wards: a password that is wrong for one is wrong for all, and is tried once.
    mailer = MailRun(parts.mailer)
    outcomes = []
    for box in boxes:
        if arguments.correct:
            outcome = correct(parts, box, arguments.correct, arguments.reason)
        elif arguments.resend:
            outcome = send_owed(parts, mailer, box)
        else:
            outcome = report_one(parts, mailer, box, chosen, arguments.catch_up)
        tell(parts, outcome)
        outcomes.append(outcome)
    return outcomes


def chosen_boxes(parts: Parts, ward: str | None) -> list[Box]:
    """The boxes of the wards that are meant: one, or all."""
    if ward and ward not in parts.boxes.by_ward:
        sys.exit(f"Không có phường mã {ward}; có: {', '.join(parts.boxes.by_ward)}")
    return [box for code, box in parts.boxes.by_ward.items() if ward in (None, code)]


def main() -> None:
    """Run the command; the exit status is 0 when nothing is owed and nothing has bounced."""
    arguments = parse()
    python_notice.tell_about_this_python()
    clock = clock_set_to(arguments.as_of) if arguments.as_of else system_clock
    environ = data_folder.existing_box(arguments.data, "report")
    if not (arguments.rehearse or arguments.dry_run):
        data_folder.refuse_to_mail_invented(arguments.data, environ)
    parts = start(
        "report",
        environ,
        clock=clock,
        progress=lambda line: print(line, file=sys.stderr),
        reading=arguments.dry_run,
    )
    boxes = chosen_boxes(parts, arguments.ward)
    if arguments.rehearse:
        sys.exit(0 if rehearse(parts, boxes) else 1)
    last = last_finished_week(clock())
    chosen = arguments.week or last
    if chosen > last:
        sys.exit(f"Tuần {chosen} chưa kết thúc; tuần gần nhất đã xong là {last} (thử --as-of)")
    if arguments.dry_run:
        for box in boxes:
            show_week(parts, box, chosen)
        return
    if arguments.correct and not arguments.reason.strip():
        sys.exit('Cần --reason "…": lý do đính chính được ghi trong báo cáo.')
    parts.bring_store_up_to_date()
    outcomes = run(parts, boxes, chosen, arguments)
    tell_newest(parts, boxes)
    sys.exit(0 if all(outcome.is_well for outcome in outcomes) else 1)
