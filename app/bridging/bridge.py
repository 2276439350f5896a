"""A bridge at work: takes over from the one before it, and lets across what is due.

Apart from the command, because tests kill it at every step.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.bridging.aligned import NEVER
from app.bridging.crossing import Crossed, cross
from app.bridging.intake import Intake
from app.bridging.knowing import require_same
from app.bridging.standing import Standing, Standings, standing_topic
from stream.log.closing import ClosingMixin
from stream.log.known import LastRead

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from app.bridging.aligned import Crossing
    from app.bridging.mapping import Mapper
    from app.bridging.rules import Begin, Clock, Rules
    from stream.log.seam import Log
    from stream.topics import Topics

MOST_AT_ONCE = 20_000
"""Lines in one transaction, about."""


@dataclass(slots=True)
class Step:
    """What became of the records of one turn."""

    crossed: Crossed = field(default_factory=Crossed)
    lost: dict[int, int] = field(default_factory=dict)
    """Records that the source forgot before they were read, by partition."""


class Bridge(ClosingMixin):
    """From `topic` of one log to the transactions of another. Made, it has the bridge's name."""

    def __init__(
        self,
        source: Log,
        topic: str,
        target: Log,
        topics: Topics,
        mapper: Mapper,
        rules: Rules,
        clock: Clock,
    ) -> None:
        """Takes over where the one before it stood.

        1. The name: whoever had it commits nothing any more.
        2. How far that one had come.
        3. Whether the source is still the one that was read.
        4. Where the partitions begin that were never read; kept at once, an end moves on.
        """
        self._source, self._topic, self._topics = source, topic, topics
        self._rules, self._clock = rules, clock
        own = standing_topic(topics, rules.name).name
        self._producer = target.producer(own)  # 1
        try:
            self._standings = Standings(target, own)
            before = self._standings.last()  # 2
            if before is not None:
                require_same(source, topic, before, rules.name)  # 3
            self._standing = self._begun(before)  # 4
            self._intake = Intake(source, topic, self._standing.positions, mapper, rules, clock)
        except BaseException:
            self._producer.close()
            raise

    @property
    def standing(self) -> Standing:
        """What is committed."""
        return self._standing

    @property
    def held(self) -> int:
        """How many lines wait for slower partitions, about."""
        return self._intake.held

    @property
    def ends(self) -> Mapping[int, int]:
        """Where the source's partitions ended a moment ago."""
        return self._intake.ends

    def behind(self) -> dict[int, int]:
        """How many offsets of each partition are not across."""
        at = self._across()
        return {part: max(end - at[part], 0) for part, end in self.ends.items()}

    def is_past(self, ends: Mapping[int, int]) -> bool:
        """Whether all up to these ends is across, or was left out."""
        at = self._across()
        return all(at[part] >= end for part, end in ends.items())

    def step(self, wait_seconds: float) -> Step:
        """Reads what comes, for as long as a commit gathers it, and lets across what is due."""
        step = Step()
        for share in _shares(self._intake.take(wait_seconds)):
            step.crossed += self._commit(share)
        step.lost, self._intake.lost = self._intake.lost, {}
        return step

    def close(self) -> None:
        self._intake.close()
        self._producer.close()

    def _begun(self, before: Standing | None) -> Standing:
        """A partition that came later begins at its start: all of it is new."""
        old = before or Standing(f"{self._source.name}/{self._topic}", {})
        begin = self._rules.begin if before is None else "start"
        first = self._beginnings(begin)
        new = {part: at for part, at in first.items() if part not in old.positions}
        standing = Standing(old.source, old.positions | new, old.seen, old.event_ms)
        if new:
            with self._producer.transaction() as transaction:
                self._standings.write(transaction, standing, self._clock.now_ms())
        return standing

    def _beginnings(self, begin: Begin) -> dict[int, int]:
        if isinstance(begin, int):
            return self._source.positions_at(self._topic, begin)
        bounds = self._source.bounds(self._topic)
        return {part: getattr(at, begin) for part, at in bounds.items()}

    def _across(self) -> dict[int, int]:
        return self._standing.positions | self._intake.positions()

    def _commit(self, crossings: Sequence[Crossing]) -> Crossed:
        """What came across, what is refused, and how far that is: together, or not at all."""
        now_ms, before = self._clock.now_ms(), self._standing
        with self._producer.transaction() as transaction:
            place = (transaction, self._topics, self._topic)
            ticks = self._rules.ticks
            crossed = cross(*place, crossings, before.event_ms, now_ms, ticks=ticks)
            moved = _moved(before, crossings)
            self._standings.write(transaction, moved, now_ms)
        self._standing = moved
        self._standings.committed()
        return crossed


def _moved(before: Standing, crossings: Sequence[Crossing]) -> Standing:
    positions, seen = dict(before.positions), dict(before.seen)
    last = {crossing.partition: crossing for crossing in crossings}
    for part, crossing in last.items():
        positions[part] = crossing.next_offset
        seen[part] = LastRead.of(crossing.offset, crossing.record)
    reached = max(crossings[-1].reached_ms, NEVER if before.event_ms is None else before.event_ms)
    return Standing(before.source, positions, seen, None if reached == NEVER else reached)


def _shares(crossings: Sequence[Crossing]) -> Iterator[Sequence[Crossing]]:
    """Each with about as much as a transaction takes."""
    begin = weight = 0
    for end, crossing in enumerate(crossings, 1):
        weight += crossing.weight
        if weight >= MOST_AT_ONCE:
            yield crossings[begin:end]
            begin, weight = end, 0
    if begin < len(crossings):
        yield crossings[begin:]
