"""A worker, effectively once and durable, beside a consumer that does nothing and River's loop.

All read the same topic: a million lines of a week, 50,000 customers, 4 partitions. The clock of
a worker, a process of its own, runs from its first record to its last commit.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.commands import answer, go_together, started
from benchmarks.figures import ROUNDS, Figure
from benchmarks.week import LINES, PARTITIONS, Week, place
from stream.log.open import open_log

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.week import Place

RIVER_LINES = 30_000


@dataclass(frozen=True, slots=True)
class Round:
    """Records a second, and what one worker spent its time on, in seconds."""

    one: float
    floor: float
    two: float
    river: float
    phases: dict[str, tuple[float, str]]


def measure(bootstrap: str, lines: int = LINES) -> list[Figure]:
    week = Week(lines)
    rounds = [_round(bootstrap, week) for _ in range(ROUNDS)]
    one = median(each.one for each in rounds)
    ratio = median(each.one / each.floor for each in rounds)
    two_ratio = median(each.two / each.one for each in rounds)
    river_ratio = median(each.one / each.river for each in rounds)
    floor, two = median(each.floor for each in rounds), median(each.two for each in rounds)
    river = median(each.river for each in rounds)
    return [
        Figure("consume_ratio", ratio, "≥ 2", "one worker over a bare consumer, decoding nothing"),
        Figure("consume_records_per_second", one, "", "profiles, changes, positions: all durable"),
        Figure("consume_floor_records_per_second", floor, "", "the bare consumer, same topic"),
        Figure("consume_vs_river_ratio", river_ratio, "≥ 20", "over a plain loop with River"),
        Figure("river_loop_records_per_second", river, "", "that loop, nothing of it durable"),
        Figure("two_workers_ratio", two_ratio, "≥ 1", "two workers over one, broker beside them"),
        Figure("two_workers_records_per_second", two, "", "both together"),
        *_phases(rounds),
    ]


def _phases(rounds: list[Round]) -> list[Figure]:
    return [
        Figure(
            f"consume_{name}_seconds",
            median(each.phases[name][0] for each in rounds),
            "",
            f"seconds: {what}",
        )
        for name, (_, what) in rounds[0].phases.items()
    ]


def _round(bootstrap: str, week: Week) -> Round:
    """All of them, one after the other, on the same lines."""
    with _written(bootstrap, week) as at:
        one, phases = _consumed(at, week, workers=1)
        topic, changes = at.topics.transactions, at.topics.changes
        bare = _floor("consumer", bootstrap, topic)
        river = _floor("river", bootstrap, topic, changes, str(RIVER_LINES))
    with _written(bootstrap, week) as at:
        two, _ = _consumed(at, week, workers=2)
    phases["floor_busy"] = (bare["busy"], "the bare consumer, on the processor")
    return Round(one, _rate(bare), two, _rate(river), phases)


@contextmanager
def _written(bootstrap: str, week: Week) -> Iterator[Place]:
    with place(f"kafka://{bootstrap}") as at:
        week.write(at)
        yield at


def _consumed(at: Place, week: Week, workers: int) -> tuple[float, dict[str, tuple[float, str]]]:
    """Records a second from the first worker's first record to the last one's last commit."""
    words = ("-m", "benchmarks.phases", str(at.file))
    together = [started(*words, str(slot)) for slot in range(workers)]
    go_together(together)
    told = [json.loads(answer(process)) for process in together]
    with open_log(at.url) as log:
        ends = {place: bounds.end for place, bounds in log.bounds(at.topics.transactions).items()}
        assert log.committed(at.settings.group, at.topics.transactions) == ends
    worked = [one for one in told if one["commits"]]
    took = max(one["last"] for one in worked) - min(one["first"] for one in worked)
    return len(week) / took, told[0]["phases"]


def _floor(which: str, bootstrap: str, topic: str, *more: str) -> dict[str, float]:
    words = (which, bootstrap, topic, str(PARTITIONS), *more)
    told: dict[str, float] = json.loads(answer(started("-m", "benchmarks.bare", *words)))
    return told


def _rate(told: dict[str, float]) -> float:
    return told["records"] / told["seconds"]
