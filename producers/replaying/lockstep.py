"""A replay in step with snapshots: at each midnight of theirs it waits until theirs is published.

Then the model that a snapshot publishes lies in front of everything that comes after its
midnight, as it does in a backtest, and the same source gives the same result.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from producers.replaying.survey import instants
from producers.replaying.ticks import AHEAD_AT_MOST_MS
from stream.contracts.drift import DriftReport
from stream.contracts.instant import milliseconds
from stream.errors import InvalidMessage
from stream.log.closing import ClosingMixin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from producers.replaying.clock import Clock
    from producers.replaying.outgoing import Outgoing
    from producers.replaying.prepared import Choices
    from producers.replaying.sort import SortedLines
    from stream.cadence import EventCadence
    from stream.log.batch import Record
    from stream.log.seam import Log

POLL_SECONDS = 0.05
PATIENT_SECONDS = 10.0
"""After so long somebody should know what is waited for."""


class Stretch(NamedTuple):
    """Some of a batch, sent without waiting."""

    begin: int
    end: int
    midnight_ms: int | None
    """The midnight whose snapshot is waited for behind it."""


class Lockstep(ClosingMixin):
    """Knows where to wait, and how far snapshots are by their reports on `drift`."""

    def __init__(
        self,
        log: Log,
        drift: str,
        cadence: EventCadence,
        clock: Clock,
        on_waiting: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._cadence, self._clock, self._on_waiting = cadence, clock, on_waiting
        self._reader = log.reader(drift, {0: log.bounds(drift)[0].start})
        self._done_ms = -1

    def stretches(self, batch: Outgoing) -> Iterator[Stretch]:
        """Cut behind the last partition's tick of each midnight that is waited at."""
        begin = 0
        for end in self._ends(batch):
            yield Stretch(begin, end, int(batch.event_ms[end - 1]))
            begin = end
        if begin < len(batch):
            yield Stretch(begin, len(batch), None)

    def before(self, batch: Outgoing, first_ms: int) -> int | None:
        """The midnight that a replay which goes on with this batch may have been waiting at;
        `first_ms` is the first line of all."""
        if not len(batch) or batch.event_ms[0] > self._clock.now_ms() + AHEAD_AT_MOST_MS:
            return None
        at_ms = int(batch.event_ms[0]) - (not batch.is_row[0])  # a tick comes before the wait
        midnight_ms = self._cadence.last_due(at_ms)
        return midnight_ms if midnight_ms > first_ms else None

    def wait_for(self, midnight_ms: int) -> bool:
        """Until there is a report of that midnight or a later one; true where somebody wants the
        replay to stop."""
        began, told = self._clock.seconds(), False
        while self._done_ms < midnight_ms:
            for batch in self._reader.poll(POLL_SECONDS):
                for _, record in batch:
                    self._done_ms = max(self._done_ms, _instant_ms(record))
            if self._clock.wait(0):
                return True
            if not told and self._clock.seconds() - began > PATIENT_SECONDS:
                self._on_waiting(midnight_ms)
                told = True
        return False

    def close(self) -> None:
        self._reader.close()

    def _ends(self, batch: Outgoing) -> list[int]:
        ticks = np.flatnonzero(~batch.is_row)
        times = batch.event_ms[ticks]
        is_last = np.append(np.diff(times) != 0, np.ones(min(len(ticks), 1), np.bool_))
        due = is_last & (times % self._cadence.every_ms == 0)
        ends: list[int] = (ticks[due] + 1).tolist()
        return ends


def first_sent_ms(lines: SortedLines, choices: Choices) -> int | None:
    """When the first line that is sent happened."""
    for batch in lines:
        times = instants(batch)
        start, stop = choices.within(times)
        if stop > start:
            return int(times[start])
    return None


def _instant_ms(record: Record) -> int:
    try:
        return milliseconds(DriftReport.from_json(record.value).instant)
    except InvalidMessage:
        return -1
