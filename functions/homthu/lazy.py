"""A value built on first use, once, even if several threads ask for it together."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Lazy(Generic[T]):
    """Holds a value that is slow to build, or must not be built before the server has forked.

    `functools.cached_property` has no lock since Python 3.12, and two stores would be two writers.
    """

    def __init__(self, build: Callable[[], T]) -> None:
        self._build = build
        self._built: tuple[T] | None = None
        self._lock = threading.Lock()

    def __call__(self) -> T:
        """The value; if building it fails, the next call tries again."""
        if self._built is None:
            with self._lock:
                if self._built is None:
                    self._built = (self._build(),)
        return self._built[0]
