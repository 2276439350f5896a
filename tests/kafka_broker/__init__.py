"""A real Kafka broker for tests and benchmarks, wherever one can be had."""

from tests.kafka_broker.find import (
    Broker,
    NamedBroker,
    NoBroker,
    has_java,
    running_broker,
    stoppable_broker,
)

__all__ = [
    "Broker",
    "NamedBroker",
    "NoBroker",
    "has_java",
    "running_broker",
    "stoppable_broker",
]
