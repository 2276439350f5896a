"""How a bridge gathers and holds, and how it reaches the cluster that it reads from."""

from typing import Annotated

from pydantic import Field

from stream.settings.kafka import KafkaSettings
from stream.settings.section import Section


class BridgeSettings(Section):
    """What `shoal bridge` goes by."""

    commit_ms: Annotated[int, Field(ge=1, le=60_000)] = 100
    """How long what was read waits at most for its transaction."""

    most_held: Annotated[int, Field(ge=1_000, le=10_000_000)] = 100_000
    """About how many lines may wait until slower partitions have come as far in event time: it
    bounds memory, at about 1 kB a line."""


class BridgeKafkaSettings(KafkaSettings):
    """As `kafka`, for the cluster that is bridged from. Without it, `kafka` holds for both."""
