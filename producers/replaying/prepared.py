"""From sorted lines to what is sent: cut to size, identified, numbered, with ticks between.

A function of the lines and the choices alone, so that a replay that goes on after a crash
numbers and names everything as the one before it did.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from producers.replaying.identify import Identifier
from producers.replaying.outgoing import LeftOut, Outgoing, Sender, nothing, outgoing, tick_for_all
from producers.replaying.progress_mark import place_of_row
from producers.replaying.survey import instants
from producers.replaying.ticks import AHEAD_AT_MOST_MS, END_OF_REPLAY, Midnights

if TYPE_CHECKING:
    from collections.abc import Iterator

    from producers.replaying.sort import SortedLines
    from stream.log.batch import Ints


@dataclass(frozen=True, slots=True)
class Choices:
    """What of the lines is sent: from `since_ms` on, before `until_ms`; null means all."""

    since_ms: int | None = None
    until_ms: int | None = None
    drop_duplicates: bool = False
    ticks: bool = True

    def within(self, times: Ints) -> tuple[int, int]:
        """The first of these ascending times to be sent, and the first no longer to be."""
        start = 0 if self.since_ms is None else int(np.searchsorted(times, self.since_ms))
        stop = len(times) if self.until_ms is None else int(np.searchsorted(times, self.until_ms))
        return start, max(start, stop)


def prepared(
    lines: SortedLines, choices: Choices, sender: Sender, tails: Ints, now_ms: int
) -> Iterator[Outgoing]:
    """All that is to be sent, and what is left out; `tails` is what the partitions have."""
    preparing = _Preparing(choices, sender, tails, now_ms)
    rows_gone_by = 0
    for batch in lines:
        start, stop = choices.within(instants(batch))
        rows = np.arange(rows_gone_by + start, rows_gone_by + stop)
        rows_gone_by += batch.num_rows
        outside = batch.num_rows - len(rows)
        over = stop < batch.num_rows
        if over:
            outside += lines.survey.rows - rows_gone_by
        yield preparing.batch(batch.slice(start, stop - start), rows, outside)
        if over:
            break
    yield from preparing.end()


class _Preparing:
    def __init__(self, choices: Choices, sender: Sender, tails: Ints, now_ms: int) -> None:
        self._choices, self._sender, self._tails = choices, sender, tails
        self._identifier = Identifier()
        self._midnights = Midnights(now_ms + AHEAD_AT_MOST_MS)
        self._last_row = -1

    def batch(self, lines: pa.RecordBatch, rows: Ints, outside: int) -> Outgoing:
        if len(rows) == 0:
            return nothing(LeftOut(outside=outside))
        lines, rows, repeated = self._identified(lines, rows)
        self._last_row = int(rows[-1])
        passed = self._midnights.passed(instants(lines)) if self._choices.ticks else []
        # What every partition has is not even encoded; what only some have, `after` finds.
        there = int(np.searchsorted(place_of_row(rows), self._tails.min(), side="right"))
        left_out = LeftOut(outside, repeated, there)
        if there == len(rows):
            return nothing(left_out)
        ticks = [tick._replace(line=tick.line - there) for tick in passed if tick.line >= there]
        sent = outgoing(lines.slice(there), rows[there:], ticks, self._sender)
        return sent.leaving_out(left_out).after(self._tails)

    def end(self) -> Iterator[Outgoing]:
        """Event time has come as far as the last line, on every partition."""
        if self._midnights.come_to_ms is not None:
            tick = (self._last_row + 1, END_OF_REPLAY, self._midnights.come_to_ms)
            yield tick_for_all(*tick, self._sender).after(self._tails)

    def _identified(self, lines: pa.RecordBatch, rows: Ints) -> tuple[pa.RecordBatch, Ints, int]:
        lines, repeats = self._identifier.identified(lines)
        repeated = int(np.count_nonzero(repeats))
        if not self._choices.drop_duplicates or not repeated:
            return lines, rows, 0
        return lines.filter(pa.array(~repeats)), rows[~repeats], repeated
