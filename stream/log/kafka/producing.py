"""Writing to Kafka: transactions that fence, and a plain writer that keeps order.

A commit has to be checked: kafka-python can report one that the broker aborted, or that
went through without a batch that timed out. So every batch's own answer is looked at
first, and the producer has to be the same one afterwards.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from kafka import OffsetAndMetadata, TopicPartition, errors

from stream.errors import (
    CommitFailed,
    Fenced,
    GroupMovedOn,
    LogError,
    RecordTooLarge,
    ShoalError,
)
from stream.log.kafka.asking_again import ask_again
from stream.log.kafka.closed_once import ClosedOnce
from stream.log.kafka.fencing import give_up_once_fenced
from stream.log.kafka.groups import KafkaMembership
from stream.log.kafka.outbox import Gathered, Outbox

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from stream.log.batch import Records
    from stream.log.kafka.client import Clients
    from stream.log.kafka.topics import Topics
    from stream.log.kafka.way import Way
    from stream.log.seam import Membership

PRODUCER = {
    "acks": "all",
    "enable_idempotence": True,
    "max_request_size": 8 << 20,
    "max_block_ms": 10_000,
    # Or each commit waits 100 ms while the broker finishes the one before.
    "retry_backoff_ms": 5,
    "delivery_timeout_ms": 120_000,
    "transaction_timeout_ms": 60_000,  # less than delivery: no batch outlives its transaction
    "metrics_enabled": False,
}
CLOSED_WITHIN_SECONDS = 10

FENCED = (
    errors.ProducerFencedError,
    errors.InvalidProducerEpochError,
    errors.FencedInstanceIdError,
)
MOVED_ON = (
    errors.UnknownMemberIdError,
    errors.IllegalGenerationError,
    errors.CommitFailedError,
)


class KafkaWriter(ClosedOnce):
    """Appends outside transactions, idempotent and acknowledged by all."""

    def __init__(self, clients: Clients, topics: Topics, way: Way) -> None:
        self._clients = clients
        self._producer = _producer(clients, way)
        self._outbox = Outbox(self._producer, topics, way)

    def append(self, topic: str, partition: int, records: Records) -> None:
        self._has_to_be_open()
        with self._failing_clearly(topic):
            self._outbox.append(topic, partition, records)

    def flush(self) -> None:
        with self._failing_clearly():
            self._outbox.flush()
            if self._outbox.failure:
                raise self._outbox.failure

    @property
    def acknowledged(self) -> int:
        return self._outbox.acknowledged

    def _release(self) -> None:
        _close(self._producer)

    @contextmanager
    def _failing_clearly(self, topic: str = "") -> Iterator[None]:
        try:
            yield
        except errors.KafkaError as error:
            raise _too_large(error) or self._clients.meaning(error, topic) from error


class KafkaTransaction:
    """What goes out together; nothing of it is visible before the commit."""

    def __init__(self, outbox: Gathered) -> None:
        self.outbox = outbox
        self.positions: list[tuple[KafkaMembership, dict[int, int]]] = []

    def append(self, topic: str, partition: int, records: Records) -> None:
        self.outbox.append(topic, partition, records)

    def advance(self, membership: Membership, positions: Mapping[int, int]) -> None:
        if not isinstance(membership, KafkaMembership):
            raise LogError("a Kafka transaction advances a Kafka group's membership")
        self.positions.append((membership, dict(positions)))


class KafkaTransactions(ClosedOnce):
    """The one producer with this name."""

    def __init__(self, clients: Clients, topics: Topics, way: Way, name: str) -> None:
        self._clients, self._topics, self._way, self._name = clients, topics, way, name
        self._producer = _producer(clients, way, transactional_id=name)
        give_up_once_fenced(self._producer)
        ask_again(self._producer)
        self._broken: ShoalError | None = None
        with clients.translated():
            self._producer.init_transactions()
        self._identity = way.identity(self._producer)
        self._held = self._identity or topics.holder(name)

    @contextmanager
    def transaction(self) -> Iterator[KafkaTransaction]:
        self._ready()
        transaction = KafkaTransaction(Gathered(Outbox(self._producer, self._topics, self._way)))
        try:
            yield transaction
            transaction.outbox.send()
        except errors.KafkaError as error:
            raise self._broke(error) from error
        except BaseException:
            self._abort()
            raise
        self._commit(transaction)

    def is_replaced(self) -> bool:
        holder = self._topics.holder(self._name) if self._held else None
        return holder is not None and holder != self._held

    def _release(self) -> None:
        _close(self._producer)

    def _ready(self) -> None:
        self._has_to_be_open()
        if self._broken:
            raise self._broken
        try:
            self._producer.begin_transaction()
        except errors.KafkaError as error:
            raise self._broke(error) from error

    def _commit(self, transaction: KafkaTransaction) -> None:
        """Makes the transaction visible, or says that it never will be.

        1. Every batch is sent, and its own answer is a good one.
        2. The input positions, fenced by the membership they were read under.
        3. The end of the transaction.
        4. Producer id and epoch are those of the start: else the broker aborted it.
        """
        try:
            transaction.outbox.flush()  # 1
            if transaction.outbox.failure:
                raise transaction.outbox.failure
            for membership, positions in transaction.positions:  # 2
                self._producer.send_offsets_to_transaction(
                    _offsets(membership, positions), membership.metadata
                )
            self._producer.commit_transaction()  # 3
        except errors.KafkaError as error:
            raise self._broke(error) from error
        if self._way.identity(self._producer) != self._identity:  # 4
            self._broken = self._failed("the broker gave the producer a new epoch meanwhile")
            raise self._broken

    def _abort(self) -> None:
        try:
            self._producer.abort_transaction()
        except errors.KafkaError as error:
            self._broken = self._meaning(error)

    def _broke(self, error: errors.KafkaError) -> ShoalError:
        """A failure is a crash: what was open is given up, and the producer with it."""
        self._broken = self._meaning(error)
        with suppress(errors.KafkaError):
            self._producer.abort_transaction()
        return self._broken

    def _meaning(self, error: errors.KafkaError) -> ShoalError:
        said = [one for one in error.args if isinstance(one, Exception)]
        reasons = [error, error.__cause__, *said, self._way.last_error(self._producer)]
        if any(isinstance(reason, FENCED) for reason in reasons):
            return Fenced(
                f"{self._name} lost its place ({_said(reasons)}): another process has its name, or "
                "it had a transaction open for longer than the broker allows. It has to stop."
            )
        if any(isinstance(reason, MOVED_ON) for reason in reasons):
            return GroupMovedOn(
                f"the group has gone on without {self._name} ({_said(reasons)}): what was read "
                "under the former membership has to be read again"
            )
        return _too_large(error) or self._failed(_said(reasons))

    def _failed(self, why: str) -> CommitFailed:
        return CommitFailed(
            f"a transaction of {self._name} did not happen ({why}): what it stood for has to be "
            "done again from the last committed positions"
        )


def _producer(clients: Clients, way: Way, **options: object) -> Any:
    producer = clients.producer(**PRODUCER, **way.producer_options, **options)
    way.prepare_producer(producer)
    return producer


def _close(producer: Any) -> None:
    # What was not flushed was not promised; its time-out is no news to anybody.
    with suppress(errors.KafkaError):
        producer.close(timeout=CLOSED_WITHIN_SECONDS)


def _offsets(membership: KafkaMembership, positions: dict[int, int]) -> dict[Any, Any]:
    return {
        TopicPartition(membership.topic, partition): OffsetAndMetadata(position, "", -1)
        for partition, position in positions.items()
    }


def _said(reasons: list[Any]) -> str:
    named = [f"{type(reason).__name__}: {reason}" for reason in reasons if reason is not None]
    return named[-1]


def _too_large(error: errors.KafkaError) -> RecordTooLarge | None:
    if isinstance(error, (errors.MessageSizeTooLargeError, errors.RecordListTooLargeError)):
        return RecordTooLarge(
            f"the broker takes no batch of this size ({error}): raise the topic's "
            "max.message.bytes, or lower [log] max_message_bytes"
        )
    return None
