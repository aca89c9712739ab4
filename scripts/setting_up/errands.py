"""Tasks that take a while, done in the background: one of a kind at a time, and the result of the last."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


class Failed(Exception):
    """It could not be done; `sentences` say why, in Vietnamese."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


@dataclass(kw_only=True)
class Errand(Generic[T]):
    """One kind of task. `result` is of the last that succeeded since the start of this process."""

    is_running: bool = False
    result: T | None = None
    problems: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, do: Callable[[], T]) -> None:
        """Start it in a thread, unless one of the kind is running."""
        with self._lock:
            if self.is_running:
                return
            self.is_running, self.problems, self.result = True, [], None
        threading.Thread(target=self._run, args=(do,), daemon=True).start()

    def _run(self, do: Callable[[], T]) -> None:
        try:
            self.result = do()
        except Failed as failed:
            self.problems = failed.sentences
        except OSError as error:
            self.problems = [f"{error.filename or ''} {error.strerror or type(error).__name__}".strip()]
        except Exception as error:
            # A page that waits for ever would be worse.
            self.problems = [type(error).__name__]
        finally:
            self.is_running = False
