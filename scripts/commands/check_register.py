"""Read the public registers of many wards and write one list of their places, with what is wrong.

Each URL is a deployment's base URL; its /.well-known/hom-thu-gop-y.json is read and every place is
opened. Who answers slowly is given up after a quarter of an hour, and everybody after one; --quick opens
no place. The exit status is 1 when anything is wrong.

With --memory FILE it remembers each ward's report digests and places, and tells what changed since it was
last run: reports that are gone, or were replaced, a ward that fell silent or is listed no more, a place that
was changed. Have it run every Wednesday; scripts/posters/README.md says how.
"""

import argparse
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from homthu.adapters.clock import system_clock
from homthu.domain.week import local_date
from posters.fetch import Allowance, PeerFetch
from posters.register import note_repeats
from posters.register_list import describe_problem, place_rows, workbook
from posters.words import load_words
from province.memory import Memory
from province.page import COLUMNS, render_page, share_rows
from province.seen import Seen

from commands.output import require_place_for

#: Deployments are read side by side, their own places one after the other: nobody is hurried.
_AT_ONCE = 8


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("urls", nargs="*", metavar="URL", help="such as https://gopy.example.gov.vn")
    parser.add_argument("--from", dest="file", type=Path, metavar="FILE", help="more URLs, one a line")
    parser.add_argument(
        "--out", type=Path, default=Path("danh-sach-diem-gop-y.xlsx"), metavar="FILE", help="the list, .xlsx"
    )
    parser.add_argument(
        "--domain", action="append", metavar="NAME", help="domain that is allowed, repeatable (gov.vn)"
    )
    parser.add_argument("--quick", action="store_true", help="read the registers only, open no place")
    parser.add_argument("--page", type=Path, metavar="FILE", help="a page of all wards' shares, .html")
    parser.add_argument("--memory", type=Path, metavar="FILE", help="what was seen before, .json")
    parser.add_argument(
        "--accept",
        action="append",
        default=[],
        metavar="CODE",
        help="a ward whose past was looked into: forget it",
    )
    return parser.parse_args()


def main() -> None:
    """Run the command."""
    arguments = parse()
    require_place_for(arguments.out)
    texts = load_words()
    sources = [*arguments.urls, *(read_lines(arguments.file) if arguments.file else [])]
    if not sources:
        sys.exit(texts("register.none"))
    domains = tuple(name.lower().strip(".") for name in arguments.domain or ["gov.vn"])
    print(texts("register.read", count=len(sources)), file=sys.stderr)

    allowance = Allowance()

    memory = _remembered(arguments.memory)
    for code in arguments.accept:
        memory.accept(code)

    def read(source: str) -> Seen:
        return Seen.at(
            source,
            PeerFetch(allowance),
            domains,
            opens_places=not arguments.quick,
            proofs=bool(arguments.memory),
            results=bool(arguments.page),
        )

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        seen = list(pool.map(read, dict.fromkeys(sources)))
    readings = [one.reading for one in seen]
    today = local_date(system_clock())
    problems = [problem for reading in readings for problem in reading.problems] + note_repeats(readings)
    problems += [problem for one in seen for problem in one.problems]
    if arguments.memory:
        problems += [problem for one in seen for problem in one.compared_with(memory, today)]
    if arguments.memory:
        memory.write(arguments.memory)
    rows = list(place_rows(readings, problems, today, texts, opened=not arguments.quick))
    results = [told for one in seen for told in one.results]
    more = []
    if arguments.page:
        arguments.page.write_bytes(render_page(results, today, texts))
        more = [(texts("register.shares.sheet"), COLUMNS, share_rows(results))]
    arguments.out.write_bytes(workbook(rows, problems, today, texts, more))
    for problem in problems:
        print(f"{problem.source}: {describe_problem(problem, texts)}")
    boxes = sum(len(reading.boxes) for reading in readings)
    counts = {"boxes": boxes, "places": len(rows), "problems": len(problems)}
    print(texts("register.done", path=arguments.out, **counts))
    sys.exit(1 if problems else 0)


def _remembered(file: Path | None) -> Memory:
    try:
        return Memory.read(file) if file else Memory()
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        # Begun anew it would see no change.
        sys.exit(load_words()("register.unreadable", file=file))


def read_lines(file: Path) -> list[str]:
    """The URLs of a file; blank lines and lines that begin with # are nothing."""
    try:
        lines = file.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        sys.exit(load_words()("register.unreadable", file=file))
    return [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]
