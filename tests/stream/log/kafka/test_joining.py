"""A member joins to the end, however short its polls are; and its listener hears of it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from stream.log.kafka import KafkaLog
from stream.log.kafka.whole import WholeBatches
from tests.stream.log.kafka.conftest import OPTIONS
from tests.stream.log.opened import Noted
from tests.waiting import until

if TYPE_CHECKING:
    from stream.log.seam import Subscription
    from tests.kafka_broker import Broker


class Attending(Noted):
    """A listener that also wants to know when the group rebalances."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    def joining(self) -> None:
        self.heard.append("joining")

    def joined(self) -> None:
        self.heard.append("joined")


def coordinator_of(subscription: Subscription) -> Any:
    consumer: Any = subscription._consumer  # type: ignore[attr-defined]  # only Kafka's has
    return consumer._coordinator


def test_a_leader_waits_for_its_place_though_nothing_asks_it_to_join_any_more(
    broker: Broker, topic: str
) -> None:
    """It joins because metadata changed; once it has given out partitions, it knows of no change.

    A poll that ends just then must be followed by one that goes on joining.
    """
    with KafkaLog([broker.bootstrap], OPTIONS, WholeBatches()) as log:
        attending = Attending()
        group = uuid.uuid4().hex
        with log.subscribe(topic, group, "one", attending) as subscription:
            until(lambda: not subscription.poll(0.1) and bool(attending.partitions), "a place")
            coordinator = coordinator_of(subscription)
            perform, asked = coordinator._perform_assignment, []

            def noting(*arguments: Any) -> Any:
                given = perform(*arguments)
                asked.append(coordinator.need_rejoin())
                return given

            coordinator._perform_assignment = noting
            heard = len(attending.heard)
            coordinator._assignment_snapshot = {"another": "state of the topic"}
            until(
                lambda: not subscription.poll(0.05) and attending.heard[heard:][-1:] == ["joined"],
                "the group's answer",
            )
            assert asked == [True]
            assert set(attending.heard[heard:]) == {"joining", "joined"}
            assert attending.partitions == {0}


def test_an_answer_that_comes_between_two_polls_is_not_asked_for_again(
    broker: Broker, topic: str
) -> None:
    """Nearly all of the time is between these polls, as it is for a member that has much to do."""
    with KafkaLog([broker.bootstrap], OPTIONS, WholeBatches()) as log:
        attending = Attending()
        with log.subscribe(topic, uuid.uuid4().hex, "one", attending) as subscription:
            until(lambda: bool(subscription.poll(0.1)) or bool(attending.partitions), "a place")
            coordinator = coordinator_of(subscription)
            coordinator.request_rejoin()
            attending.heard.clear()
            until(
                lambda: not subscription.poll(0.002) and "joined" in attending.heard,
                "a place in the next generation",
            )
            assert attending.heard == ["joining", "joined"]
