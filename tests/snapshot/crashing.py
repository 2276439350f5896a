"""A process that dies at its n-th step: whatever it was about to do then is not done.

Steps are what it does to the log and to the history; what it only reads counts, too.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STEPS = {"producer", "transaction", "append", "reader", "write", "read", "retain", "obey"}


class Crash(Exception):
    """The process ends in the middle."""


@dataclass
class Steps:
    """Dies after so many, or before the first of a name."""

    left: int = 1_000_000
    before: str = ""
    died_at: str = ""

    def take(self, name: str) -> None:
        if self.left == 0 or name == self.before:
            self.died_at = name
            raise Crash(name)
        self.left -= 1


class Mortal:
    """Stands in front of a log, a store, and what these give out."""

    def __init__(self, real: Any, steps: Steps) -> None:
        self._real, self._steps = real, steps

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._real, name)
        if name not in STEPS:
            return real

        def step(*arguments: Any, **options: Any) -> Any:
            self._steps.take(name)
            if name == "transaction":
                return self._transaction(real())
            made = real(*arguments, **options)
            return Mortal(made, self._steps) if name == "producer" else made

        return step

    @contextmanager
    def _transaction(self, real: Any) -> Iterator[Mortal]:
        with real as transaction:
            yield Mortal(transaction, self._steps)
            self._steps.take("commit")
        self._steps.take("after the commit")


class Overtaken(Mortal):
    """A log on which somebody else is quicker, just before this process takes a name over."""

    def __init__(self, real: Any, others: Callable[[], object]) -> None:
        super().__init__(real, Steps(1_000_000))
        self._others = others

    def producer(self, name: str) -> Any:
        self._others()
        return self._real.producer(name)
