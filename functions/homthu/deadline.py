"""How much longer somebody waits for an answer: one bound for all that answering needs.

Storing one submission may take several calls of a store: after the secret was rotated, or under a
key that is taken, up to six. Each is bounded by itself, and over a slow line their sum is not. The
bound belongs to the request, whatever code serves it, so it travels with the request's context.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_ends: ContextVar[float | None] = ContextVar("ends", default=None)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Somebody waits so long, and no longer, for what is done in this block."""
    token = _ends.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _ends.reset(token)


def remaining(seconds: float) -> float:
    """So many seconds, or what is left of the time somebody waits if that is less."""
    ends = _ends.get()
    return seconds if ends is None else max(0.0, min(seconds, ends - time.monotonic()))
