"""Runs a command, and turns foreseeable errors into a sentence; no office sees a traceback."""

import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from homthu.domain.errors import HomThuError
from homthu.ports import StoreUnavailable

#: A shell's exit status for a program ended by a signal: 128 and the signal's number.
INTERRUPTED, PIPE_CLOSED = 130, 141
FAILED = 1
#: An internal error, as sysexits.h numbers it.
FAULT = 70
#: What is our own in a traceback. Not taken from `environment`, which runs this module.
_OURS = Path(__file__).resolve().parents[2]
_TRACEBACK = "HOMTHU_TRACEBACK"

#: Why a store cannot be used, and what to do; by the reasons of `StoreUnavailable`.
_STORE = {
    "missing": "chưa có hòm thư nào ở đây: xem lại --data, và ổ đĩa đã gắn chưa / there is no box here",
    "no_database": "dự án không có cơ sở dữ liệu này: xem lại HOMTHU_STORE / no such database",
    "no_credentials": "chưa đăng nhập Google Cloud / nobody is logged in to Google Cloud",
    "moved": "tệp bị dời đi hoặc bị thay: đặt lại tệp cũ, hoặc chạy lại / it was moved or replaced",
    "in_use": "hòm thư đang chạy ở thư mục này: dừng rồi chạy lại / a box runs there: stop it first",
    "cannot_open": "không mở được, có thể không có quyền đọc / it cannot be opened or may not be read",
    "cannot_create": "không tạo được tệp: kiểm tra quyền ghi và chỗ trống / the file could not be made",
    "read_only": "chỉ đọc được, không ghi được: kiểm tra quyền của thư mục / it may only be read",
    "full": "đĩa đầy: dọn bớt rồi chạy lại / the disk is full",
    "locked": "chương trình khác đang giữ: chạy lại sau ít phút / another program holds it: try again",
    "busy": "chương trình khác đang ghi: chạy lại sau ít phút / another program writes: try again",
    "corrupt": "tệp bị hỏng: xem infra/OPERATE.md / damaged: see infra/OPERATE.md",
    "io": "đĩa báo lỗi khi đọc hay ghi / the disk reports errors",
    "not_a_box": "tệp này không phải của hòm thư / the file is no box's",
    "newer_schema": "tệp do bản mới hơn tạo: cập nhật chương trình / a newer version made it: update",
    "older_schema": "tệp do bản trước tạo, lệnh chỉ đọc không sửa: chạy scripts/serve của bản này một lần"
    " / an earlier version made it: run scripts/serve once",
    "unknown_schema": "không rõ tệp của bản nào / no version of ours made it",
    "main_file_missing": "tệp chính đã bị lấy đi: đừng tạo mới, tìm lại tệp / the main file is gone",
}


def run(main: Callable[[], int | None]) -> int:
    """The exit status of a command's `main`, which may also raise `SystemExit`."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal without Vietnamese gets substitutes instead of an error.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        try:
            return main() or 0
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        # The reader of our output has seen enough (`| head`). Python flushes once more on exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except KeyboardInterrupt:
        print("\nĐã dừng / stopped", file=sys.stderr)
        return INTERRUPTED
    except (StoreUnavailable, OSError) as error:
        print(sentence(error), file=sys.stderr)
        return FAILED
    except (Exception, RecursionError) as error:
        print(confession(error), file=sys.stderr)
        return FAULT


def sentence(error: StoreUnavailable | OSError) -> str:
    """An error outside this program, for the person at the terminal."""
    if isinstance(error, StoreUnavailable):
        why = _STORE.get(error.reason, "kho không trả lời: chạy lại sau ít phút / no answer: try again")
        return f"✗ Cơ sở dữ liệu / the store: {why} ({error.reason})"
    where = " → ".join(str(name) for name in (error.filename, error.filename2) if name)
    why = _REASONS.get(type(error), error.strerror or type(error).__name__)
    return f"✗ {where}: {why}" if where else f"✗ {why}"


_REASONS = {
    FileNotFoundError: "không có tệp hay thư mục này / no such file or folder",
    PermissionError: "không có quyền / not permitted",
    IsADirectoryError: "là thư mục, cần một tệp / is a folder, a file is needed",
    NotADirectoryError: "là tệp, cần một thư mục / is a file, a folder is needed",
    FileExistsError: "đã có rồi / is there already",
}


def confession(error: Exception) -> str:
    """An error in this program: its kind and place, never its text, which may quote a citizen."""
    if os.environ.get(_TRACEBACK):
        return "".join(traceback.format_exception(error))
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(_OURS)] or frames
    place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}"
    code = f" ({error})" if isinstance(error, HomThuError) and str(error).isidentifier() else ""
    return (
        f"✗ Chương trình có lỗi: {type(error).__name__}{code}, {place}. Báo dòng này cho người bảo trì; "
        f"chạy lại với {_TRACEBACK}=1 thì in đủ chi tiết.\n"
        f"✗ A fault of this program: report this line to its maintainers; with {_TRACEBACK}=1 all is printed."
    )
