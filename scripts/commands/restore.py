"""Bring a backup into an empty store, SQLite or Firestore, and compare counts and digests.

Nothing is written if the file is damaged or the store holds anything else. Broken off, it goes on
where it stopped when it is run again. No function may be using the store meanwhile.
"""

import argparse
import sys
from pathlib import Path

import backup_file
import local_settings
from homthu.bootstrap import start
from homthu.domain.backup import Kind, NotABackup
from homthu.ports import Conflict, StoreUnavailable
from homthu.services.backup import NotEmpty, NotRestored, Restored, restore

#: What is wrong with a file, in words.
REASONS = {
    "not_json": "tệp không phải bản sao lưu / this is no backup",
    "no_header": "tệp không phải bản sao lưu, hoặc của bản khác / no backup, or another version's",
    "no_entry": "có dòng không đọc được / a line cannot be read",
    "changed": "nội dung đã bị sửa sau khi sao lưu / it was changed after it was made",
    "cut_off": "tệp bị cụt / the end is missing",
}


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("file", type=Path, metavar="FILE", help="made by scripts/backup")
    local_settings.add_data_option(parser)
    return parser.parse_args()


def tell(restored: Restored) -> None:
    """Print what the store holds now."""
    for kind in Kind:
        found = restored.sums[kind].to_json()
        print(f"  {kind:<12} {found['count']:>8}  {found['sha256'][:16]}")
    print(f"đã ghi / written: {restored.written}; số lượng và mã băm khớp / counts and digests are equal")


def main() -> None:
    """Run the command; the exit status is 0 when store and file hold the same."""
    arguments = parse()
    if not arguments.file.is_file():
        sys.exit(f"{arguments.file}: không có tệp này; chưa tạo gì / no such file; nothing was made")
    store = start("backup", local_settings.new_or_existing_store(arguments.data)).backup
    try:
        tell(restore(store, lambda: backup_file.lines_of(arguments.file)))
    except (OSError, EOFError) as error:
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
    except StoreUnavailable as unavailable:
        sys.exit(f"Không ghi được / the store cannot be used: {unavailable.reason}; chạy lại / run it again")
    finally:
        store.close()
