"""Whether `scripts/serve` opens the set-up page first, and how it does."""

import os
import sys
from pathlib import Path

import environment
from homthu.adapters.box_files.samples import find_samples
from homthu.adapters.box_files.toml_file import toml_files
from homthu.adapters.clock import system_clock
from homthu.config import BOXES

from local import data_folder
from local.listening import is_given_a_socket

#: The wards that come with the program: nobody's own, as long as nobody wrote to them.
EXAMPLES = ("bac-giang.toml", "ngo-quyen.toml")


def has_no_box(data: Path, shipped: Path = BOXES) -> bool:
    """Whether this machine has no box of its own: no files, no database, and nobody who says where they are.

    A service that is given its socket never asks anybody.
    """
    return not (
        os.environ.get("HOMTHU_BOXES")
        or is_given_a_socket()
        or data_folder.own_boxes(data)
        or (data / data_folder.DATABASE).exists()
        or os.environ.get("HOMTHU_STORE")
        or _is_written_to(shipped)
    )


def _is_written_to(shipped: Path) -> bool:
    """Whether an office keeps its files in the program's folder, as was told until November 2026."""
    untouched = {sample.file for sample in find_samples(shipped) if sample.code == "sample_address"}
    return any(path.name not in EXAMPLES or path.name not in untouched for path in toml_files(shipped))


def set_up(data: Path, port: int) -> str:
    """Serve the set-up pages until the box is to be served; return the host to serve it on.

    Empty if there is nothing to serve, because the command was stopped.
    """
    environment.install_for_setting_up()
    # Only now is it certainly installed.
    from setting_up.server import SetUpServer, make_set_up

    server = SetUpServer(make_set_up(data, system_clock), port)
    print(
        f"\n{server.address}\n  ↑ mở địa chỉ này trong trình duyệt của máy này để thiết lập hòm thư; chìa "
        "khóa dùng một lần.\n    Open this in a browser on this machine to set up your box; it works once.\n"
        f"  Mọi thứ nằm trong / all is kept in: {data}\n"
        "  Dừng / stop: Ctrl+C    Xem thử phường mẫu / look around first: scripts/serve --examples\n",
        flush=True,
    )
    return server.run()


def serve_from_the_beginning(host: str, port: int, data: Path) -> None:
    """Continue as a box that was just set up, in a process without anything of the set-up."""
    options = ["--host", host, "--port", str(port), "--data", str(data)]
    environment.go_on(sys.argv[0], options)
