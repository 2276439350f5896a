"""On Kafka the end of a reading may lie behind a commit mark: nothing is waited for there."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from stream.blocks.reading import restore
from stream.log.batch import Record, Records
from stream.log.open import open_log
from stream.log.seam import TopicSpec
from tests.stream.blocks.live import Live, assert_same, chain
from tests.stream.blocks.written import PARTITION, WRITTEN_MS
from tests.waiting import until

if TYPE_CHECKING:
    from stream.log.seam import Log, Producer
    from tests.kafka_broker import Broker


def test_an_end_behind_a_mark_is_reached_though_more_was_written_since(broker: Broker) -> None:
    topic = f"profiles-{uuid.uuid4().hex[:8]}"
    live = Live()
    with open_log(f"kafka://{broker.bootstrap}") as log, log.producer(f"{topic}-p") as producer:
        log.create_topics([TopicSpec(topic, PARTITION + 1, {"retention.ms": "-1"})])
        end = commit_one_more(live, log, producer, topic)
        restored = restore(log, topic, PARTITION, end, chain())
        assert restored is not None
        assert_same(live, restored)
        commit_one_more(live, log, producer, topic)
        again = restore(log, topic, PARTITION, end, chain())
        assert again is not None
        assert again.head.sequence == 1


def commit_one_more(live: Live, log: Log, producer: Producer, topic: str) -> int:
    """A block in a transaction of its own; gives the end behind its mark."""
    number = live.sequence + 1
    live.fold([{"customer": number, "order": number, "event": number}])
    values, first = live.block(), log.bounds(topic)[PARTITION].end
    with producer.transaction() as transaction:
        records = Records.of([Record(None, value, WRITTEN_MS) for value in values])
        transaction.append(topic, PARTITION, records)
    end = first + len(values) + 1
    until(lambda: log.bounds(topic)[PARTITION].end == end, "the mark")
    return end
