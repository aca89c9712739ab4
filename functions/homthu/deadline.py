"""A deadline for answering a request: one bound for everything that answering needs.

Storing one submission may take several calls of a store: up to six, after the secret was rotated or under a
key that is taken. Each has its own bound, and over a slow line their sum has none. The bound belongs to the
request, whatever code serves it, so it travels with the request's context.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_ends: ContextVar[float | None] = ContextVar("ends", default=None)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Give what is done in this block at most this many seconds."""
    token = _ends.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _ends.reset(token)


def remaining(seconds: float) -> float:
    """This many seconds, or what is left until the deadline if that is less."""
    ends = _ends.get()
    return seconds if ends is None else max(0.0, min(seconds, ends - time.monotonic()))
