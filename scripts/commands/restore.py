"""Bring a backup into an empty store, SQLite or Firestore, and compare counts and digests.

Nothing is written if the file is damaged or the store holds anything else. Broken off, it goes on
where it stopped when it is run again. No function may be using the store meanwhile.
"""

import argparse
import sys
from pathlib import Path

from homthu.bootstrap.start import start
from homthu.domain.backup import Kind, NotABackup
from homthu.ports import Conflict
from homthu.services.backup import NotEmpty, NotRestored, Restored, restore
from homthu.services.verify import verify_reports
from local import backup_file, data_folder

from commands.verify_reports import tell as tell_chain

#: What is wrong with a file, in words.
REASONS = {
    "not_json": "tệp không phải bản sao lưu / this is no backup",
    "no_header": "tệp không phải bản sao lưu, hoặc của bản khác / no backup, or another version's",
    "no_entry": "có dòng không đọc được / a line cannot be read",
    "changed": "nội dung đã bị sửa sau khi sao lưu / it was changed after it was made",
    "cut_off": "tệp bị cụt / the end is missing",
    "damaged": "tệp bị hỏng hoặc bị cụt / it is damaged, or its end is missing",
    "disorder": "các dòng không theo thứ tự / its lines are in no order",
    "line_too_long": "có dòng dài quá mức cho phép / a line is too long",
}


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("file", type=Path, metavar="FILE", help="made by scripts/backup")
    data_folder.add_data_option(parser)
    return parser.parse_args()


def tell(restored: Restored) -> None:
    """Print what the store holds now."""
    for kind in Kind:
        found = restored.sums[kind].to_json()
        print(f"  {kind:<12} {found['count']:>8}  {found['sha256'][:16]}")
    print(f"đã ghi / written: {restored.written}; số lượng và mã băm khớp / counts and digests are equal")


def main() -> None:
    """Run the command; the exit status is 0 when store and file hold the same, and its chains hold."""
    arguments = parse()
    if not arguments.file.is_file():
        sys.exit(f"{arguments.file}: không có tệp này; chưa tạo gì / no such file; nothing was made")
    parts = start("backup", data_folder.new_or_existing_store(arguments.data))
    store = parts.backup
    try:
        tell(restore(store, lambda: backup_file.lines_of(arguments.file)))
    except OSError as error:
        sys.exit(f"{arguments.file}: không đọc được / cannot be read: {type(error).__name__}")
    except NotABackup as bad:
        sys.exit(f"{arguments.file}: {REASONS[bad.reason]}")
    except NotEmpty as other:
        sys.exit(
            f"Kho không trống: {other.entry.kind} {other.entry.id} không có trong bản sao; chưa ghi gì. "
            "The store holds something else; nothing was written."
        )
    except (NotRestored, Conflict) as failed:
        sys.exit(f"Kho đang bị ghi cùng lúc: {failed}. Something else writes to the store.")
    finally:
        store.close()
    # A backup of a broken chain restores to a broken one: not the restore's fault, but to be known.
    verdicts = [
        verify_reports(parts.ledger, parts.finder, ward) for ward in parts.ledger.wards_with_reports()
    ]
    for verdict in verdicts:
        tell_chain(verdict, has_box=verdict.ward in parts.boxes.by_ward)
    parts.close_store()
    if any(verdict.fault for verdict in verdicts):
        sys.exit("Kho giống hệt tệp, nhưng chuỗi báo cáo trong tệp không nguyên vẹn / the chain is broken")
