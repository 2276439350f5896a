"""A member that lost its name leaves its successor alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stream.errors import Fenced
from stream.log.kafka import KafkaLog
from tests.stream.log.kafka.conftest import OPTIONS
from tests.stream.log.opened import Noted
from tests.waiting import until

if TYPE_CHECKING:
    from stream.log.seam import Subscription
    from tests.kafka_broker import Broker


def joined(log: KafkaLog, topic: str) -> Subscription:
    noted = Noted()
    subscription = log.subscribe(topic, f"{topic}-group", "one", noted)
    until(lambda: not subscription.poll(0.2) and bool(noted.partitions), "partitions")
    return subscription


def test_who_was_replaced_hears_of_it_though_it_has_nothing_to_commit(
    broker: Broker, topic: str
) -> None:
    with (
        KafkaLog([broker.bootstrap], OPTIONS) as log,
        KafkaLog([broker.bootstrap], OPTIONS) as other,
        joined(log, topic) as replaced,
        joined(other, topic) as successor,
    ):

        def is_told() -> bool:
            assert successor.poll(0.05) == []
            try:
                replaced.poll(0.05)
            except Fenced as error:
                return "another process joined" in str(error)
            return False

        until(is_told, "being told")


def test_who_was_replaced_does_not_take_its_successor_along(broker: Broker, topic: str) -> None:
    with (
        KafkaLog([broker.bootstrap], OPTIONS) as log,
        KafkaLog([broker.bootstrap], OPTIONS) as other,
        log.producer(f"{topic}-p") as producer,
    ):
        zombie = joined(log, topic)
        with joined(other, topic) as successor:
            place = successor.membership()
            zombie.close()
            with producer.transaction() as transaction:
                transaction.advance(place, {0: 1})
            assert log.committed(f"{topic}-group", topic) == {0: 1}
