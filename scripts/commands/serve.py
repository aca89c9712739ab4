"""Run the whole box on this machine: every function, SQLite, an outbox folder and the schedule.

The first run installs what it needs into .venv. Everything the box keeps lies in the data folder.
"""

import argparse
import contextlib
import errno
import os
import socket
import sys
from pathlib import Path
from urllib.parse import urlsplit

import local_box
import local_schedule
import local_server
import local_settings
import local_site
import python_notice
import segno
from homthu.adapters.clock import system_clock
from homthu.bootstrap.parts import Parts
from homthu.bootstrap.start import start
from homthu.ports import StoreUnavailable
from homthu.services.desk_term import current_term
from own_server.settings import read_server_settings


def address_of(host: str) -> str:
    """The host to print: where a phone on the same Wi-Fi finds this machine, for 0.0.0.0."""
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


def greet(parts: Parts, data: Path, *, mail: str, on_wifi: str) -> None:
    """Print where everything is, and the code to scan where a phone can follow it."""
    for box in parts.boxes.by_ward.values():
        print(f"\n{box.ward.full_name} ({box.ward.code})")
        for place in box.places:
            former = f" ({place.former_ward})" if place.former_ward else ""
            print(f"  {parts.base_url}/g/{place.code}  {place.name}{former}")
    first = next(iter(parts.boxes.by_ward.values())).places[0]
    url = f"{parts.base_url}/g/{first.code}"
    print(f"\nPhiếu góp ý / the form: {url}\n")
    if _is_this_machine(urlsplit(parts.base_url).hostname or ""):
        print(
            "Chỉ máy này mở được địa chỉ ấy. Để điện thoại cùng Wi-Fi quét mã: chạy lại với --host 0.0.0.0"
            f"{f' (khi đó là {on_wifi})' if on_wifi else ''}.\n"
            "Only this machine opens it; --host 0.0.0.0 lets phones on the same Wi-Fi scan a code.\n"
        )
    elif sys.stdout.isatty():
        segno.make(url, error="m", micro=False).terminal(compact=True)
    if local_settings.is_invented(data):
        print(f"PHIẾU BỊA / INVENTED FORMS: {data} ({local_settings.MARK})")
    if mail.startswith("outbox:"):
        print(f"Thư báo cáo / reports: {mail.removeprefix('outbox:')}")
    print("Dừng / stop: Ctrl+C\n", flush=True)


def _is_this_machine(host: str) -> bool:
    return host == "localhost" or host.startswith("127.")


def require_free(host: str, port: int) -> None:
    """End with a sentence if nothing can listen here; before anything is made or noted."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As gunicorn does it: what only waits to be forgotten by the system is no hindrance.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except (OSError, OverflowError) as error:
            why = {
                errno.EADDRINUSE: "cổng đang bận (một serve khác?) / the port is in use",
                errno.EACCES: "không có quyền mở cổng dưới 1024 / ports below 1024 are not for this user",
                errno.EADDRNOTAVAIL: "máy này không có địa chỉ ấy / this machine has no such address",
            }.get(getattr(error, "errno", None) or 0, "không mở được / it cannot be opened")
            sys.exit(f"✗ {host}:{port}: {why}. Thử cổng khác / try another: --port {port % 60000 + 1}")


def settle(parts: Parts) -> None:
    """When all has stopped, leave one database file that may be copied alone."""
    with contextlib.suppress(StoreUnavailable):
        parts.close_store()


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 lets phones on the same Wi-Fi in")
    parser.add_argument("--port", type=int, default=8080)
    local_settings.add_data_option(parser)
    return parser.parse_args()


def main() -> None:
    """Run until stopped."""
    arguments = parse()
    data = arguments.data.resolve()
    read_server_settings(os.environ)
    if not local_server.is_given_a_socket():
        require_free(arguments.host, arguments.port)
    base_url = f"http://{address_of(arguments.host)}:{arguments.port}"
    environ = local_settings.new_or_existing_box(data, base_url)
    local_settings.refuse_to_mail_invented(data, environ)
    os.environ.update(environ)
    parts = start("submit")
    try:
        parts.check_store()
        for box in parts.boxes.by_ward.values():
            current_term(parts.desk_terms, box, parts.random_bytes)
    except StoreUnavailable as unavailable:
        sys.exit(
            f"Không mở được cơ sở dữ liệu {data}/hom-thu.db ({unavailable.reason}). "
            "Xem infra/OPERATE.md.\n"
            f"The database cannot be opened ({unavailable.reason}); see infra/OPERATE.md."
        )
    local_settings.note_how_served(data, environ, system_clock())
    # From here on the file is there: if it is taken away, a new one in its place would hide the loss.
    os.environ.update(local_settings.never_creating(environ))
    python_notice.tell_about_this_python()
    jobs = local_schedule.read_jobs()
    routes = local_site.read_routes()
    functions = local_site.build_functions({name for _, name in routes} | {job.function for job in jobs})
    beside = local_box.LocalBox(data, functions, jobs, read_server_settings(os.environ))
    site = beside.site(routes)
    if local_settings.is_invented(data):
        site = local_site.DemoSite(site)

    on_wifi = address_of("0.0.0.0")  # noqa: S104 - asked for, not bound
    hint = "" if _is_this_machine(on_wifi) else f"http://{on_wifi}:{arguments.port}"
    options = {
        "bind": f"{arguments.host}:{arguments.port}",
        "when_ready": lambda _: greet(parts, data, mail=environ["HOMTHU_MAIL"], on_wifi=hint),
        "post_worker_init": lambda _: beside.begin(),
        "on_exit": lambda _: settle(parts),
        "worker_exit": lambda _server, _worker: beside.stop(),
    }
    local_server.Server(site, options).run()
