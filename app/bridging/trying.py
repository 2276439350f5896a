"""A bridge that writes nothing: reads what is there, and says what would become of it.

For whoever writes a mapping: what it makes of the first record, what it can't read and why, and
how far event time is from being sorted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.bridging.crossing import Crossed, cross
from app.bridging.intake import Intake
from stream.contracts.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.bridging.aligned import Crossing
    from app.bridging.mapping import Mapper
    from app.bridging.rules import Clock, Rules
    from stream.log.batch import Records
    from stream.log.seam import Log, Membership
    from stream.topics import Topics

POLL_SECONDS = 0.5


@dataclass(slots=True)
class Tried:
    """What would become of it."""

    crossed: Crossed = field(default_factory=Crossed)
    first_line: bytes | None = None
    details: dict[str, str] = field(default_factory=dict)
    """The first refusal of each reason."""

    def add(self, crossings: Sequence[Crossing], crossed: Crossed) -> None:
        self.crossed += crossed
        for crossing in crossings:
            mapped = crossing.mapped
            if isinstance(mapped, Refused):
                place = f"[{crossing.partition}] at {crossing.offset}"
                self.details.setdefault(str(mapped.reason), f"{place}: {mapped.detail}")
            elif isinstance(mapped, list) and self.first_line is None:
                self.first_line = mapped[0].value


class Nowhere:
    """A transaction that is forgotten."""

    def append(self, topic: str, partition: int, records: Records) -> None: ...
    def advance(self, membership: Membership, positions: Mapping[int, int]) -> None: ...


def tried(
    log: Log, topic: str, topics: Topics, mapper: Mapper, rules: Rules, clock: Clock
) -> Tried:
    """Everything that is on the topic now, from its beginning on."""
    bounds = log.bounds(topic)
    starts = {part: at.start for part, at in bounds.items()}
    intake = Intake(log, topic, starts, mapper, rules, clock)
    found = Tried()
    try:
        while any(intake.positions().get(part, -1) < at.end for part, at in bounds.items()):
            due = intake.take(POLL_SECONDS)
            place, event_ms = (Nowhere(), topics, topic), found.crossed.last_ms
            found.add(due, cross(*place, due, event_ms, clock.now_ms(), ticks=False))
    finally:
        intake.close()
    return found
