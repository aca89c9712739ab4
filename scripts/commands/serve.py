"""Run the whole box on this machine: every function, SQLite, an outbox folder and the schedule.

The first run installs what it needs into .venv. Everything the box keeps lies in the data folder. On a
machine without any box of its own it opens a page on this machine to set one up.
"""

import argparse
import contextlib
import os
import sys
from functools import partial

from homthu.adapters.clock import system_clock
from homthu.bootstrap.parts import Parts
from homthu.bootstrap.start import start
from homthu.ports import StoreUnavailable
from homthu.services.desk_term import current_term
from local import data_folder, schedule
from local.box import LocalBox
from local.greeting import address_of, greet
from local.listening import is_given_a_socket, require_free
from local.set_up import has_no_box, serve_from_the_beginning, set_up
from local.site import DemoSite, build_functions, read_routes
from own_server.settings import read_server_settings


def settle(parts: Parts) -> None:
    """When everything has stopped, leave one database file that can be copied by itself."""
    with contextlib.suppress(StoreUnavailable):
        parts.close_store()


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 lets phones on the same Wi-Fi in")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--set-up", action="store_true", help="open the page that sets up or changes the box")
    parser.add_argument("--examples", action="store_true", help="serve the example wards, to look around")
    data_folder.add_data_option(parser)
    return parser.parse_args()


def main() -> None:
    """Run until stopped."""
    arguments = parse()
    data = arguments.data.resolve()
    read_server_settings(os.environ)
    if not is_given_a_socket():
        require_free(arguments.host, arguments.port)
    if arguments.set_up or (not arguments.examples and has_no_box(data)):
        if host := set_up(data, arguments.port):
            serve_from_the_beginning(host, arguments.port, data)
        return
    base_url = f"http://{address_of(arguments.host)}:{arguments.port}"
    environ = data_folder.new_or_existing_box(data, base_url)
    data_folder.refuse_to_mail_invented(data, environ)
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
    data_folder.note_how_served(data, environ, system_clock())
    # From here on the file exists: if it disappears, a new one in its place would hide the loss.
    os.environ.update(data_folder.never_creating(environ))
    jobs = schedule.read_jobs()
    routes = read_routes()
    functions = build_functions({name for _, name in routes} | {job.function for job in jobs})
    beside = LocalBox(data, functions, jobs, read_server_settings(os.environ))
    site = beside.site(routes)
    if data_folder.is_invented(data):
        site = DemoSite(site)

    mail, port = environ["HOMTHU_MAIL"], arguments.port
    if not hasattr(os, "fork"):
        # Windows: gunicorn, which forks, is not even imported.
        from local.waitress_server import serve

        greeting = partial(greet, parts, data, mail=mail, port=port)
        serve(site, beside, host=arguments.host, port=port, when_ready=greeting)
        settle(parts)
        return
    from local.gunicorn_server import Server

    options = {
        "bind": f"{arguments.host}:{arguments.port}",
        "when_ready": lambda _: greet(parts, data, mail=mail, port=port),
        "post_worker_init": lambda _: beside.begin(),
        "on_exit": lambda _: settle(parts),
        "worker_exit": lambda _server, _worker: beside.stop(),
    }
    Server(site, options).run()
