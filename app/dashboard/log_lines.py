"""Transactions off the log, as many as one looks at: for what no table of the sink has.

A log may hold more than fits anywhere, so what is read is bounded, newest first kept, and every
answer says of how many it is.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stream.contracts.fast import Line, decode_all
from stream.errors import LogUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.wiring import Wiring
    from stream.log.seam import Log

MOST = 50_000
PATIENCE_SECONDS = 20.0
POLL_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Newest:
    """The end of the log."""

    lines: tuple[Line, ...]
    records: int
    """How many records the topic has, commands among them."""

    @property
    def is_whole(self) -> bool:
        """Whether it is all that the log has."""
        return not self.records or len(self.lines) >= self.records


def newest_lines(wiring: Wiring, most: int = MOST) -> Newest:
    """About the newest `most` transactions, each partition's share of them."""
    with wiring.open_existing_log() as log:
        topic = wiring.topics().transactions
        records, first = _begins(log, topic, most)
        lines = tuple(lines_from(log, topic, first, time.monotonic))
    return Newest(lines, max(records, len(lines)))


def lines_from(
    log: Log, topic: str, positions: dict[int, int], seconds: Callable[[], float]
) -> Iterator[Line]:
    """The transactions from these positions to the ends that there are now."""
    ends = {partition: bounds.end for partition, bounds in log.bounds(topic).items()}
    give_up = seconds() + PATIENCE_SECONDS
    with log.reader(topic, positions) as reader:
        while _is_behind(reader.positions(), ends):
            batches = reader.poll(POLL_SECONDS)
            for batch in batches:
                yield from (one for one in decode_all(batch.records) if isinstance(one, Line))
            if batches:
                give_up = seconds() + PATIENCE_SECONDS
            elif seconds() > give_up:
                raise LogUnavailable(
                    f"{log.name} gives no more of {topic}, though it says that there is more: is "
                    "a transaction left open there? Try again in a minute"
                )


def _begins(log: Log, topic: str, most: int) -> tuple[int, dict[int, int]]:
    """How many records there are, and where each partition's newest share begins."""
    bounds = log.bounds(topic)
    share = max(1, most // max(len(bounds), 1))
    begins = {number: max(at.start, at.end - share) for number, at in bounds.items()}
    return sum(at.end - at.start for at in bounds.values()), begins


def _is_behind(positions: dict[int, int], ends: dict[int, int]) -> bool:
    return any(positions.get(number, 0) < end for number, end in ends.items())
