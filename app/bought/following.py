"""All partitions of the transactions, from about an instant on.

A record's timestamp is at most `future_hours` before what it says happened, so the log can be
asked where that instant begins; where it is a replay's, that is its very beginning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.bought.lines import Followed

if TYPE_CHECKING:
    from stream.log.seam import Log
    from stream.settings import Settings
    from stream.topics import Topics


def followed_since(
    log: Log, topics: Topics, settings: Settings, since_ms: int
) -> tuple[Followed, ...]:
    """Each partition, at the first record that can be of something since then."""
    future_ms = settings.profiles.bounds(settings.consume.grace_ms).future_ms
    topic = topics.transactions
    positions = log.positions_at(topic, max(since_ms - future_ms, 0))
    return tuple(
        Followed(log, topic, partition, position, settings)
        for partition, position in sorted(positions.items())
    )
