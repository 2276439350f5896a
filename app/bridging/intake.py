"""The source's side of a bridge: reads partitions side by side, maps, and says what is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.bridging.aligned import Aligned, Crossing
from app.bridging.mapping import Origin
from stream.errors import LogError, PositionOutOfRange

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.bridging.mapping import Mapper
    from app.bridging.rules import Clock, Rules
    from stream.log.batch import RecordBatch
    from stream.log.seam import Log, Reader

ENDS_EVERY_SECONDS = 1.0


class Intake:
    """Reads from these positions on. What is held is bounded: who is far ahead is not read on."""

    def __init__(
        self,
        log: Log,
        topic: str,
        positions: Mapping[int, int],
        mapper: Mapper,
        rules: Rules,
        clock: Clock,
    ) -> None:
        self._log, self._topic, self._mapper = log, topic, mapper
        self._rules, self._clock = rules, clock
        self._next = dict(positions)
        self._aligned = Aligned(self._next)
        self.ends: dict[int, int] = {}
        """Where partitions end, as was seen a second ago at most."""
        self.lost: dict[int, int] = {}
        """Records that the source forgot before they were read, by partition."""
        self._look_at_ends()
        self._reader = self._read(frozenset(self._next))

    @property
    def held(self) -> int:
        return self._aligned.held

    def positions(self) -> dict[int, int]:
        """Where reading goes on, for partitions of which nothing is held."""
        return {part: self._next[part] for part in self._aligned.empty()}

    def take(self, wait_seconds: float) -> list[Crossing]:
        """What is due, by event time: of what came within a commit's time, and was held."""
        self._gather(wait_seconds)
        if self._clock.seconds() - self._ends_at >= ENDS_EVERY_SECONDS:
            self._look_at_ends()
        self._move_past_marks()
        behind = [part for part, end in self.ends.items() if self._next[part] < end]
        ready = self._aligned.ready(behind, self._clock.seconds())
        self._choose_partitions()
        return ready

    def close(self) -> None:
        self._reader.close()

    def _gather(self, wait_seconds: float) -> None:
        """Not by what is held in all: then nobody would read on what it waits for."""
        until, most = None, self._aligned.held + self._rules.most_held
        while self._aligned.held < most:
            seconds = wait_seconds if until is None else until - self._clock.seconds()
            if seconds < 0:
                return
            batches = self._poll(seconds)
            if not batches and until is None:
                return
            until = until or self._clock.seconds() + self._rules.commit_seconds
            for batch in batches:
                self._add(batch)

    def _poll(self, seconds: float) -> list[RecordBatch]:
        try:
            return self._reader.poll(seconds)
        except PositionOutOfRange as gone:
            if gone.position > gone.start or not self._rules.skip_lost:
                raise _lost(gone, self._rules.name) from gone
            self.lost[gone.partition] = gone.start - gone.position
            self._next[gone.partition] = gone.start
            self._reopen(self._reading)
            return []

    def _add(self, batch: RecordBatch) -> None:
        for crossing in self._crossings(batch):
            self._aligned.add(crossing, self._clock.seconds())
        self._next[batch.partition] = batch.next_offset

    def _crossings(self, batch: RecordBatch) -> Iterator[Crossing]:
        """A record that its own log has from the future is taken for written now."""
        reached, part = self._aligned.reached(batch.partition), batch.partition
        now_ms = self._clock.now_ms()
        offsets = batch.offsets.tolist()
        following = [*offsets[1:], batch.next_offset]
        for offset, after, record in zip(offsets, following, batch.records, strict=True):
            written_ms = min(record.timestamp, now_ms) if record.timestamp > 0 else now_ms
            origin = Origin(self._topic, part, offset, written_ms)
            mapped = self._mapper.lines(record.value, origin)
            if isinstance(mapped, list):
                reached = max(reached, *(line.at_ms for line in mapped))
            yield Crossing(part, offset, after, record, mapped, reached)

    def _move_past_marks(self) -> None:
        """Behind the last record there may be marks that are none: read, and nothing to commit."""
        for part, at in self._reader.positions().items():
            self._next[part] = max(self._next[part], at)

    def _look_at_ends(self) -> None:
        bounds = self._log.bounds(self._topic)
        self.ends = {part: at.end for part, at in bounds.items() if part in self._next}
        self._ends_at = self._clock.seconds()

    def _choose_partitions(self) -> None:
        """Where much is held, only what it waits for is read on."""
        most, wanted = self._rules.most_held, self._reading
        if self._aligned.held > most:
            wanted = self._aligned.empty()
        elif self._aligned.held <= most // 2:
            wanted = frozenset(self._next)
        if wanted != self._reading:
            self._reopen(wanted)

    def _reopen(self, partitions: frozenset[int]) -> None:
        self._reader.close()
        self._reader = self._read(partitions)

    def _read(self, partitions: frozenset[int]) -> Reader:
        self._reading = partitions
        self._aligned.read(partitions, self._clock.seconds())
        return self._log.reader(self._topic, {part: self._next[part] for part in partitions})


def _lost(gone: PositionOutOfRange, name: str) -> LogError:
    if gone.position < gone.start:
        return LogError(
            f"{gone.topic}[{gone.partition}] begins at {gone.start} now, and the bridge {name} has "
            f"come to {gone.position}: the records between were forgotten before it read them. "
            "Give --skip-lost to go on without them, and keep that topic for longer."
        )
    return LogError(
        f"{gone.topic}[{gone.partition}] ends at {gone.end}, and the bridge {name} has come to "
        f"{gone.position}: the topic was made anew. Begin a new bridge with another --name."
    )
