"""The functions that can be deployed: a table of targets, of which only the one asked for is loaded.

functions-framework looks its target up here when it starts, so an unknown name fails there with the
framework's own words, and a wrong setting or box file before the first citizen comes.
"""

import gc
import sys
from importlib import import_module
from typing import Any

TARGETS = {
    "form": "homthu.http.form",
    "submit": "homthu.http.submit",
    "board": "homthu.http.board",
    "withdraw": "homthu.http.withdraw",
    "desk": "homthu.http.desk",
    "report": "homthu.http.report",
    "watch": "homthu.http.watch",
}


def __getattr__(name: str) -> Any:
    if name not in TARGETS:
        raise AttributeError(f"module {__name__!r} has no function {name!r}; there are {', '.join(TARGETS)}")
    from flask import current_app, has_app_context
    from homthu.bootstrap.start import start
    from homthu.config import NEEDS
    from homthu.http.framework import adopt

    # What is loaded here stays: looking through it for garbage is a fourteenth of what we add to a start.
    gc.disable()
    try:
        function = import_module(TARGETS[name]).make(start(name))
    finally:
        gc.enable()
    if "HOMTHU_MAIL" in NEEDS[name]:
        _warn_of_python_holes(name)
    # The framework loads us inside its application; a test may not.
    if has_app_context():
        adopt(current_app, function)
    # Kept, because the framework looks the name up twice.
    globals()[name] = function
    return function


def _warn_of_python_holes(function: str) -> None:
    """Log once, when a function that writes mail starts, what is open in the Python it runs on."""
    from homthu.log import log
    from homthu.python_holes import dotted, exposure_of

    if exposure := exposure_of(sys.version_info[:3]):
        python, mended = dotted(exposure.version), dotted(exposure.mended_in)
        holes = " ".join(exposure.holes)
        log("python_has_holes", "WARNING", function=function, python=python, holes=holes, mended_in=mended)
