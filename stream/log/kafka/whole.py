"""The fast way: kafka-python hands over and takes whole record batches.

Its cost is one Python object a record, so this leans on its inside at the two places
where batches become records and back. Everything that leans on it is here, and
`misfit` checks that the inside still has the shape this was written for.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import kafka
import numpy as np
from kafka import TopicPartition, errors
from kafka.consumer.fetcher import Fetcher, IsolationLevel
from kafka.net.manager import KafkaConnectionManager
from kafka.net.transport import KafkaTCPTransport
from kafka.producer.future import FutureRecordMetadata
from kafka.producer.kafka import KafkaProducer
from kafka.producer.producer_batch import ProducerBatch
from kafka.producer.record_accumulator import RecordAccumulator
from kafka.protocol.frame import KafkaBytes
from kafka.protocol.parser import KafkaProtocol
from kafka.record.default_records import DefaultRecordBatch, DefaultRecordBatchBuilder
from kafka.record.memory_records import MemoryRecordsBuilder

from stream.log.batch import Record, RecordBatch, Records
from stream.log.codec import CorruptRecords, decode_records, encode_records
from stream.log.kafka.receiving import receive_in_place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from stream.log.kafka.way import Done

WRITTEN_FOR = "3.0."


class WholeBatches:
    """Batch by batch, through the fetcher and the accumulator."""

    consumer_options: Mapping[str, object] = {"max_poll_records": 512}  # these are batches
    producer_options: Mapping[str, object] = {"linger_ms": 0}

    def prepare_consumer(self, consumer: Any) -> None:
        consumer._fetcher.PartitionRecords = FetchedBatches
        receive_in_place(consumer._manager)

    def prepare_producer(self, producer: Any) -> None:
        # A batch that the broker finds too large fails: its one future can't follow two halves.
        producer._sender._can_split = lambda *_: False

    def batches(self, polled: Mapping[Any, list[Any]]) -> list[RecordBatch]:
        return [fetched.batch for several in polled.values() for fetched in several]

    def send(self, producer: Any, topic: str, partition: int, records: Records, done: Done) -> None:
        place, accumulator = TopicPartition(topic, partition), producer._accumulator
        batch = _producer_batch(accumulator, place, records)
        batch._record_futures[0].add_callback(lambda _: done(len(records), None))
        batch._record_futures[0].add_errback(lambda error: done(len(records), error))
        transactions = producer._transaction_manager
        if transactions.is_transactional():
            transactions.maybe_add_partition_to_transaction(place)
        with accumulator._tp_lock(place):
            if accumulator._closed:
                raise errors.IllegalStateError("the producer is closed")
            accumulator._batches[place].append(batch)
            accumulator._incomplete.add(batch)

    def wake(self, producer: Any) -> None:
        producer._sender.wakeup()

    def stop(self, producer: Any, error: Exception) -> None:
        accumulator = producer._accumulator
        for batch in accumulator._incomplete.all():
            if _take_back(accumulator, batch):
                batch.abort(error)
                accumulator.deallocate(batch)

    def identity(self, producer: Any) -> tuple[int, int] | None:
        known = producer._transaction_manager.producer_id_and_epoch
        return known.producer_id, known.epoch

    def last_error(self, producer: Any) -> Exception | None:
        error = producer._transaction_manager.last_error
        return error if isinstance(error, Exception) else None


class Fetched:
    """One batch where kafka-python has one record; it asks such a thing for `offset` only."""

    __slots__ = ("batch", "offset")

    def __init__(self, offset: int, batch: RecordBatch) -> None:
        self.offset, self.batch = offset, batch


class FetchedBatches(Fetcher.PartitionRecords):  # type: ignore[misc]  # kafka-python has no types
    """Yields batches instead of unpacking them; what is skipped and checked stays as it was.

    Aborted transactions and control batches are passed over, checksums are verified, and
    a batch begins at the fetch offset where that lies inside it.
    """

    def _unpack_records(
        self, tp: Any, records: Any, key_deserializer: Any, value_deserializer: Any
    ) -> Iterator[Fetched]:
        batch = last = records.next_batch()
        while batch is not None:
            last = batch
            self._verify(batch)
            if batch.magic != 2:  # written by clients of before Kafka 0.11
                yield from self._unpack_legacy(tp, batch)
            elif not self._passed_over(batch):
                self.next_fetch_offset = batch.next_offset
                self.bytes_read += batch.size_in_bytes
                yield self._fetched(tp, batch)
            batch = records.next_batch()
        if last is not None and last.magic == 2:
            self.next_fetch_offset = last.next_offset
        self.drain()

    def _verify(self, batch: Any) -> None:
        if self.check_crcs and not batch.validate_crc():
            raise errors.CorruptRecordError(
                f"the batch of {self.topic_partition} at {batch.base_offset} fails its checksum"
            )

    def _passed_over(self, batch: Any) -> bool:
        """Whether this batch is a mark, or part of an aborted transaction."""
        self.leader_epoch = batch.leader_epoch
        if self.isolation_level == IsolationLevel.READ_COMMITTED and batch.has_producer_id():
            self._consume_aborted_transactions_up_to(batch.last_offset)
            if self._contains_abort_marker(batch):
                self.aborted_producer_ids.discard(batch.producer_id)
            elif self._is_batch_aborted(batch):
                self.next_fetch_offset = batch.next_offset
                return True
        if batch.is_control_batch:
            self.next_fetch_offset = batch.next_offset
        return bool(batch.is_control_batch)

    def _fetched(self, tp: Any, batch: Any) -> Fetched:
        batch._maybe_uncompress()
        data = np.frombuffer(memoryview(batch._buffer).toreadonly(), np.uint8)
        try:
            records, deltas = decode_records(
                data, batch._pos, batch.records_count, batch.first_timestamp
            )
        except CorruptRecords as error:
            raise errors.CorruptRecordError(f"{tp} at {batch.base_offset}: {error}") from error
        if batch.timestamp_type == DefaultRecordBatch.LOG_APPEND_TIME:
            records.timestamps[:] = batch.max_timestamp
        offsets = deltas + batch.base_offset
        whole = RecordBatch(tp.topic, tp.partition, offsets, batch.next_offset, records)
        rest = whole.starting_at(self.fetch_offset)
        return Fetched(max(batch.base_offset, self.fetch_offset), rest)

    def _unpack_legacy(self, tp: Any, batch: Any) -> Iterator[Fetched]:
        for record in batch:
            one = Records.of([Record(record.key, record.value, record.timestamp)])
            offsets = np.array([record.offset])
            self.next_fetch_offset = record.offset + 1
            whole = RecordBatch(tp.topic, tp.partition, offsets, record.offset + 1, one)
            yield Fetched(record.offset, whole)


def _take_back(accumulator: Any, batch: Any) -> bool:
    """Whether it still waited. One that is on its way, or grew too old, gets its own answer."""
    place = batch.topic_partition
    with accumulator._tp_lock(place):
        waiting = accumulator._batches[place]
        if batch.drained is not None or batch not in waiting:
            return False
        waiting.remove(batch)
        batch.records.close()
    return True


def _producer_batch(accumulator: Any, place: Any, records: Records) -> Any:
    """A full, closed-to-appends batch with one future for all of its records."""
    config, count = accumulator.config, len(records)
    memory = MemoryRecordsBuilder(2, config["compression_attrs"], config["batch_size"])
    builder = memory._builder
    builder._buffer.extend(encode_records(records))
    builder._num_records = count
    builder._last_offset = count - 1
    builder._first_timestamp = int(records.timestamps[0])
    builder._max_timestamp = int(records.timestamps.max())
    memory._next_offset = count
    batch = ProducerBatch(place, memory)
    batch._record_futures.append(
        FutureRecordMetadata(batch.produce_future, count - 1, builder._max_timestamp, None, 0, 0, 0)
    )
    return batch


def misfit() -> str | None:
    """Why this must not be used with the kafka-python that is installed, if so."""
    if not kafka.__version__.startswith(WRITTEN_FOR):
        return f"kafka-python {kafka.__version__} is not {WRITTEN_FOR}x"
    wanted = ["self", "tp", "records", "key_deserializer", "value_deserializer"]
    if list(inspect.signature(Fetcher.PartitionRecords._unpack_records).parameters) != wanted:
        return "Fetcher.PartitionRecords._unpack_records takes other arguments"
    place = TopicPartition("shape", 0)
    memory = MemoryRecordsBuilder(2, 0, 1)
    named: list[tuple[object, str]] = [
        (
            Fetcher.PartitionRecords,
            "_consume_aborted_transactions_up_to _contains_abort_marker"
            " _is_batch_aborted _maybe_skip_record drain",
        ),
        (DefaultRecordBatch, "_buffer _pos _maybe_uncompress records_count first_timestamp"),
        (
            DefaultRecordBatchBuilder,
            "_buffer _num_records _last_offset _first_timestamp _max_timestamp",
        ),
        (memory, "_builder _next_offset"),
        (ProducerBatch(place, memory), "_record_futures produce_future drained abort"),
        (KafkaConnectionManager, "_build_transport"),
        (KafkaTCPTransport, "_sock_recv"),
        (KafkaProtocol(), "_rbuffer _receiving"),
        (KafkaBytes(0), "_idx"),
        (RecordAccumulator(), "_tp_lock _batches _incomplete _closed deallocate"),
    ]
    for thing, names in named:
        for name in names.split():
            if not hasattr(thing, name):
                return f"{thing!r} has no {name}"
    inside = {"_accumulator", "_sender", "_transaction_manager"}
    gone = inside.difference(KafkaProducer.__init__.__code__.co_names)
    return f"KafkaProducer has no {gone.pop()}" if gone else None
