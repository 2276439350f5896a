"""One job at a time: the second waits where it can, and leaves where it can't."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

from snapshot.publishing import make_topics
from snapshot.turn import Turn
from stream.errors import GroupBusy
from stream.log.open import open_log
from stream.topics import Topics
from tests.waiting import until

if TYPE_CHECKING:
    from pathlib import Path

    from stream.log.seam import Log
    from tests.kafka_broker import Broker


def topics_on(log: Log) -> Topics:
    named = Topics(f"shop.{uuid.uuid4().hex[:8]}.", partitions=2)
    log.create_topics([spec for spec in named.specs() if spec.name == named.transactions])
    return make_topics(log, named)


def test_on_the_embedded_log_the_second_leaves(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'shoal.db'}"
    with open_log(url) as log, open_log(url) as other:
        topics = topics_on(log)
        with Turn(log, topics, "first") as first:
            assert first.is_ours()
            with pytest.raises(GroupBusy, match=r"snapshot-jobs.*'first'"):
                Turn(other, topics, "second")
        with Turn(other, topics, "second") as second:
            assert second.is_ours()


def test_on_kafka_the_second_waits_until_the_first_leaves(broker: Broker) -> None:
    url = f"kafka://{broker.bootstrap}"
    with open_log(url) as log, open_log(url) as other:
        topics = topics_on(log)
        with Turn(log, topics, "first") as first:
            until(lambda: first.is_ours(0.1), "the first one's turn")
            with Turn(other, topics, "second") as second:
                turns = 0
                for _ in range(30):
                    turns += second.is_ours(0.05)
                    assert first.is_ours(0.05)
                assert turns == 0
                first.close()
                until(lambda: second.is_ours(0.1), "the second one's turn")
