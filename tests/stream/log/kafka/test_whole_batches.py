"""Both ways read what other clients wrote, as they wrote it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import kafka as kafka_python
import pytest
from kafka import KafkaProducer
from kafka.record.default_records import DefaultRecordBatch

from stream.errors import LogError
from stream.log.batch import Record, Records
from stream.log.kafka import KafkaLog, whole
from stream.log.kafka.log import fastest_way
from stream.log.kafka.single import SingleRecords
from stream.log.kafka.whole import WholeBatches
from stream.log.seam import TopicSpec
from tests.stream.log.kafka.conftest import KEPT, OPTIONS
from tests.waiting import until

if TYPE_CHECKING:
    from stream.log.seam import Log
    from tests.kafka_broker import Broker


def read_all(log: Log, topic: str, start: int = 0) -> list[tuple[int, Record]]:
    log.settled_end(topic, 0, timeout=30)
    end = log.bounds(topic)[0].end
    found: list[tuple[int, Record]] = []
    with log.reader(topic, {0: start}) as reader:

        def at_the_end() -> bool:
            found.extend(pair for batch in reader.poll(0.2) for pair in batch)
            return reader.positions()[0] == end

        until(at_the_end, f"the end of {topic}")
    return found


@pytest.mark.parametrize("compression", [None, "gzip", "lz4", "zstd"])
def test_batches_of_a_plain_client_are_read_whatever_their_compression(
    kafka: KafkaLog, topic: str, broker: Broker, compression: str | None
) -> None:
    producer = KafkaProducer(bootstrap_servers=broker.bootstrap, compression_type=compression)
    sent = [Record(b"k%d" % i, b"v" * (i + 1), 1000 + i, (("n", b"%d" % i),)) for i in range(50)]
    for record in sent:
        producer.send(
            topic,
            record.value,
            record.key,
            headers=list(record.headers),
            timestamp_ms=record.timestamp,
        )
    producer.close()
    assert read_all(kafka, topic) == list(enumerate(sent))


def test_what_shoal_compresses_is_read_back(broker: Broker, topic: str) -> None:
    records = Records.of([Record(b"k", b"x" * 1000, 5) for _ in range(100)])
    options = OPTIONS | {"compression_type": "zstd"}
    with KafkaLog([broker.bootstrap], options, WholeBatches()) as log, log.writer() as writer:
        writer.append(topic, 0, records)
        writer.flush()
        assert [record for _, record in read_all(log, topic)] == list(records)


def test_the_brokers_own_time_stands_where_a_topic_asks_for_it(kafka: KafkaLog, topic: str) -> None:
    stamped = f"{topic}-stamped"
    kafka.create_topics([TopicSpec(stamped, 1, KEPT | {"message.timestamp.type": "LogAppendTime"})])
    with kafka.writer() as writer:
        writer.append(stamped, 0, Records.of([Record(b"k", b"v", 5), Record(b"k", b"w", 6)]))
        writer.flush()
    times = {record.timestamp for _, record in read_all(kafka, stamped)}
    assert len(times) == 1
    assert times.pop() > 1_700_000_000_000


def test_one_way_reads_from_anywhere_in_what_the_other_wrote(broker: Broker, topic: str) -> None:
    records = Records.of([Record(b"k", b"%d" % i, i) for i in range(7)])
    for writing, reading in ((WholeBatches(), SingleRecords()), (SingleRecords(), WholeBatches())):
        name = f"{topic}-{type(writing).__name__}"
        with (
            KafkaLog([broker.bootstrap], OPTIONS, writing) as out,
            KafkaLog([broker.bootstrap], OPTIONS, reading) as back,
        ):
            out.create_topics([TopicSpec(name, 1, KEPT)])
            with out.writer() as writer:
                writer.append(name, 0, records)
                writer.flush()
            for start in range(8):
                assert [offset for offset, _ in read_all(back, name, start)] == [*range(start, 7)]


def test_a_batch_that_fails_its_checksum_is_refused(
    kafka: KafkaLog, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with kafka.writer() as writer:
        writer.append(topic, 0, Records.of([Record(b"k", b"v", 5)]))
        writer.flush()
    original = DefaultRecordBatch.__init__

    def flip_a_bit(batch: Any, buffer: Any) -> None:
        spoilt = bytearray(buffer)
        spoilt[-3] ^= 1
        original(batch, spoilt)

    monkeypatch.setattr(DefaultRecordBatch, "__init__", flip_a_bit)
    with kafka.reader(topic, {0: 0}) as reader, pytest.raises(LogError, match=r"checksum|crc"):
        until(lambda: bool(reader.poll(0.5)), "a poll that brings the batch")


def test_the_inside_of_kafka_python_is_as_this_was_written_for() -> None:
    assert whole.misfit() is None


def test_another_kafka_python_is_read_record_by_record_with_a_warning(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(kafka_python, "__version__", "4.0.0")
    with pytest.warns(UserWarning, match=r"4\.0\.0"):
        assert isinstance(fastest_way(), SingleRecords)
