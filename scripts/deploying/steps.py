"""Tells the person at the terminal which step is running, and how it ended."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from deploying.failures import Stopped, ToolFailed, explain


class DeployFailed(Exception):
    """A step failed; `step` is its title and `stopped` says why and what to do."""

    def __init__(self, step: str, stopped: Stopped) -> None:
        super().__init__(step)
        self.step = step
        self.stopped = stopped


@dataclass
class Steps:
    """The steps of a deploy of one project, `total` of them."""

    project: str
    total: int
    _number: int = field(default=0)

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """One of the steps; an error in it is reported as its own. Raise `DeployFailed`."""
        self._number += 1
        print(f"[{self._number}/{self.total}] {title}", flush=True)
        try:
            yield
        except Stopped as stopped:
            raise DeployFailed(title, stopped) from stopped
        except ToolFailed as failure:
            print("".join(f"      {line}\n" for line in failure.said.strip().splitlines()[-15:]), end="")
            raise DeployFailed(title, explain(failure, self.project)) from failure

    def tell(self, text: str) -> None:
        """Report one result of the step."""
        print(f"      {text}", flush=True)


def ask(question: str) -> bool:
    """Whether the person says yes; without a person, no."""
    try:
        return input(f"\n{question} [c/K, y/N] ").strip().lower() in ("c", "co", "có", "y", "yes")
    except EOFError:
        print()
        return False
