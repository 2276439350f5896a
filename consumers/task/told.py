"""What a task has to say: changes as records, and how many of which kind.

Records are made as soon as changes are found, so that memory is bounded by bytes, not objects.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stream.model.change import CAUSES
from stream.model.written import written

if TYPE_CHECKING:
    from stream.log.batch import Records
    from stream.model.change import Changes


class Kind(NamedTuple):
    """What changes are counted by: segments by their ids, empty where there is none."""

    lens: str
    cause: str
    previous: str
    current: str


@dataclass(slots=True)
class Told:
    """Since it was last taken."""

    changes: list[Records] = field(default_factory=list)
    dead_letters: list[Records] = field(default_factory=list)
    kinds: Counter[Kind] = field(default_factory=Counter)
    flaps: Counter[str] = field(default_factory=Counter)

    def change(self, changes: Changes, topic: str, observed_ms: int) -> None:
        self.changes += written(changes, topic, observed_ms)
        self.kinds.update(kinds_of(changes))


def kinds_of(changes: Changes) -> dict[Kind, int]:
    """How many there are of each kind."""
    ids = ["", *(segment.id for segment in changes.segments)]
    places = (changes.causes, changes.previous + 1, changes.current + 1)
    sizes = (len(CAUSES), len(ids), len(ids))
    kinds, counts = np.unique(np.ravel_multi_index(places, sizes), return_counts=True)
    found = zip(*(column.tolist() for column in np.unravel_index(kinds, sizes)), strict=True)
    return {
        Kind(changes.lens, CAUSES[cause].value, ids[previous], ids[current]): count
        for (cause, previous, current), count in zip(found, counts.tolist(), strict=True)
    }
