"""Show which posters are used by week, which are silent, and a checklist for walking round them."""

import argparse
import sys
from collections.abc import Iterator

from homthu.adapters.clock import system_clock
from homthu.domain.boxes.box import Box
from homthu.domain.week import Week
from homthu.ports import StoreUnavailable
from homthu.render.numbers import format_dates, format_week
from homthu.render.texts import Texts
from local import data_folder
from posters.inspection import QUIET_WEEKS, PosterUse, finished_weeks, inspect
from posters.words import load_words

from commands.opening import open_to_read


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ward", metavar="CODE", help="one ward (default: every ward)")
    parser.add_argument(
        "--weeks", type=int, default=8, choices=range(1, 53), metavar="N", help="finished weeks to show (8)"
    )
    parser.add_argument(
        "--as-of", type=data_folder.instant, metavar="TIME", help="such as 2026-11-30T07:00+07:00"
    )
    data_folder.add_data_option(parser)
    return parser.parse_args()


def main() -> None:
    """Run the command."""
    arguments = parse()
    texts = load_words()
    parts = open_to_read(arguments.data, "export")
    boxes = parts.boxes.by_ward
    if arguments.ward and arguments.ward not in boxes:
        sys.exit(texts("inspect.unknown_ward", ward=arguments.ward, known=", ".join(boxes)))
    weeks = finished_weeks(Week.at(arguments.as_of or system_clock()), arguments.weeks)
    for ward in [arguments.ward] if arguments.ward else boxes:
        box = boxes[ward]
        try:
            uses = inspect(box, parts.archive.everything(ward), weeks)
        except StoreUnavailable as unavailable:
            sys.exit(f"{arguments.data}: {unavailable.reason}")
        print("\n".join(describe(box, uses, weeks, texts)))


def describe(box: Box, uses: list[PosterUse], weeks: list[Week], texts: Texts) -> Iterator[str]:
    """Everything that is printed of one ward."""
    last = weeks[-1]
    yield texts(
        "inspect.heading",
        ward=box.ward.full_name,
        code=box.ward.code,
        weeks=len(weeks),
        last=format_week(last),
        dates=format_dates(last.monday, last.sunday),
    )
    yield ""
    yield from _table(uses, weeks, texts)
    yield texts("inspect.counts")
    yield ""
    yield from _silent(uses, weeks, texts)
    yield ""
    yield from _checklist(uses, texts)


def _table(uses: list[PosterUse], weeks: list[Week], texts: Texts) -> Iterator[str]:
    heads = [f"T{week.number:02d}" for week in weeks]
    width = max(len(name_of(use)) for use in uses) + 1
    yield _row(width, texts("inspect.place"), heads, texts("inspect.total"), texts("inspect.last_seen"))
    for use in uses:
        seen = format_week(use.last_seen) if use.last_seen else texts("inspect.never")
        counts = [str(use.scans[week] or "·") for week in weeks]
        yield _row(width, name_of(use), counts, str(sum(use.received.values())), seen)


def _row(width: int, name: str, cells: list[str], total: str, seen: str) -> str:
    return f"{name:<{width}}" + "".join(f"{cell:>5}" for cell in cells) + f"{total:>8}  {seen}"


def _silent(uses: list[PosterUse], weeks: list[Week], texts: Texts) -> Iterator[str]:
    last = format_week(weeks[-1])
    silent = [use for use in uses if use.is_silent]
    yield texts("inspect.silent" if silent else "inspect.silent_none", week=last)
    for use in silent:
        yield texts("inspect.silent_line", place=name_of(use))
    if quiet := [use for use in uses if use.quiet_weeks >= min(QUIET_WEEKS, len(weeks))]:
        yield ""
        yield texts("inspect.quiet", weeks=min(QUIET_WEEKS, len(weeks)))
    for use in sorted(quiet, key=lambda use: -use.quiet_weeks):
        since = (
            texts("inspect.quiet_since", week=format_week(use.last_seen))
            if use.last_seen
            else texts("inspect.quiet_never", weeks=len(weeks))
        )
        yield texts("inspect.quiet_line", place=name_of(use), since=since)


def _checklist(uses: list[PosterUse], texts: Texts) -> Iterator[str]:
    yield texts("inspect.checklist")
    for number, use in enumerate(uses, 1):
        yield ""
        yield f"{number}. {name_of(use)}  [{use.place.code}]"
        yield "   " + texts("inspect.checklist_row")
        yield "   " + texts("inspect.checklist_note")
    yield ""


def name_of(use: PosterUse) -> str:
    """A place as the ward calls it."""
    place = use.place
    return f"{place.name} ({place.former_ward})" if place.former_ward else place.name
