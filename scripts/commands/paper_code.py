"""Hand out a batch of paper slips: make the code that vouches for them, list the batches, withdraw one.

    scripts/paper-code --ward CODE --slips 50 --label "Nhà văn hóa Sỏi, 23/11"
    scripts/paper-code --ward CODE --list
    scripts/paper-code --ward CODE --revoke MARK

The code is shown this once and stored nowhere: the store knows it only when it is typed.
"""

import argparse
import sys
from dataclasses import replace

from homthu.adapters.randomness import random_bytes
from homthu.bootstrap.parts import Parts
from homthu.bootstrap.start import start
from homthu.domain.submissions.paper_batch import (
    MOST_SLIPS,
    PaperBatch,
    batch_id,
    format_code,
    make_code,
)
from homthu.domain.text import clean_line
from homthu.domain.week import local_date
from homthu.ports import Conflict
from local import data_folder

_LONGEST_LABEL = 60


def main() -> None:
    """Run the command."""
    arguments = parse()
    parts = start("paper_code", data_folder.existing_box(arguments.data, "paper_code"))
    if arguments.ward not in parts.boxes.by_ward:
        sys.exit(f"{arguments.ward}: không có đơn vị này / no such ward: {', '.join(parts.boxes.by_ward)}")
    if arguments.slips:
        make(parts, arguments.ward, arguments.slips, clean_line(arguments.label)[:_LONGEST_LABEL])
    elif arguments.revoke:
        revoke(parts, arguments.ward, arguments.revoke)
    else:
        show(parts, arguments.ward)
    parts.close_store()


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--ward", required=True, metavar="CODE", help="the ward's five-digit code")
    does = parser.add_mutually_exclusive_group(required=True)
    does.add_argument("--slips", type=_number, metavar="N", help="make a code for so many slips")
    does.add_argument("--list", action="store_true", help="list the ward's batches")
    does.add_argument("--revoke", metavar="MARK", help="withdraw the code of the batch with this mark")
    parser.add_argument("--label", default="", help="what the report calls the batch: where and when")
    data_folder.add_data_option(parser)
    return parser.parse_args()


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= MOST_SLIPS):
        raise argparse.ArgumentTypeError(f"cần số từ 1 đến {MOST_SLIPS} / a number up to {MOST_SLIPS}")
    return int(text)


def make(parts: Parts, ward: str, slips: int, label: str) -> None:
    """Make a batch and print its code."""
    code = make_code(random_bytes(16))
    id = batch_id(ward, code)
    assert id
    made_on = local_date(parts.clock())
    batch = PaperBatch(id=id, ward=ward, label=label or f"{made_on:%d/%m/%Y}", slips=slips, made_on=made_on)
    parts.paper_batches.create_paper_batch(batch)
    print(format_code(code))
    about = f"lô / batch {batch.mark}: «{batch.label}», {slips} phiếu / slips"
    print(f"  {about}; mã chỉ hiện lần này / the code is shown this once", file=sys.stderr)


def show(parts: Parts, ward: str) -> None:
    """Print the ward's batches, the newest last."""
    batches = sorted(parts.paper_batches.paper_batches(ward), key=lambda one: (one.made_on, one.id))
    for one in batches:
        state = "  đã thu hồi / withdrawn" if one.is_revoked else ""
        print(f"{one.mark}  {one.made_on:%d/%m/%Y}  {one.slips:>4}  {one.label}{state}")


def revoke(parts: Parts, ward: str, mark: str) -> None:
    """Withdraw a batch's code: from now on it vouches for nothing, nor for what is not closed yet."""
    found = [one for one in parts.paper_batches.paper_batches(ward) if one.mark == mark.strip().lower()]
    if not found:
        sys.exit(f"{mark}: không có lô này, xem --list / no such batch, see --list")
    try:
        parts.paper_batches.replace_paper_batch(found[0], replace(found[0], is_revoked=True))
    except Conflict:
        sys.exit("vừa có người khác sửa: chạy lại / somebody else changed it: try again")
    print(f"✓ {mark}: đã thu hồi / withdrawn")
