"""What a box listens on: a port that must be free, or a socket that systemd holds."""

import errno
import os
import socket
import sys


def is_given_a_socket() -> bool:
    """Whether systemd holds the socket and handed it over, which gunicorn then takes (sd_listen_fds(3))."""
    return os.environ.get("LISTEN_PID") == str(os.getpid()) and int(os.environ.get("LISTEN_FDS", "0")) > 0


def require_free(host: str, port: int) -> None:
    """Exit with a sentence if this port cannot be listened on; before anything is made or noted."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As gunicorn does it: sockets in TIME_WAIT are no hindrance.
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
