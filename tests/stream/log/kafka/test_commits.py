"""A commit that kafka-python reports, and that did not happen, is found out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from kafka import TopicPartition, errors
from kafka.net.compat import KafkaNetClient
from kafka.producer.record_accumulator import RecordAccumulator

from stream.errors import CommitFailed, LogError
from stream.log.batch import Record, Records
from stream.log.kafka import KafkaLog
from stream.log.kafka.whole import WholeBatches, _producer_batch
from tests.stream.log.kafka.conftest import OPTIONS
from tests.stream.log.kafka.test_whole_batches import read_all

if TYPE_CHECKING:
    from stream.log.kafka.way import Way
    from tests.kafka_broker import Broker

ONE = Records.of([Record(b"k", b"v", 5)])


def answered(producer: Any, error: type[Exception], times: int) -> None:
    """The broker's next answers to sent batches are this error."""
    sender, left = producer._sender, [times]
    complete = sender._complete_batch

    def instead(batch: Any, response: Any) -> None:
        if left[0] > 0:
            left[0] -= 1
            response.error_code = error.errno  # type: ignore[attr-defined]
        complete(batch, response)

    sender._complete_batch = instead


def test_an_out_of_order_answer_fails_the_commit(broker: Broker, topic: str) -> None:
    with KafkaLog([broker.bootstrap], OPTIONS, WholeBatches()) as log:
        producer = log.producer(f"{topic}-p")
        answered(producer._producer, errors.OutOfOrderSequenceNumberError, 1)
        with pytest.raises(CommitFailed), producer.transaction() as transaction:
            transaction.append(topic, 0, ONE)
        with pytest.raises(CommitFailed), producer.transaction():
            pass
        producer.close()
        assert read_all(log, topic) == []


def test_a_new_epoch_during_the_commit_fails_it(broker: Broker, topic: str) -> None:
    """Seen alone: the batch was answered well, and only the producer is another one."""
    with KafkaLog([broker.bootstrap], OPTIONS, WholeBatches()) as log:
        producer = log.producer(f"{topic}-p")
        client = producer._producer
        commit = client.commit_transaction

        def bumped() -> None:
            commit()
            client._transaction_manager.producer_id_and_epoch.epoch += 1

        client.commit_transaction = bumped
        with pytest.raises(CommitFailed, match="epoch"), producer.transaction() as transaction:
            transaction.append(topic, 0, ONE)
        producer.close()


def test_a_batch_that_never_arrived_fails_the_commit(broker: Broker, topic: str) -> None:
    with KafkaLog([broker.bootstrap], OPTIONS, WholeBatches()) as log:
        producer = log.producer(f"{topic}-p")
        answered(producer._producer, errors.InvalidRecordError, 1)
        with pytest.raises(CommitFailed), producer.transaction() as transaction:
            transaction.append(topic, 0, ONE)
            transaction.append(topic, 0, ONE)
        producer.close()
        assert read_all(log, topic) == []


def test_nothing_overtakes_a_batch_that_failed(broker: Broker, topic: str) -> None:
    with KafkaLog([broker.bootstrap], OPTIONS, WholeBatches()) as log:
        writer = log.writer()
        answered(writer._producer, errors.InvalidRecordError, 1)
        numbered = [Records.of([Record(b"k", b"%d" % i, i)]) for i in range(50)]
        with pytest.raises(LogError, match="InvalidRecord"):
            for records in numbered:
                writer.append(topic, 0, records)
            writer.flush()
        writer.close()
        # The first was written, though it was answered as failed; nothing came after it.
        assert [record.value for _, record in read_all(log, topic)] in ([], [b"0"])
        assert writer.acknowledged == 0


@pytest.mark.parametrize("gets_through", [0, 1, 2])
def test_a_request_whose_broker_was_away_is_asked_again(
    broker: Broker, topic: str, way: Way, gets_through: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Adding partitions, adding positions' group or ending the transaction: none is forgotten."""
    waited = KafkaNetClient.await_ready
    countdown: list[int] = []

    def away(client: Any, node: object, **limits: Any) -> Any:
        if countdown and str(node).startswith("coordinator"):
            countdown[0] -= 1
            if countdown[0] == -1:
                raise errors.KafkaConnectionError("away for a moment")
        return waited(client, node, **limits)

    monkeypatch.setattr(KafkaNetClient, "await_ready", away)
    with KafkaLog([broker.bootstrap], OPTIONS, way) as log, log.producer(f"{topic}-p") as producer:
        countdown.append(gets_through)
        for value in (b"1", b"2"):
            with producer.transaction() as transaction:
                transaction.append(topic, 0, Records.of([Record(b"k", value, 5)]))
        assert countdown[0] < -1
        assert [record.value for _, record in read_all(log, topic)] == [b"1", b"2"]


def test_what_waits_is_taken_back_and_what_is_on_its_way_is_not() -> None:
    """Nor what was taken out just now for being too old: that has its own answer to come."""
    accumulator = RecordAccumulator()
    producer = type("Producer", (), {"_accumulator": accumulator})
    waiting, old, sent = (
        _producer_batch(accumulator, TopicPartition("t", place), ONE) for place in range(3)
    )
    for batch in (waiting, old, sent):
        accumulator._incomplete.add(batch)
    accumulator._batches[waiting.topic_partition].append(waiting)
    sent.drained = 1.0
    WholeBatches().stop(producer, errors.InvalidRecordError("the one before"))
    assert [batch.is_done for batch in (waiting, old, sent)] == [True, False, False]
    assert not accumulator.has_undrained()
    assert set(accumulator._incomplete.all()) == {old, sent}
