"""A box on a system like Windows: no fork, fcntl, resource or pwd. The rest of Windows is not tried here."""

import signal
from pathlib import Path

from served_box import served, whole_form

#: Read by Python before anything else, as if the system had none of this.
LACKING = """
import os, sys
for name in ("fcntl", "resource", "pwd", "grp", "termios"):
    sys.modules[name] = None
del os.fork
"""


def test_a_box_is_served_where_there_is_no_fork(tmp_path: Path) -> None:
    system = tmp_path / "system"
    system.mkdir()
    (system / "sitecustomize.py").write_text(LACKING)
    with served(tmp_path, PYTHONPATH=str(system)) as box:
        assert "hòm thư đang chạy" in box.logged()
        assert box.workers() == []
        sent = box.send(whole_form("a" * 32))
        box.reference(sent)
        assert box.get("/suc-khoe").status == 200
        box.process.send_signal(signal.SIGINT)
        assert box.process.wait(20) == 0
        assert "Traceback" not in box.logged()
    with served(tmp_path) as box:
        assert len(box.exported()) == 1
