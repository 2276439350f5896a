"""A merged stream spread over the partitions of the new prefix."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from app.rebuilding.merge import NEVER
from stream.contracts.commands import Promote, Tick
from stream.contracts.instant import milliseconds
from stream.log.partitioning import partitions_of

if TYPE_CHECKING:
    from app.rebuilding.merge import Stretch
    from stream.log.batch import Records
    from stream.log.seam import Writer
    from stream.profile.layout import Ints

RECORDS, TICKS, PROMOTIONS = "records", "ticks", "promotions left out"


class Spreading:
    """Sends each record where its key belongs, and each tick everywhere, once."""

    def __init__(self, writer: Writer, topic: str, partitions: int) -> None:
        self._writer, self._topic, self._partitions = writer, topic, partitions
        self._ticked_ms = NEVER
        self.account: Counter[str] = Counter()

    def send(self, stretch: Stretch) -> None:
        """In order; a record that is no message of ours goes by its key, too."""
        first, last = int(stretch.rows[0]), int(stretch.rows[-1])
        begin = first
        for row in sorted(row for row in stretch.piece.others if first <= row <= last):
            other = stretch.piece.others[row]
            if not isinstance(other, (Tick, Promote)):
                continue
            self._send_lines(stretch.piece.records, np.arange(begin, row))
            if isinstance(other, Tick):
                self._tick(stretch.piece.records, row, milliseconds(other.instant))
            else:  # models belong to the prefix that they were fitted in
                self.account[PROMOTIONS] += 1
            begin = row + 1
        self._send_lines(stretch.piece.records, np.arange(begin, last + 1))

    def _send_lines(self, records: Records, rows: Ints) -> None:
        if not len(rows):
            return
        chosen = records.take(rows)
        there = partitions_of(chosen, self._partitions)
        for partition in np.unique(there).tolist():
            self._writer.append(
                self._topic, partition, chosen.take(np.flatnonzero(there == partition))
            )
        self.account[RECORDS] += len(rows)

    def _tick(self, records: Records, row: int, instant_ms: int) -> None:
        """Each old partition had the same ticks: the first of them stands for all."""
        if instant_ms <= self._ticked_ms:
            return
        self._ticked_ms = instant_ms
        for partition in range(self._partitions):
            self._writer.append(self._topic, partition, records.slice(row, row + 1))
        self.account[TICKS] += 1
