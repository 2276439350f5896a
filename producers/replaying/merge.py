"""Several ordered runs of lines become one, a chunk of each in memory at a time.

No line is compared with another in Python: of what is loaded, everything up to the
first run that could bring more is cut off, put in order by one stable sort, and given out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from producers.replaying.survey import ascends, instants

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


GIVEN_OUT_ROWS = 8_192


def merged(
    runs: Sequence[Iterable[pa.RecordBatch]], together: int = GIVEN_OUT_ROWS
) -> Iterator[pa.RecordBatch]:
    """The runs' lines in order of time; at the same instant earlier runs go first.

    Batches are of `together` rows at most, and not much fewer.
    """
    return _gathered(_cut_by_cut(runs), together)


def _cut_by_cut(runs: Sequence[Iterable[pa.RecordBatch]]) -> Iterator[pa.RecordBatch]:
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


def _gathered(batches: Iterator[pa.RecordBatch], together: int) -> Iterator[pa.RecordBatch]:
    """Small batches become larger ones: each costs the log a write on every partition."""
    waiting: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        if waiting and rows + batch.num_rows > together:
            yield pa.concat_batches(waiting)
            waiting, rows = [], 0
        waiting.append(batch)
        rows += batch.num_rows
    if waiting:
        yield pa.concat_batches(waiting)


def in_order(lines: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """The lines sorted, slice by slice, so that they are never there twice as a whole."""
    times = instants(lines)
    starts = range(0, len(times), GIVEN_OUT_ROWS)
    if ascends(times):
        yield from (lines.slice(start, GIVEN_OUT_ROWS) for start in starts)
        return
    order = np.argsort(times, kind="stable")
    for start in starts:
        yield lines.take(pa.array(order[start : start + GIVEN_OUT_ROWS]))
