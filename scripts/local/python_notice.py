"""Tells the person at the terminal when the Python that sends the mail has known vulnerabilities."""

import re
import sys

from environment import ROOT
from homthu.python_holes import Version, dotted, exposure_of

_RUNTIME = re.compile(r'^\s*runtime\s*=\s*"python(\d)(\d+)"$', re.MULTILINE)


def notice_for(version: Version) -> str:
    """Two sentences, or empty for a version without known vulnerabilities."""
    exposure = exposure_of(version)
    if exposure is None:
        return ""
    python, mended = dotted(version), dotted(exposure.mended_in)
    return (
        f"Lưu ý: Python {python} có lỗ hổng đã biết về thư điện tử ({' và '.join(exposure.holes)}), "
        f"vá từ bản {mended}. Hòm thư không dùng phần bị lỗi, nhưng nên nâng cấp.\n"
        f"Note: Python {python} has known holes in how mail is written ({', '.join(exposure.holes)}), mended "
        f"in {mended}. The box does not use that part; upgrade all the same (infra/decisions/0012)."
    )


def tell_about_this_python() -> None:
    """Say it of the Python that runs this script; on standard error, which no mail is printed to."""
    if notice := notice_for(sys.version_info[:3]):
        print(notice, file=sys.stderr)


def runtime_notice() -> str:
    """The same for the Python line that Terraform asks Google for, which picks the patch release itself."""
    found = _RUNTIME.search((ROOT / "infra" / "functions.tf").read_text("utf-8"))
    if found is None:
        raise LookupError("runtime in infra/functions.tf")
    line = int(found[1]), int(found[2])
    exposure = exposure_of((*line, 0))
    if exposure is None:
        return ""
    name, holes, mended = f"{line[0]}.{line[1]}", ", ".join(exposure.holes), dotted(exposure.mended_in)
    return (
        f"Google tự chọn bản vá của Python {name}; cũ hơn {mended} thì còn {holes}, và nhật ký của report, "
        f"watch, desk có «python_has_holes» / Google picks the patch of Python {name}; below {mended} it has "
        f"{holes}, and the log of report, watch and desk says python_has_holes"
    )
