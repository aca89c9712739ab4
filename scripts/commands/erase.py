"""Erase the words and answers of one submission for good. Who asks for it gives the reference.

The reference is read from standard input, never from the command line, which other programs of this
machine can see and the shell remembers:

    scripts/erase --data DIR            then type the reference

The form still counts as one received; figures that were told stay. Done twice, the second time changes
nothing. It may run beside the box, but not while a report is being made.
"""

import argparse
import sys
from datetime import timedelta

from homthu.bootstrap.parts import Parts
from homthu.bootstrap.start import start
from homthu.config import FirestoreStoreSetting, read_settings
from homthu.domain.reports.ledger import Delivery, DeliveryState
from homthu.domain.week import local_date
from homthu.render.numbers import format_date
from homthu.services.claim import LeaseLost, WardBusy
from homthu.services.erase import Erasure, NoSuchReference, erase
from local import data_folder

#: What Google keeps of a Firestore database: every state for recovery, and a copy a day
#: (infra/modules/homthu sets both).
RECOVERY = timedelta(days=7)
BACKUPS = timedelta(days=28)
#: No reference is longer, and no file is meant to be piped in.
_LONGEST_TYPED = 200


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    data_folder.add_data_option(parser)
    return parser.parse_args()


def main() -> None:
    """Run the command; the exit status is 1 if the reference leads to nothing or a report is running."""
    arguments = parse()
    environ = data_folder.existing_box(arguments.data, "erase")
    parts = start("erase", environ)
    parts.check_store()
    if sys.stdin.isatty():
        print("Mã phiếu / reference: ", end="", flush=True)
    typed = sys.stdin.readline(_LONGEST_TYPED).strip()
    context = parts.erasure("erase")
    try:
        done = erase(context, typed)
    except NoSuchReference:
        sys.exit(
            "Không có phiếu nào mang mã này; chưa xóa gì / no form has this reference; nothing was erased"
        )
    except (WardBusy, LeaseLost):
        sys.exit("Báo cáo đang được lập; đợi 15 phút rồi chạy lại / a report is being made: try again later")
    finally:
        context.eraser.close()
        parts.close_store()
    if done.was_erased:
        print(f"Phiếu này đã được xóa ngày {format_date(done.on)}; không có gì thay đổi / erased already")
        return
    is_cloud = isinstance(read_settings(environ, frozenset({"HOMTHU_STORE"})).store, FirestoreStoreSetting)
    print("\n".join(told(done, parts, is_cloud=is_cloud)))


def told(done: Erasure, parts: Parts, *, is_cloud: bool) -> list[str]:
    """What was removed, and what remains where and until when."""
    numbers = ", ".join(f"{one.number}/{one.year}" for one in done.reports)
    lines = ["Đã xóa / erased:", "  ✓ lời góp ý, các câu trả lời và lĩnh vực của phiếu trong kho dữ liệu"]
    if done.reports:
        lines.append(f"  ✓ phần trích lời trong nội dung báo cáo đã lưu, số {numbers}")
    if done.kept_mails:
        lines.append(f"  ✓ phần trích lời trong {done.kept_mails} thư ở thư mục thư đi (.eml và .html)")
    if done.had_case:
        lines.append("  ✓ lời lẽ trong hồ sơ giải quyết; hồ sơ đã đóng")
    lines += [
        "Giữ lại / kept:",
        "  – phiếu vẫn được tính là một phiếu đã nhận của tuần, đợt và nơi ấy; số liệu đã công bố không đổi",
        "Còn nằm ở nơi khác / what remains elsewhere:",
    ]
    sent = sorted({mail.recipient for mail in _sent(done, parts)})
    if sent:
        lines.append(
            f"  ! thư đã gửi tới {', '.join(sent)}: chỉ người nhận xóa được, xin báo họ (báo cáo {numbers})"
        )
    if is_cloud:
        until, last = (format_date(local_date(parts.clock()) + span) for span in (RECOVERY, BACKUPS))
        lines += [
            f"  ! bản phục hồi của Google (mọi trạng thái trong {RECOVERY.days} ngày): đến hết {until}",
            f"  ! bản sao lưu hằng ngày của Google ({BACKUPS.days} ngày): đến hết {last}",
        ]
    lines.append(
        "  ! các tệp sao lưu (scripts/backup), tệp xuất (scripts/export) và bản in đã làm trước hôm nay:"
        " không tự hết hạn, xin xóa và sao lưu lại"
    )
    return lines


def _sent(done: Erasure, parts: Parts) -> list[Delivery]:
    editions = {(one.week, one.edition) for one in done.reports}
    return [
        mail
        for week in sorted({one.week for one in done.reports})
        for mail in parts.ledger.deliveries(done.submission_status.ward, week)
        if (mail.week, mail.edition) in editions and mail.state in (DeliveryState.SENT, DeliveryState.UNKNOWN)
    ]
