"""Kafka passes the suite of every Log, by whole batches and by its client's public way."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from kafka import errors

from stream.log.kafka import KafkaLog
from stream.log.kafka.single import SingleRecords
from stream.log.kafka.whole import WholeBatches
from tests.stream.log.contract import LogContract
from tests.stream.log.kafka.conftest import OPTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stream.log.kafka.way import Way
    from stream.log.seam import Log, Producer
    from tests.kafka_broker import Broker


class KafkaContract(LogContract):
    takes_several_members = True
    writes_before_the_commit = True
    patience_seconds = 60
    way: ClassVar[type[Way]]

    @pytest.fixture
    def url(self, broker: Broker) -> str:
        return f"kafka://{broker.bootstrap}"

    def open_again(self, url: str) -> Log:
        return KafkaLog([url.removeprefix("kafka://")], OPTIONS, self.way())

    @contextlib.contextmanager
    def break_commit(self, producer: Producer) -> Iterator[None]:
        """The broker answers that a batch was refused; the transaction itself would go through."""
        sender: Any = producer._producer._sender  # type: ignore[attr-defined]  # only Kafka's has
        complete = sender._complete_batch

        def refused(batch: Any, response: Any) -> None:
            response.error_code = errors.InvalidRecordError.errno
            complete(batch, response)

        sender._complete_batch = refused
        yield


class TestKafkaLogByWholeBatches(KafkaContract):
    way = WholeBatches


class TestKafkaLogThroughThePublicApi(KafkaContract):
    way = SingleRecords
    carries_nothing = False
