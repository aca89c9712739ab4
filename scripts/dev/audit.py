"""Ask what is known against the packages of the locks, after a canary has shown that the service sees.

Exit status:
  0  the canary was seen, and nothing is known against ours
  1  something is known against ours: each is named, with the version that mends it
  2  the command line is wrong
  3  BLIND: the service did not report the canary, or did not answer; nothing is known, good or bad
"""

import argparse
import sys

import environment

from dev.supply.advisories import CANARY, OSV, Blind, Hole, holes_in, sees_the_canary
from dev.supply.lock_file import read_pins

LOCKS = (
    environment.RUNTIME_LOCK,
    environment.TEST_LOCK,
    environment.POSTER_LOCK,
    environment.SERVER_LOCK,
    environment.SET_UP_LOCK,
)
HOLES, BLIND = 1, 3


def say_blind(service: str, why: str) -> None:
    """Say clearly that this is no clean audit."""
    print(
        f"✗ KIỂM TRA MÙ: {service} không báo lỗ hổng ai cũng biết của {CANARY}. KHÔNG biết gì về các gói "
        "của ta; đây không phải là kết quả sạch. Chạy lại ở máy có mạng tới nơi đó.\n"
        f"✗ THE AUDIT IS BLIND HERE: {service} does not report what everybody knows of {CANARY}. NOTHING is "
        "known about our packages; this is no clean result. Run it where that service can be reached.\n"
        f"  {why}",
        file=sys.stderr,
    )


def say_hole(hole: Hole) -> None:
    """One line that tells what to upgrade to."""
    names = ", ".join((hole.id, *hole.aliases))
    mended = (
        f"vá từ / mended in {', '.join(hole.mended_in)}"
        if hole.mended_in
        else "chưa có bản vá / not mended yet"
    )
    holders = ", ".join(
        str(lock.relative_to(environment.ROOT))
        for lock in LOCKS
        if any((pin.name, pin.version) == (hole.package, hole.version) for pin in read_pins(lock))
    )
    print(f"✗ {hole.package} {hole.version} ({holders}): {names}; {mended}")


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "--advisories",
        default=OSV,
        metavar="URL",
        help="another service of OSV's kind (default: %(default)s)",
    )
    service = parser.parse_args().advisories
    packages = {(pin.name, pin.version) for lock in LOCKS for pin in read_pins(lock)}
    try:
        if not sees_the_canary(service):
            raise Blind("the answer was «nothing is known» / trả lời «không có gì»")
        holes = holes_in(LOCKS, len(packages), service)
    except Blind as blind:
        say_blind(service, str(blind))
        sys.exit(BLIND)
    for hole in holes:
        say_hole(hole)
    if holes:
        print(
            "→ scripts/lock --upgrade, scripts/test; rồi triển khai lại / then deploy again", file=sys.stderr
        )
        sys.exit(HOLES)
    print(f"✓ {len(packages)} gói, không có lỗ hổng nào được biết / packages, nothing is known against them")
