"""What only a real broker can show: replays that die with batches in flight."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from producers.replaying.replay import Plan, replay
from stream.log.kafka import KafkaLog
from stream.log.seam import TopicSpec
from tests.producers.replays import (
    Cut,
    CutLog,
    JumpingClock,
    everything,
    log_with_topic,
    some_days,
    without_clock,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.kafka_broker import Broker

PARTITIONS = 3


@pytest.fixture
def kafka(broker: Broker) -> Iterator[KafkaLog]:
    with KafkaLog([broker.bootstrap], {}) as log:
        yield log


@pytest.fixture
def topic(kafka: KafkaLog) -> str:
    name = f"replayed-{uuid.uuid4().hex[:8]}"
    kafka.create_topics([TopicSpec(name, PARTITIONS, {"retention.ms": "-1"})])
    return name


def test_kafka_gets_the_same_records_as_the_embedded_log(
    kafka: KafkaLog, topic: str, tmp_path: Path
) -> None:
    with log_with_topic(tmp_path / "log.db", PARTITIONS) as embedded:
        with some_days() as lines:
            replay(lines, embedded, Plan("transactions"), JumpingClock())
        with some_days() as lines:
            account = replay(lines, kafka, Plan(topic), JumpingClock())
        assert account.not_sent == 0
        assert without_clock(everything(kafka, topic)) == without_clock(everything(embedded))


def test_a_replay_to_kafka_goes_on_exactly_where_it_was_cut_off(
    kafka: KafkaLog, topic: str, tmp_path: Path
) -> None:
    plan = Plan(topic, resume=True)
    for left in ({0: 0, 1: 5, 2: 9}, {0: 40, 1: 2, 2: 0}):
        with some_days() as lines, pytest.raises(Cut):
            replay(lines, CutLog(kafka, left), plan, JumpingClock())
    with some_days() as lines:
        replay(lines, kafka, plan, JumpingClock())
    with log_with_topic(tmp_path / "log.db", PARTITIONS) as embedded, some_days() as lines:
        replay(lines, embedded, replace(plan, topic="transactions"), JumpingClock())
        assert without_clock(everything(kafka, topic)) == without_clock(everything(embedded))
