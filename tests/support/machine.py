"""What a machine must have for a test to run: without it the test is skipped, and fails where CI=true.

Only what .ci/run has said loudly to be missing (CI_WITHOUT) is skipped there too.
"""

import os
import shutil

import pytest


def require(program: str, package: str = "") -> None:
    """Go on only where this program is installed; `package` is Debian's, if it is named otherwise."""
    if shutil.which(program) is None:
        lacks(program, f"{program} is not installed (apt-get install {package or program})")


def lacks(what: str, reason: str) -> None:
    """Skip this test, or fail it where nothing may be left out."""
    if os.environ.get("CI") == "true" and what not in os.environ.get("CI_WITHOUT", "").split():
        pytest.fail(reason)
    pytest.skip(reason)
