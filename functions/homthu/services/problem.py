"""Problem: a short code of what kept a ward from being served, for the log and for a person."""

from collections.abc import Callable

from homthu.domain.errors import HomThuError
from homthu.ports import StoreUnavailable


def problem_of(act: Callable[[], None]) -> str:
    """Do it; a short code of what went wrong, or empty."""
    try:
        act()
    except StoreUnavailable as unavailable:
        return f"store_{unavailable.reason}"
    except HomThuError as error:
        return _code(error)
    return ""


def _code(error: HomThuError) -> str:
    """A short code from the error's class: `WardBusy` gives `ward_busy`."""
    name = type(error).__name__
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).removeprefix("_")
