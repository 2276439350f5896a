"""The records of a replay, cut after each midnight at which there may be a snapshot.

They are the very records that a replay sends, ticks included, made by the same code.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from producers.replaying.ahead import made_ahead
from producers.replaying.outgoing import LeftOut
from producers.replaying.prepared import prepared
from producers.replaying.replay import Plan
from producers.replaying.tail import NOTHING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from producers.replaying.outgoing import Outgoing
    from producers.replaying.prepared import Choices
    from producers.replaying.sort import SortedLines
    from stream.cadence import EventCadence
    from stream.log.batch import Ints, Records


@dataclass(frozen=True, slots=True)
class Piece:
    """What comes up to a midnight, or as much as was made at once."""

    shares: tuple[tuple[int, Records], ...]
    """Each partition's, in order."""

    rows: int
    """How many of all of them are transactions."""

    midnight_ms: int | None
    """The midnight that this ends with on every partition; None where it ends anywhere."""

    left_out: LeftOut


@contextmanager
def pieces(
    lines: SortedLines,
    choices: Choices,
    partitions: int,
    cadences: Collection[EventCadence],
    sent_ms: int,
) -> Iterator[Iterator[Piece]]:
    """All of it, made ahead on a thread of its own; every record has the timestamp `sent_ms`."""
    sender = Plan("", choices).sender(lines, partitions)
    nothing_there = np.full(partitions, NOTHING)
    making = prepared(lines, choices, sender, nothing_there, sent_ms)
    cut = (piece for batch in making for piece in _cut(batch, cadences, sent_ms))
    with made_ahead(cut) as found:
        yield found


def _cut(batch: Outgoing, cadences: Collection[EventCadence], sent_ms: int) -> Iterator[Piece]:
    begin, left_out = 0, batch.left_out
    for end in _ends(batch, cadences):
        if end > begin:
            yield _piece(batch, begin, end, int(batch.event_ms[end - 1]), left_out, sent_ms)
            begin, left_out = end, LeftOut()
    if begin < len(batch) or any(left_out):
        yield _piece(batch, begin, len(batch), None, left_out, sent_ms)


def _ends(batch: Outgoing, cadences: Collection[EventCadence]) -> list[int]:
    """Past the last partition's tick of each midnight that some cadence has."""
    ticks = np.flatnonzero(~batch.is_row)
    times = batch.event_ms[ticks]
    last_of_its_time = np.append(np.diff(times) != 0, [True] if len(ticks) else [])
    ends: Ints = ticks[last_of_its_time.astype(np.bool_)] + 1
    return [
        end
        for end in ends.tolist()
        if any(cadence.is_due(int(batch.event_ms[end - 1])) for cadence in cadences)
    ]


def _piece(
    batch: Outgoing, begin: int, end: int, midnight_ms: int | None, left_out: LeftOut, sent_ms: int
) -> Piece:
    return Piece(
        tuple(batch.by_partition(begin, end, sent_ms)) if end > begin else (),
        int(np.count_nonzero(batch.is_row[begin:end])),
        midnight_ms,
        left_out,
    )
