"""One figure of the benchmark: ours beside the limit it is held to."""

import json
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A measured value and its limit in the same unit; a budget is about their `ratio`."""

    name: str
    ours: float
    limit: float
    ratio: float

    @property
    def line(self) -> str:
        """The figure as one JSON line."""
        rounded = {"ours": round(self.ours, 2), "limit": round(self.limit, 2), "ratio": round(self.ratio, 3)}
        return json.dumps({"name": self.name, **rounded}, ensure_ascii=False)
