"""A queue in memory that remembers what was put into it, and refuses when it is told to."""

from dataclasses import dataclass, field

from homthu.ports import QueueUnavailable


@dataclass
class MemoryQueue:
    """`fails_after` is how many wards are taken before the queue is gone; None for never."""

    fails_after: int | None = None
    put_in: list[tuple[str, str]] = field(default_factory=list)

    def put(self, ward: str, *, url: str, path: str) -> None:
        if self.fails_after is not None and len(self.put_in) >= self.fails_after:
            raise QueueUnavailable("status_429")
        self.put_in.append((ward, url + path))
