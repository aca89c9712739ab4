"""The first screen of a served box: its address, a line each for what else matters, then warnings."""

import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import segno
from homthu.bootstrap.parts import Parts

from local import data_folder, python_notice


def address_of(host: str) -> str:
    """The host to print: for 0.0.0.0, the address at which a phone on the same Wi-Fi finds this machine."""
    if host != "0.0.0.0":  # noqa: S104 - compared, not bound
        return host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Connecting a datagram socket sends nothing; it only picks the interface.
            probe.connect(("10.255.255.255", 9))
            address: str = probe.getsockname()[0]
        except OSError:
            return "127.0.0.1"
    return address


def is_this_machine(host: str) -> bool:
    """Whether an address leads to this very machine, wherever it is read."""
    return host == "localhost" or host.startswith("127.")


def greet(parts: Parts, data: Path, *, mail: str, port: int) -> None:
    """Print it, with a QR code where a phone can use it."""
    places = [place for box in parts.boxes.by_ward.values() for place in box.places]
    form = f"{parts.base_url}/g/{places[0].code}"
    print(f"\n{parts.base_url}/  ← hòm thư đang chạy / the box is running here\n")
    print(*lines(parts, form, mail), sep="\n")
    print(code_or_why(form, port), flush=True)
    print(*warnings(parts, data), "", sep="\n", flush=True)
    python_notice.tell_about_this_python()


def lines(parts: Parts, form: str, mail: str) -> Iterator[str]:
    """What else matters, a line each."""
    for box in parts.boxes.by_ward.values():
        name = f"{box.ward.full_name} ({box.ward.code})"
        yield f"  {name}: {len(box.places)} điểm / places; {len(box.recipients)} người nhận / recipients"
    yield f"  Phiếu góp ý / the form: {form}"
    yield f"  Kết quả / results: {parts.base_url}/ket-qua    Bàn xử lý / the desk: {parts.base_url}/xu-ly"
    where = mail.removeprefix("outbox:")
    yield f"  Thư / mail: {where if mail.startswith('outbox:') else urlsplit(mail).hostname or mail}"
    yield "  Dừng / stop: Ctrl+C    Sửa hòm thư / change the box: scripts/serve --set-up"


def code_or_why(form: str, port: int) -> str:
    """The QR code of the form for a terminal; or a sentence why a phone could not use it."""
    if is_this_machine(urlsplit(form).hostname or ""):
        on_wifi = address_of("0.0.0.0")  # noqa: S104 - asked for, not bound
        hint = "" if is_this_machine(on_wifi) else f" (http://{on_wifi}:{port})"
        return (
            "\nKhông in mã QR: chỉ máy này mở được địa chỉ trên. Để điện thoại cùng Wi-Fi quét được, chạy "
            f"lại với --host 0.0.0.0{hint}.\n"
            "No QR code: only this machine opens the address above; --host 0.0.0.0 lets phones in.\n"
        )
    if not sys.stdout.isatty():
        return ""
    code = segno.make(form, error="m", micro=False)
    code.terminal(compact=True)
    return ""


def warnings(parts: Parts, data: Path) -> Iterator[str]:
    """What the person at the terminal should know, after all else."""
    if data_folder.is_invented(data):
        yield f"! PHIẾU BỊA / INVENTED FORMS: {data} ({data_folder.MARK})"
    if parts.outbox is not None:
        yield "! Thư chưa gửi đi đâu, chỉ nằm trong thư mục trên / mails stay in the folder above"
