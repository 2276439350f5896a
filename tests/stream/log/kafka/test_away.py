"""A broker that is not there, and one that goes away and comes back."""

from __future__ import annotations

import time
import uuid

import pytest

from stream.errors import LogUnavailable, SettingsError
from stream.log.batch import Record, Records
from stream.log.kafka import KafkaLog
from stream.log.open import open_log
from stream.log.seam import TopicSpec
from tests.conftest import no_server
from tests.kafka_broker import NoBroker, stoppable_broker
from tests.kafka_broker.config import free_port
from tests.stream.log.kafka.conftest import KEPT, OPTIONS
from tests.waiting import until


def test_an_unreachable_broker_is_named_within_ten_seconds() -> None:
    port, started = free_port(), time.monotonic()
    with pytest.raises(LogUnavailable) as caught:
        open_log(f"kafka://localhost:{port}")
    assert time.monotonic() - started < 10
    assert f"localhost:{port}" in str(caught.value)
    assert "docker compose up kafka" in str(caught.value)


def test_an_option_that_kafka_python_does_not_know_is_named() -> None:
    with pytest.raises(SettingsError, match="flux_capacitor"):
        open_log("kafka://localhost:9092", {"flux_capacitor": True})


def test_a_password_in_the_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(SettingsError, match="sasl_password") as caught:
        open_log("kafka://user:hunter2@localhost:9092")
    assert "hunter2" not in str(caught.value)


def test_writing_and_reading_go_on_when_the_broker_is_back() -> None:
    """With a broker of its own, because it is killed in the middle."""
    try:
        with stoppable_broker() as broker, KafkaLog([broker.bootstrap], OPTIONS) as log:
            topic = f"topic-{uuid.uuid4().hex[:8]}"
            log.create_topics([TopicSpec(topic, 1, KEPT)])
            numbers: list[int] = []
            with log.writer() as writer, log.reader(topic, {0: 0}) as reader:
                for number in range(10):
                    if number == 5:
                        broker.kill()
                    record = Record(b"k", b"%d" % number, number)
                    writer.append(topic, 0, Records.of([record]))
                    if number == 7:
                        broker.start()
                writer.flush()

                def all_read() -> bool:
                    for batch in reader.poll(0.2):
                        numbers.extend(int(record.value or b"") for _, record in batch)
                    return len(numbers) >= 10

                until(all_read, "ten records", seconds=60)
                assert numbers == [*range(10)]
                assert writer.acknowledged == 10
    except NoBroker as reason:
        no_server(reason)
