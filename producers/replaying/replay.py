"""Sends sorted lines to a log at their pace, and says what became of each.

The only place where a replay meets clock and log: what is sent comes ready from
`prepared`, made on another thread while this one writes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from producers.replaying.account import Account
from producers.replaying.ahead import made_ahead
from producers.replaying.fingerprint import fingerprint
from producers.replaying.lockstep import first_sent_ms
from producers.replaying.outgoing import LeftOut, Outgoing, Sender
from producers.replaying.pace import TOGETHER_SECONDS, Pace, Schedule
from producers.replaying.prepared import Choices, prepared
from producers.replaying.tail import NOTHING, Tails, tails
from stream.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from producers.replaying.clock import Clock
    from producers.replaying.lockstep import Lockstep
    from producers.replaying.sort import SortedLines
    from stream.log.seam import Log, Writer


@dataclass(frozen=True, slots=True)
class Plan:
    """A replay: into which topic, what of the lines, how fast, from the start or not."""

    topic: str
    choices: Choices = field(default_factory=Choices)
    pace: Pace = field(default_factory=Pace)
    resume: bool = False

    def sender(self, lines: SortedLines, partitions: int) -> Sender:
        """The replay's mark: rows lie elsewhere where there are more partitions."""
        parts = (lines.content, partitions, self.choices.drop_duplicates)
        return Sender(fingerprint(parts), partitions)


class Progress(NamedTuple):
    """How far a replay is. `lines` counts everything dealt with, sent or not."""

    lines: int
    sent: int
    acknowledged: int
    event_ms: int


class Start(NamedTuple):
    """What the topic already had of this replay, and of others near its end."""

    tails: Tails
    goes_on: bool


def replay(
    lines: SortedLines,
    log: Log,
    plan: Plan,
    clock: Clock,
    on_start: Callable[[Start], None] = lambda _: None,
    on_progress: Callable[[Progress], None] = lambda _: None,
    lockstep: Lockstep | None = None,
) -> Account:
    """Sends until all is sent or the clock says stop; what was sent is safe on return."""
    sender = plan.sender(lines, log.partitions(plan.topic))
    start = begin(log, plan, sender)
    on_start(start)
    there = start.tails.places if start.goes_on else np.full(sender.partitions, NOTHING)
    with log.writer() as writer:
        sending = _Sending(writer, plan, clock, lines.survey.rows, on_progress, lockstep)
        if lockstep and start.goes_on:
            sending.goes_on_after = first_sent_ms(lines, plan.choices)
        making = prepared(lines, plan.choices, sender, there, clock.now_ms())
        with made_ahead(making) as batches:
            for batch in batches:
                if sending.send(batch):
                    break
        writer.flush()
        sending.report()
    return sending.account()


def begin(log: Log, plan: Plan, sender: Sender) -> Start:
    """Finds where to go on; refuses to where another replay was the last."""
    found = tails(log, plan.topic, sender.fingerprint, only_near_end=not plan.resume)
    if plan.resume and not found.found and found.others:
        raise SettingsError(
            f"the last replay into {plan.topic} was of other lines (another source, mapping or "
            "time zone), or with another number of partitions or choice of --drop-duplicates: "
            "give the same again, or leave out --resume to start from the beginning."
        )
    return Start(found, goes_on=plan.resume and found.found)


class _Sending:
    def __init__(
        self,
        writer: Writer,
        plan: Plan,
        clock: Clock,
        lines: int,
        on_progress: Callable[[Progress], None],
        lockstep: Lockstep | None,
    ) -> None:
        self._lockstep = lockstep
        self.goes_on_after: int | None = None
        """The first line of all, until it is known what a replay that goes on waited for."""
        self._writer, self._topic, self._clock = writer, plan.topic, clock
        self._on_progress = on_progress
        self._paced = plan.pace.bounded
        self._schedule = Schedule(plan.pace, clock.seconds())
        self._lines = lines
        self._sent = self._ticks = self._event_ms = 0
        self._left_out = LeftOut()

    def send(self, batch: Outgoing) -> bool:
        """Sends the batch as it falls due; true where it was stopped."""
        self._left_out = LeftOut(*map(sum, zip(self._left_out, batch.left_out, strict=True)))
        due = self._schedule.deadlines(batch.event_ms)
        if self._lockstep is None:
            return self._send(batch, 0, len(batch), due) or self._clock.wait(0)
        return self._in_step(batch, due, self._lockstep) or self._clock.wait(0)

    def _in_step(self, batch: Outgoing, due: NDArray[np.float64], lockstep: Lockstep) -> bool:
        """With a wait behind each midnight at which there is a snapshot."""
        if self.goes_on_after is not None and len(batch):
            midnight_ms = lockstep.before(batch, self.goes_on_after)
            self.goes_on_after = None
            if midnight_ms is not None and lockstep.wait_for(midnight_ms):
                return True
        for begin, end, midnight_ms in lockstep.stretches(batch):
            if self._send(batch, begin, end, due):
                return True
            if midnight_ms is not None:
                self._writer.flush()
                self.report()
                if lockstep.wait_for(midnight_ms):
                    return True
        return False

    def _send(self, batch: Outgoing, begin: int, end: int, due: NDArray[np.float64]) -> bool:
        done = begin
        while done < end:
            now = self._clock.seconds()
            ready = min(end, int(np.searchsorted(due, now, side="right"))) if self._paced else end
            if ready > done:
                self._append(batch, done, ready)
                done = ready
            if done < end and self._wait_until(float(due[done])):
                return True
        return False

    def report(self) -> None:
        done = self._sent + sum(self._left_out)
        acknowledged = self._writer.acknowledged
        self._on_progress(Progress(done, self._sent, acknowledged, self._event_ms))

    def account(self) -> Account:
        return Account(self._lines, self._sent, self._ticks, self._left_out)

    def _append(self, batch: Outgoing, start: int, stop: int) -> None:
        for partition, records in batch.by_partition(start, stop, self._clock.now_ms()):
            self._writer.append(self._topic, partition, records)
        rows = int(np.count_nonzero(batch.is_row[start:stop]))
        self._sent += rows
        self._ticks += stop - start - rows
        self._event_ms = int(batch.event_ms[stop - 1])
        self.report()

    def _wait_until(self, due: float) -> bool:
        """Nothing more is due: what was sent shall be there while nothing happens."""
        self._writer.flush()
        return self._clock.wait(max(due - self._clock.seconds(), TOGETHER_SECONDS))
