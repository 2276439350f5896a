"""What a task has to say: changes, dead letters, and how many changes of which kind.

Many changes are explained and written up when somebody sends them: that takes longer than to find
them, and the thread that commits has time for it. A few are written up at once, while nobody waits.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stream.model.change import CAUSES
from stream.model.written import written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from stream.log.batch import Records
    from stream.model.change import Changes


FEW = 256
"""They come again and again where little comes at once, and a commit would be late for them."""


class Kind(NamedTuple):
    """What changes are counted by: segments by their ids, empty where there is none."""

    lens: str
    cause: str
    previous: str
    current: str


@dataclass
class Found:
    """Changes in one lens, and what their records need besides."""

    make: Callable[[], Changes]
    topic: str
    observed_ms: int
    count: int

    @cached_property
    def changes(self) -> Changes:
        return self.make()

    @cached_property
    def kinds(self) -> dict[Kind, int]:
        return kinds_of(self.changes)

    def records(self) -> Iterator[Records]:
        return written(self.changes, self.topic, self.observed_ms)


class Said:
    """Changes as the records that they are, or will be each time they are asked for."""

    def __init__(self) -> None:
        self._count = 0
        self._written: list[Records] = []
        self._kinds: Counter[Kind] = Counter()
        self._found: list[Found] = []

    def add(self, found: Found) -> None:
        self._count += found.count
        if self._count <= FEW:
            self._written += found.records()
            self._kinds.update(found.kinds)
        else:
            self._found.append(found)

    def kinds(self) -> Counter[Kind]:
        """How many there are of each kind."""
        kinds = self._kinds.copy()
        for found in self._found:
            kinds.update(found.kinds)
        return kinds

    def __iter__(self) -> Iterator[Records]:
        yield from self._written
        for found in self._found:
            yield from found.records()


@dataclass(slots=True)
class Told:
    """Since it was last taken."""

    changes: Said = field(default_factory=Said)
    dead_letters: list[Records] = field(default_factory=list)
    flaps: Counter[str] = field(default_factory=Counter)

    def change(self, changes: Changes, topic: str, observed_ms: int) -> None:
        self.later(len(changes), lambda: changes, topic, observed_ms)

    def later(self, count: int, make: Callable[[], Changes], topic: str, observed_ms: int) -> None:
        """So many changes, made of what stays as it is when somebody asks for them."""
        self.changes.add(Found(make, topic, observed_ms, count))


def kinds_of(changes: Changes) -> dict[Kind, int]:
    """How many there are of each kind."""
    ids = ["", *(segment.id for segment in changes.segments)]
    places = (changes.causes, changes.previous + 1, changes.current + 1)
    sizes = (len(CAUSES), len(ids), len(ids))
    counts = np.bincount(np.ravel_multi_index(places, sizes))
    there = np.flatnonzero(counts)
    found = zip(*(column.tolist() for column in np.unravel_index(there, sizes)), strict=True)
    return {
        Kind(changes.lens, CAUSES[cause].value, ids[previous], ids[current]): count
        for (cause, previous, current), count in zip(found, counts[there].tolist(), strict=True)
    }
