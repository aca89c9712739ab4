"""Write the bill of materials of what runs in the functions, and say under which licences it is.

CycloneDX 1.6 as JSON: every package of requirements.txt with its version, licence, the hashes of its files
and what needs it. The same lock gives the same bytes.
"""

import argparse
import sys
from collections import defaultdict
from pathlib import Path

import environment

from dev.supply.bill import write_bill
from dev.supply.licences import licences_of, words_of
from dev.supply.lock_file import read_pins

SOURCE = environment.ROOT / "functions" / "requirements.in"


def print_licences() -> None:
    """Each licence with its packages."""
    packages = defaultdict(list)
    for pin in read_pins(environment.RUNTIME_LOCK):
        packages[words_of(licences_of(pin.name))].append(pin.name)
    print("\nGiấy phép / licences:", file=sys.stderr)
    for licence, names in sorted(packages.items()):
        print(f"  {licence} ({len(names)}): {', '.join(names)}", file=sys.stderr)


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--out", type=Path, metavar="FILE", help="default: standard output")
    arguments = parser.parse_args()
    bill = write_bill(environment.RUNTIME_LOCK, SOURCE)
    if arguments.out:
        arguments.out.write_text(bill, "utf-8")
        print(f"{arguments.out}: {len(bill.encode()):,} B", file=sys.stderr)
    else:
        sys.stdout.write(bill)
    print_licences()
