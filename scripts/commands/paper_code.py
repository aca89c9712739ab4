"""Print the code that vouches for a ward's paper slips, to be typed once into the page for slips.

It rests on the box's secret: it changes when the secret does, and is stored nowhere.
"""

import argparse
import sys

import local_settings
from homthu.bootstrap import start
from homthu.domain.submissions.paper_code import paper_code
from homthu.domain.submissions.reference import format_reference


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ward", required=True, metavar="CODE", help="the ward's five-digit code")
    local_settings.add_data_option(parser)
    arguments = parser.parse_args()
    parts = start("paper_code", local_settings.existing_box(arguments.data, "paper_code"))
    if arguments.ward not in parts.boxes.by_ward:
        sys.exit(f"{arguments.ward}: không có đơn vị này / no such ward: {', '.join(parts.boxes.by_ward)}")
    print(format_reference(paper_code(arguments.ward, parts.secrets.current)))
