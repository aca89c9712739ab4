"""Serves a box where processes cannot fork, as on Windows: waitress, a pool of threads in one process.

waitress gathers each request before it occupies a thread, as our gunicorn worker does, but has no limit of
connections per address: it is for one office's machine, not for a public server.
"""

import contextlib
import signal
from collections.abc import Callable

import environment

from local.box import LocalBox
from local.site import Wsgi

_THREADS = 16
#: As gunicorn's worker takes it: a form is far smaller.
_MOST_BYTES = 96 * 1024


def serve(site: Wsgi, beside: LocalBox, *, host: str, port: int, when_ready: Callable[[], None]) -> None:
    """Serve until stopped by Ctrl+C, or by being ended."""
    environment.install_for_setting_up()
    # Only now is it certainly installed.
    import waitress

    server = waitress.create_server(
        site,
        host=host,
        port=port,
        threads=_THREADS,
        max_request_body_size=_MOST_BYTES,
        ident=None,
        clear_untrusted_proxy_headers=True,
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        # Even where the parent had them ignored, as a shell does for background jobs.
        signal.signal(number, signal.default_int_handler)
    beside.begin()
    when_ready()
    with contextlib.suppress(KeyboardInterrupt):
        server.run()
    beside.stop()
    server.close()
