"""Remembers a stream that is gone through several times, so that a short one is read once."""

from collections.abc import Callable, Iterator
from typing import TypeVar

T = TypeVar("T")
#: So many submissions are some megabytes; a week of more is read anew each time.
MOST_REMEMBERED = 1000


def remembered(stream: Callable[[], Iterator[T]], most: int = MOST_REMEMBERED) -> Callable[[], Iterator[T]]:
    """The same stream; if it ended after at most this many items, it is not read a second time."""
    held: list[list[T]] = []

    def read() -> Iterator[T]:
        if held:
            yield from held[0]
            return
        found: list[T] | None = []
        for item in stream():
            if found is not None:
                found.append(item)
                found = found if len(found) <= most else None
            yield item
        if found is not None:
            held.append(found)

    return read
