"""Walk the chain of frozen reports and name the first link that does not hold; exit status 1 if any.

Also of wards that no box file names any more.
"""

import argparse
import sys

import local_settings
from homthu.render.numbers import format_date
from homthu.services.verify_reports import Verdict, verify_reports

from commands.opening import open_to_read

#: What a fault means for the person at the terminal.
MEANING = {
    "link_missing": "báo cáo đứng ngay trước đã bị xóa hoặc bị sửa / the report before it is gone or altered",
    "number_out_of_order": "số báo cáo không liên tục / its number does not follow",
    "content_missing": "nội dung thư bị mất hoặc bị sửa / its mail is gone or altered",
    "changed": "báo cáo đã bị sửa sau khi lập / it was altered after it was frozen",
    "end_missing": "báo cáo mới nhất đã bị xóa / the newest report is gone",
}


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--ward", metavar="CODE", help="one ward only (default: every ward)")
    local_settings.add_data_option(parser)
    return parser.parse_args()


def tell(verdict: Verdict, *, has_box: bool) -> None:
    """Print how far the chain holds."""
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


def main() -> None:
    """Run the command; the exit status is 1 if a chain is broken, or if there was nothing to look at."""
    arguments = parse()
    parts = open_to_read(arguments.data, "verify")
    boxes = parts.boxes.by_ward
    known = {*boxes, *parts.ledger.wards_with_reports()}
    if arguments.ward and arguments.ward not in known:
        sys.exit(f"Không có phường mã {arguments.ward}; có / there are: {', '.join(sorted(known))}")
    wards = [arguments.ward] if arguments.ward else sorted(known)
    verdicts = [verify_reports(parts.ledger, parts.finder, ward) for ward in wards]
    for verdict in verdicts:
        tell(verdict, has_box=verdict.ward in boxes)
    if not any(verdict.holds or verdict.fault for verdict in verdicts):
        sys.exit("Không có báo cáo nào để kiểm tra / there was no report to look at")
    if any(verdict.fault for verdict in verdicts):
        sys.exit(1)
