"""How long `shoal consume` takes until it is ready, everything compiled before."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from benchmarks.commands import running, seconds_of
from benchmarks.figures import ROUNDS, Figure
from benchmarks.week import place

if TYPE_CHECKING:
    from benchmarks.week import Place

EVERYTHING = """
import app.cli.main, app.consuming, app.observing.observed, stream.log.kafka.log
"""


def measure(bootstrap: str) -> list[Figure]:
    with place(f"kafka://{bootstrap}") as at:
        _once(at)  # what is compiled, and read from the disk, once
        rounds = [_once(at) for _ in range(ROUNDS)]
    ready, imports, bare = (statistics.median(column) for column in zip(*rounds, strict=True))
    beyond = statistics.median(ready - imports for ready, imports, _ in rounds)
    return [
        Figure("start_seconds", beyond, "< 3", "`shoal consume` to ready, beyond its imports"),
        Figure("start_to_ready_seconds", ready, "", "all of it, a place in the group included"),
        Figure("start_imports_seconds", imports, "", "Python with everything imported, no more"),
        Figure("start_python_seconds", bare, "", "Python with nothing imported"),
    ]


def _once(at: Place) -> tuple[float, float, float]:
    with running(at.words()) as ready:
        pass
    return ready, seconds_of(EVERYTHING), seconds_of("")
