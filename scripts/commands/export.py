"""Write out a ward's submissions, one row each, in an order that tells nothing about time."""

import argparse
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from homthu.bootstrap.parts import Parts
from homthu.domain.submissions.submission import ExportRow
from homthu.domain.week import NotAWeek, Week, local_date
from homthu.render.export_file import FORMATS, render_export
from homthu.services.export import export
from local import data_folder

from commands.opening import open_to_read
from commands.output import require_place_for, write_privately


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
    parser.add_argument(
        "--ward", metavar="CODE", help="one ward (default: every ward, also those the box files dropped)"
    )
    parser.add_argument("--from", dest="first", type=first_day, metavar="DAY", help="2026-11-23 or 2026-W48")
    parser.add_argument("--to", dest="last", type=last_day, metavar="DAY", help="2026-11-29 or 2026-W48")
    parser.add_argument("--format", choices=[*FORMATS], help="default: by the end of FILE's name, else xlsx")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="readable by this user only (default: standard output)"
    )
    parser.add_argument(
        "--raw",
        action="store_true",
        help="texts as they were written (default: what names a person is masked)",
    )
    data_folder.add_data_option(parser)
    arguments = parser.parse_args()
    arguments.format = format_for(parser, arguments.format, arguments.out)
    if arguments.first and arguments.last and arguments.last < arguments.first:
        parser.error(
            f"--to {arguments.last} đứng trước --from {arguments.first}: đổi chỗ hai ngày / is before --from"
        )
    return arguments


def format_for(parser: argparse.ArgumentParser, named: str | None, out: Path | None) -> str:
    """The output format, which must agree with the ending of the file's name."""
    ending = out.suffix.removeprefix(".").lower() if out else ""
    known = ", ".join(f".{name}" for name in FORMATS)
    if named and ending in FORMATS and ending != named:
        parser.error(f"--out {out} không khớp --format {named}: bỏ một trong hai / the two do not agree")
    if named or not out:
        return named or "xlsx"
    if ending not in FORMATS:
        parser.error(f"--out {out}: cần tên tệp kết thúc bằng {known}, hoặc --format / name the format")
    return ending


def chosen_wards(parts: Parts, ward: str | None) -> list[str]:
    """The ward asked for, or every ward of the box files and of the store. Raise `SystemExit`."""
    known = {*parts.boxes.by_ward, *parts.archive.wards_with_submissions()}
    if ward and ward not in known:
        sys.exit(f"Không có phường mã {ward}; có / there are: {', '.join(sorted(known))}")
    return [ward] if ward else sorted(known)


def main() -> None:
    """Run the command."""
    arguments = parse()
    if arguments.out:
        require_place_for(arguments.out)
    elif arguments.format == "xlsx" and sys.stdout.isatty():
        sys.exit("Tệp Excel không hiện được trên màn hình: thêm --out TEN.xlsx / give --out FILE.xlsx")
    parts = open_to_read(arguments.data, "export")
    wards = chosen_wards(parts, arguments.ward)
    count = 0

    def rows() -> Iterator[ExportRow]:
        nonlocal count
        for ward in wards:
            found = export(
                parts.archive,
                ward=ward,
                first=arguments.first,
                last=arguments.last,
                is_raw=arguments.raw,
            )
            for row in found:
                count += 1
                yield row

    content = render_export(rows(), arguments.format, made_on=local_date(parts.clock()))
    if arguments.out:
        write_privately(arguments.out, content)
        print(f"{arguments.out}: {count} phiếu / forms, {len(content):,} B", file=sys.stderr)
    else:
        sys.stdout.buffer.write(content)
