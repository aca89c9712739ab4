"""Write everything the box holds into one file, from SQLite or Firestore alike.

The file holds what citizens wrote: keep it where only those may look who may read that. A report
must not run meanwhile (Monday from 7:00); the box itself may.
"""

import argparse
import sys
from pathlib import Path

import backup_file
import local_settings
from homthu.domain.backup import EntryTooLarge, Kind
from homthu.services.backup import NotAllRead, ReportRunning, Sums, back_up

from commands.opening import open_to_read
from commands.output import require_place_for


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="such as hom-thu.backup.gz")
    local_settings.add_data_option(parser)
    return parser.parse_args()


def tell(sums: Sums) -> None:
    """Print what it holds, so that two backups, or a backup and a store, can be compared."""
    for kind in Kind:
        found = sums[kind].to_json()
        print(f"  {kind:<12} {found['count']:>8}  {found['sha256'][:16]}")


def main() -> None:
    """Run the command."""
    arguments = parse()
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
