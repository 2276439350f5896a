"""A figure with its name, its aim, and what it means; and how pairs are measured."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Figure:
    name: str
    value: float
    aim: str
    what: str

    @property
    def shown(self) -> str:
        return f"{self.value:.2f}" if self.value < 100 else f"{self.value:,.0f}"


@dataclass(frozen=True, slots=True)
class Pair:
    """Rates of one thing and of its floor, and the median of their ratios, round by round."""

    rate: float
    floor: float
    ratio: float


def rate_of(work: Callable[[], int]) -> float:
    """How many a second."""
    started = time.perf_counter()
    count = work()
    return count / (time.perf_counter() - started)


def in_turns(work: Callable[[], int], floor: Callable[[], int], rounds: int = ROUNDS) -> Pair:
    """Both, by turns, so that a slow minute hits both."""
    pairs = [(rate_of(work), rate_of(floor)) for _ in range(rounds)]
    return Pair(
        statistics.median(ours for ours, _ in pairs),
        statistics.median(theirs for _, theirs in pairs),
        statistics.median(ours / theirs for ours, theirs in pairs),
    )
