"""Whether a source is still the topic that a bridge has read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stream.errors import TopicsDiffer
from stream.log.known import made_anew

if TYPE_CHECKING:
    from app.bridging.standing import Standing
    from stream.log.seam import Log


def require_same(log: Log, topic: str, standing: Standing, name: str) -> None:
    """`TopicsDiffer` where it was made anew."""
    partition = made_anew(log, topic, standing.positions, standing.seen)
    if partition is not None:
        raise TopicsDiffer(
            f"{topic}[{partition}] has other records than the bridge {name} has read: it was made "
            "anew, or --from names another cluster than before. Begin a new bridge with another "
            "--name."
        )
