"""Walk the chain of frozen reports and name the first link that does not hold; exit status 1 if any."""

import argparse
import sys

import local_settings
from homthu.bootstrap import start
from homthu.services.verify_reports import Verdict, verify_reports

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
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ward", metavar="CODE", help="one ward only (default: every ward)")
    local_settings.add_data_option(parser)
    return parser.parse_args()


def tell(verdict: Verdict) -> None:
    """Print how far the chain holds."""
    if verdict.fault:
        print(f"✗ {verdict.ward}: {verdict.holds} báo cáo đúng; hỏng từ báo cáo số / broken at {verdict.at}")
        print(f"  {MEANING[verdict.fault]}")
    else:
        print(f"✓ {verdict.ward}: {verdict.holds} báo cáo, chuỗi nguyên vẹn / the chain holds")


def main() -> None:
    """Run the command."""
    arguments = parse()
    parts = start("verify", local_settings.local_environment(arguments.data))
    wards = [arguments.ward] if arguments.ward else list(parts.boxes.by_ward)
    verdicts = [verify_reports(parts.ledger, ward) for ward in wards]
    for verdict in verdicts:
        tell(verdict)
    if any(verdict.fault for verdict in verdicts):
        sys.exit(1)
