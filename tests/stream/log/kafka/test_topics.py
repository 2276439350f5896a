"""What the broker says of a topic while it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stream.errors import TopicMissing
from stream.log.kafka.client import Clients
from stream.log.kafka.topics import Topics
from tests.stream.log.kafka.conftest import OPTIONS

if TYPE_CHECKING:
    from tests.kafka_broker import Broker


def test_a_topic_without_settings_is_gone(broker: Broker) -> None:
    """So the broker answers for one that is being deleted, and whose partitions it still lists."""
    topics = Topics(Clients([broker.bootstrap], OPTIONS))
    with topics, pytest.raises(TopicMissing, match=r"never\.made"):
        topics.max_message_bytes("never.made")
