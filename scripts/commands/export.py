"""Write out a ward's submissions, one row each, in an order that tells nothing about time."""

import argparse
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import local_settings
from homthu.bootstrap import start
from homthu.domain.submissions.export_row import ExportRow
from homthu.domain.week import NotAWeek, Week, local_date
from homthu.render.export_file import FORMATS, render_export
from homthu.services.export import export


def day(text: str, *, is_last: bool) -> date:
    """A day, or the first or last day of a week, from the command line."""
    try:
        week = Week.parse(text)
    except NotAWeek:
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r}: cần 2026-11-23 hoặc 2026-W48") from None
    return week.sunday if is_last else week.monday


def first_day(text: str) -> date:
    """`--from`."""
    return day(text, is_last=False)


def last_day(text: str) -> date:
    """`--to`."""
    return day(text, is_last=True)


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ward", metavar="CODE", help="one ward (default: every ward)")
    parser.add_argument("--from", dest="first", type=first_day, metavar="DAY", help="2026-11-23 or 2026-W48")
    parser.add_argument("--to", dest="last", type=last_day, metavar="DAY", help="2026-11-29 or 2026-W48")
    parser.add_argument("--format", choices=[*FORMATS], default="xlsx")
    parser.add_argument("--out", type=Path, metavar="FILE", help="default: standard output")
    local_settings.add_data_option(parser)
    return parser.parse_args()


def main() -> None:
    """Run the command."""
    arguments = parse()
    parts = start("export", local_settings.local_environment(arguments.data))
    wards = [arguments.ward] if arguments.ward else sorted(parts.boxes.by_ward)
    if unknown := [ward for ward in wards if ward not in parts.boxes.by_ward]:
        sys.exit(f"Không có phường mã {unknown[0]}; có: {', '.join(parts.boxes.by_ward)}")

    def rows() -> Iterator[ExportRow]:
        for ward in wards:
            yield from export(parts.archive, ward=ward, first=arguments.first, last=arguments.last)

    if arguments.format == "xlsx" and not arguments.out and sys.stdout.isatty():
        sys.exit("Tệp Excel không hiện được trên màn hình: thêm --out TEN.xlsx / give --out FILE.xlsx")
    content = render_export(rows(), arguments.format, made_on=local_date(parts.clock()))
    if arguments.out:
        arguments.out.write_bytes(content)
        print(f"{arguments.out}: {len(content):,} B", file=sys.stderr)
    else:
        sys.stdout.buffer.write(content)
