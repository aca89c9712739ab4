"""Write everything the box holds into one file, from SQLite or Firestore alike.

The file holds what citizens wrote: keep it where only those may look who may read that. A report
must not run meanwhile (Monday from 7:00); the box itself may.

`--check` names the backups that hold what no box of this deployment keeps any more: delete them.
"""

import argparse
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from homthu.bootstrap.start import start
from homthu.domain.backup import EntryTooLarge, Kind, NotABackup, made_at
from homthu.domain.boxes.box import Box
from homthu.domain.week import local_date
from homthu.render.numbers import format_date
from homthu.services.backup import NotAllRead, ReportRunning, Sums, back_up
from local import backup_file, data_folder

from commands.opening import open_to_read
from commands.output import require_place_for


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--out", type=Path, metavar="FILE", help="such as hom-thu.backup.gz")
    what.add_argument(
        "--check",
        type=Path,
        nargs="+",
        metavar="PATH",
        help="backups, or folders of them; exit 1 if one is old",
    )
    data_folder.add_data_option(parser)
    return parser.parse_args()


def tell(sums: Sums) -> None:
    """Print what it holds, so that two backups, or a backup and a store, can be compared."""
    for kind in Kind:
        found = sums[kind].to_json()
        print(f"  {kind:<12} {found['count']:>8}  {found['sha256'][:16]}")


#: What is past its time in an old backup, for the person at the terminal.
KINDS = {
    "words": "lời góp ý / words",
    "answers": "câu trả lời / answers",
    "quotations": "lời trích trong báo cáo / quotations",
    "cases": "hồ sơ giải quyết / cases",
    "desk_log": "tên người quyết định / who decided",
}


def check(paths: list[Path], boxes: Iterable[Box], today: date) -> bool:
    """Print what each backup holds that is past its time; whether none does and all could be read.

    What was written on a day is past its time when everything that was there that day is: so a file is named
    late rather than early, and one that is named holds nothing that a box still keeps of that kind.
    """
    files = [file for path in paths for file in (sorted(path.glob("*.gz")) if path.is_dir() else [path])]
    if not files:
        print("Không có tệp sao lưu nào / there is no backup here")
        return False
    rules = [box.retention for box in boxes]
    is_well = True
    for file in files:
        try:
            made_on = local_date(made_at(next(backup_file.lines_of(file), "")))
        except (OSError, NotABackup) as error:
            print(f"✗ {file}: không đọc được / cannot be read: {getattr(error, 'reason', error)}")
            is_well = False
            continue
        # Whatever one ward keeps shortest is in the file as well.
        over = sorted({kind for rule in rules for kind in rule.over(made_on, today)}, key=list(KINDS).index)
        is_well = is_well and not over
        told = "; ".join(KINDS[kind] for kind in over)
        print(
            f"{'✗' if over else '✓'} {file}: {format_date(made_on)}"
            + (f": quá hạn lưu / past: {told}" * bool(over))
        )
    return is_well


def main() -> None:
    """Run the command."""
    arguments = parse()
    if arguments.check:
        environ = data_folder.settings_for(arguments.data)
        parts = start("boxes", environ)
        sys.exit(not check(arguments.check, parts.boxes.by_ward.values(), local_date(parts.clock())))
    require_place_for(arguments.out)
    parts = open_to_read(arguments.data, "backup")
    store = parts.backup
    try:
        with backup_file.new_backup_file(arguments.out) as write:
            sums = back_up(store, parts.clock(), write)
    except ReportRunning:
        sys.exit("Báo cáo đang chạy; đợi 15 phút rồi chạy lại. A report is running: try again in 15 minutes.")
    except NotAllRead as short:
        sys.exit(f"Kho đổi trong lúc sao lưu ({short.kind}); chạy lại / it changed meanwhile: try again")
    except EntryTooLarge as large:
        sys.exit(f"{large.entry.kind} {large.entry.id}: quá lớn, không sao lưu được / too large")
    finally:
        store.close()
    print(f"{arguments.out}: {arguments.out.stat().st_size:,} B")
    tell(sums)
