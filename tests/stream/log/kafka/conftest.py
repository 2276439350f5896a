"""A Kafka log on the broker that the whole run shares, and one of its own to be stopped."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

from stream.log.kafka import KafkaLog
from stream.log.kafka.single import SingleRecords
from stream.log.kafka.whole import WholeBatches
from stream.log.seam import TopicSpec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stream.log.kafka.way import Way
    from tests.kafka_broker import Broker

# Dead owners' transactions end soon, and a broker that went away is not waited for long.
OPTIONS: dict[str, object] = {"transaction_timeout_ms": 5_000, "session_timeout_ms": 6_000}

KEPT = {"retention.ms": "-1"}  # whatever a test's timestamps are


@pytest.fixture(params=[WholeBatches, SingleRecords], ids=["whole", "single"])
def way(request: pytest.FixtureRequest) -> Way:
    made: Way = request.param()
    return made


@pytest.fixture
def kafka(broker: Broker, way: Way) -> Iterator[KafkaLog]:
    with KafkaLog([broker.bootstrap], OPTIONS, way) as log:
        yield log


@pytest.fixture
def topic(kafka: KafkaLog) -> str:
    """A topic of one partition."""
    name = f"topic-{uuid.uuid4().hex[:8]}"
    kafka.create_topics([TopicSpec(name, 1, KEPT)])
    return name
