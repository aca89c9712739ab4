"""Walk the chain of frozen reports and name the first link that does not hold; exit status 1 if any.

Also of wards that no box file names any more.
"""

import argparse
import sys
from email import message_from_bytes
from pathlib import Path

from homthu.adapters.web_files import load_texts
from homthu.bootstrap.parts import Parts
from homthu.domain.boxes.retention import USUAL_RETENTION, first_kept
from homthu.domain.week import Week, local_date
from homthu.render.mail.message import DELIVERY_HEADER
from homthu.render.numbers import format_date
from homthu.render.report.anchor import printed_in
from homthu.services.verify import Kept, Verdict, compare_kept, missing_forms, verify_reports
from local import data_folder

from commands.opening import open_to_read

#: What a fault means for the person at the terminal.
MEANING = {
    "link_missing": "báo cáo đứng ngay trước đã bị xóa hoặc bị sửa / the report before it is gone or altered",
    "number_out_of_order": "số báo cáo không liên tục / its number does not follow",
    "content_missing": "nội dung thư bị mất hoặc bị sửa / its mail is gone or altered",
    "list_missing": "danh sách phiếu đã đếm bị mất hoặc bị sửa / its list of forms is gone or altered",
    "changed": "báo cáo đã bị sửa sau khi lập / it was altered after it was frozen",
    "end_missing": "báo cáo mới nhất đã bị xóa / the newest report is gone",
}


#: How a kept mail compares, for the person at the terminal.
KEPT = {
    Kept.AGREES: "thư giữ lại khớp với kho, mã kiểm của báo cáo trước cũng khớp / mail and chain agree",
    Kept.ERASED: "mã kiểm khớp; nội dung chỉ khác chỗ đã xóa theo yêu cầu, không so được từng chữ"
    " / the chain agrees; words were erased since, so the rest is not compared",
    Kept.NO_REPORT: "kho không có báo cáo này: đã bị xóa hay thay / the chain has no such report",
    Kept.OTHER_CHAIN: "báo cáo liền trước trong kho không phải báo cáo khi gửi thư: chuỗi đã bị viết lại"
    " / another report stands before it now: the chain was rewritten",
    Kept.OTHER_CONTENT: "nội dung trong kho khác thư đã gửi / the store holds another content",
    Kept.NO_ANCHOR: "nội dung khớp; thư cũ chưa in mã kiểm, nên không nói gì về các báo cáo trước"
    " / the content agrees; the mail prints no digest and says nothing of earlier reports",
}
AGREEING = (Kept.AGREES, Kept.ERASED, Kept.NO_ANCHOR)


#: For this many weeks every counted form is searched for in the store.
_RECENT_WEEKS = 13


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--ward", metavar="CODE", help="one ward only (default: every ward)")
    parser.add_argument(
        "--against", type=Path, metavar="FILE.eml", help="compare a mail that somebody kept with the chain"
    )
    data_folder.add_data_option(parser)
    return parser.parse_args()


def tell(verdict: Verdict, *, has_box: bool) -> None:
    """Print how far the chain is intact."""
    name = verdict.ward if has_box else f"{verdict.ward} (không còn trong tệp hộp / in no box file any more)"
    if verdict.fault:
        print(f"✗ {name}: {verdict.holds} báo cáo đúng; hỏng từ báo cáo số / broken at {verdict.at}")
        print(f"  {MEANING[verdict.fault]}")
    elif verdict.holds:
        print(f"✓ {name}: {verdict.holds} báo cáo, chuỗi nguyên vẹn / the chain holds")
    else:
        print(f"– {name}: chưa có báo cáo nào / no report yet")
    for report, days in verdict.erased:
        on = ", ".join(format_date(day) for day in days)
        print(f"  – báo cáo số {report}: có nội dung đã xóa theo yêu cầu ngày {on} / words erased on request")
    if verdict.expired:
        print(f"  – {verdict.expired} báo cáo: lời trích đã hết thời hạn lưu / quotations past their time")


def _quoting_since(parts: Parts, ward: str) -> Week:
    """Since which week a ward's reports must hold what they quote; without a box file, by the default."""
    box = parts.boxes.by_ward.get(ward)
    rule = box.retention if box else USUAL_RETENTION
    return first_kept(local_date(parts.clock()), rule.quotations)


def compare(parts: Parts, file: Path) -> bool:
    """Print how a kept mail compares; whether it agrees."""
    message = file.read_bytes()
    delivery = str(message_from_bytes(message).get(DELIVERY_HEADER, "")).strip().partition("@")[0]
    if not delivery:
        print(f"✗ {file}: không có {DELIVERY_HEADER}: không phải thư báo cáo gốc / no original mail of ours")
        return False
    digest = printed_in(message, load_texts("vi", "report"))
    kept, name = compare_kept(
        parts.ledger,
        parts.finder,
        message,
        delivery=delivery,
        digest=digest,
        quoting_since=_quoting_since(parts, delivery.partition(".")[0]),
    )
    is_well = kept in AGREEING
    print(f"{'✓' if is_well else '✗'} {file}: {name}: {KEPT[kept]}")
    return is_well


def main() -> None:
    """Run the command; the exit status is 1 if a chain is broken, or if there was nothing to look at."""
    arguments = parse()
    parts = open_to_read(arguments.data, "verify")
    boxes = parts.boxes.by_ward
    known = {*boxes, *parts.ledger.wards_with_reports()}
    if arguments.ward and arguments.ward not in known:
        sys.exit(f"Không có phường mã {arguments.ward}; có / there are: {', '.join(sorted(known))}")
    wards = [arguments.ward] if arguments.ward else sorted(known)
    verdicts = [
        verify_reports(parts.ledger, parts.finder, ward, quoting_since=_quoting_since(parts, ward))
        for ward in wards
    ]
    for verdict in verdicts:
        tell(verdict, has_box=verdict.ward in boxes)
    if not any(verdict.holds or verdict.fault for verdict in verdicts):
        sys.exit("Không có báo cáo nào để kiểm tra / there was no report to look at")
    # A quarter: the anchors in kept mails cover what is older.
    since = Week.at(parts.clock()).shift(-_RECENT_WEEKS)
    whole = {one.ward for one in verdicts if not one.fault}
    lost = [
        (ward, name, count)
        for ward in wards
        if ward in whole
        for name, count in missing_forms(parts.ledger, parts.archive, ward, since)
    ]
    for ward, name, count in lost:
        print(f"✗ {ward}: báo cáo số {name}: {count} phiếu đã đếm không còn trong kho / forms are gone")
    agrees = compare(parts, arguments.against) if arguments.against else True
    if not agrees or lost or any(verdict.fault for verdict in verdicts):
        sys.exit(1)
