"""Bursts: many submissions for one place in a short time on this instance."""

import threading
from dataclasses import dataclass
from datetime import datetime


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_at: datetime


class BurstMeter:
    """A token bucket for each place. It only tells; the submission is stored either way.

    A culture house full of people at a meeting sends perhaps thirty forms in a few minutes, so the
    bucket holds `capacity` and regains `per_minute`. It lives in memory, knows no address, and
    holds one entry a place.
    """

    def __init__(self, *, capacity: int = 30, per_minute: int = 10) -> None:
        self._capacity = capacity
        self._per_second = per_minute / 60
        self._buckets: dict[str, _Bucket] = {}
        self._lock = threading.Lock()

    def is_burst(self, place: str, now: datetime) -> bool:
        """Count one submission for the place; say whether the bucket was empty."""
        with self._lock:
            bucket = self._buckets.setdefault(place, _Bucket(self._capacity, now))
            regained = max(0.0, (now - bucket.filled_at).total_seconds()) * self._per_second
            bucket.tokens = min(self._capacity, bucket.tokens + regained)
            bucket.filled_at = now
            if bucket.tokens < 1:
                return True
            bucket.tokens -= 1
            return False
