"""What a source turns out to hold: how many lines, from when to when, in order or not.

Taken while the lines go by, on their way to being sorted, so that a source is read and
parsed only once; a replay's progress bar and the closing account count from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa

    from stream.log.batch import Ints


@dataclass(frozen=True, slots=True)
class Survey:
    """The lines seen so far. Instants are milliseconds since 1970, null while there is none.

    >>> survey = Survey().after(np.array([5, 7])).after(np.array([6]))
    >>> survey.rows, survey.first_ms, survey.last_ms, survey.in_order
    (3, 5, 7, False)
    """

    rows: int = 0
    first_ms: int | None = None
    last_ms: int | None = None
    in_order: bool = True

    def after(self, times: Ints) -> Survey:
        """The survey with these lines' instants behind it."""
        if len(times) == 0:
            return self
        follows = self.last_ms is None or int(times[0]) >= self.last_ms
        first, last = int(times.min()), int(times.max())
        return Survey(
            self.rows + len(times),
            first if self.first_ms is None else min(self.first_ms, first),
            last if self.last_ms is None else max(self.last_ms, last),
            self.in_order and follows and ascends(times),
        )


def ascends(times: Ints) -> bool:
    return bool(np.all(times[1:] >= times[:-1]))


def instants(lines: pa.RecordBatch | pa.Table) -> Ints:
    """When each line happened, in milliseconds since 1970."""
    times: Ints = lines.column("occurred_at").to_numpy(zero_copy_only=False).view(np.int64)
    return times
