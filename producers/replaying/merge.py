"""Several ordered runs of lines become one, a chunk of each in memory at a time.

No line is compared with another in Python: of what is loaded, everything up to the
first run that could bring more is cut off, put in order by one stable sort, and given out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from producers.replaying.runs import CHUNK_ROWS
from producers.replaying.survey import ascends, instants

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


def merged(runs: Sequence[Iterable[pa.RecordBatch]]) -> Iterator[pa.RecordBatch]:
    """The runs' lines in order of time; at the same instant earlier runs go first."""
    heads = [head for head in (_Head(iter(run)) for run in runs) if head.left]
    while heads:
        cut_ms, cut_run = min((head.last_ms, i) for i, head in enumerate(heads))
        # A later run's lines at the very cut have to wait: the cut run may bring more of them.
        pieces = [head.take(cut_ms, at_cut=i <= cut_run) for i, head in enumerate(heads)]
        yield from in_order(pa.concat_batches([piece for piece in pieces if piece.num_rows]))
        heads = [head for head in heads if head.left or head.load()]


class _Head:
    """The chunk of a run that is loaded, and how much of it was given out."""

    def __init__(self, chunks: Iterator[pa.RecordBatch]) -> None:
        self._chunks = chunks
        self.left = self.load()

    def load(self) -> bool:
        for chunk in self._chunks:
            if chunk.num_rows:
                self._chunk, self._times, self._taken = chunk, instants(chunk), 0
                self.last_ms = int(self._times[-1])
                self.left = True
                return True
        return False

    def take(self, cut_ms: int, *, at_cut: bool) -> pa.RecordBatch:
        """The lines before the cut that are still here, with those at it or without."""
        start = self._taken
        here = np.searchsorted(self._times, cut_ms, side="right" if at_cut else "left")
        self._taken = max(start, int(here))
        self.left = self._taken < len(self._times)
        return self._chunk.slice(start, self._taken - start)


def in_order(lines: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """The lines sorted, slice by slice, so that they are never there twice as a whole."""
    times = instants(lines)
    starts = range(0, len(times), CHUNK_ROWS)
    if ascends(times):
        yield from (lines.slice(start, CHUNK_ROWS) for start in starts)
        return
    order = np.argsort(times, kind="stable")
    for start in starts:
        yield lines.take(pa.array(order[start : start + CHUNK_ROWS]))
