"""Topics: made once, compared, listed, deleted; and what a log says of itself."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from stream.errors import LogError, TopicMissing
from stream.log.batch import Records
from stream.log.open import open_log
from stream.log.seam import TopicDifference, TopicSpec
from tests.stream.log.opened import Noted, OpenedLog, numbered
from tests.waiting import until

if TYPE_CHECKING:
    from stream.log.seam import Log
    from tests.stream.log.opened import MakeTopic, Unique


class TopicsContract(OpenedLog):
    def test_a_created_topic_is_as_it_was_asked_for(self, log: Log, unique: Unique) -> None:
        wanted = [
            TopicSpec(unique("b"), 3, {"retention.ms": "-1", "max.message.bytes": "2000000"}),
            TopicSpec(unique("a"), 1, {"cleanup.policy": "delete"}),
        ]
        assert log.create_topics(wanted) == []
        assert log.partitions(unique("b")) == 3
        assert log.bounds(unique("b")) == {0: (0, 0), 1: (0, 0), 2: (0, 0)}
        ours = [topic for topic in log.topics() if topic.name in {unique("a"), unique("b")}]
        assert [topic.name for topic in ours] == [unique("a"), unique("b")]
        for topic, asked in zip(ours, reversed(wanted), strict=True):
            assert topic.partitions == asked.partitions
            assert asked.configs.items() <= topic.configs.items()

    def test_creating_again_changes_nothing(self, log: Log, make_topic: MakeTopic) -> None:
        topic = make_topic("topic", 2)
        self.write(log, topic, numbered(3))
        assert log.create_topics([TopicSpec(topic, 2, {"retention.ms": "-1"})]) == []
        assert len(self.values(log, topic)) == 3

    def test_what_differs_is_told_and_left_as_it_is(self, log: Log, make_topic: MakeTopic) -> None:
        topic = make_topic("topic", 2)
        wanted = [TopicSpec(topic, 4, {"retention.ms": "1000"})]
        differences = [
            TopicDifference(topic, "partitions", "2", "4"),
            TopicDifference(topic, "retention.ms", "-1", "1000"),
        ]
        assert log.create_topics(wanted) == differences
        assert log.create_topics(wanted) == differences
        assert log.partitions(topic) == 2

    def test_what_is_missing_is_created_beside_what_differs(
        self, log: Log, make_topic: MakeTopic, unique: Unique
    ) -> None:
        topic = make_topic("old", 2)
        differences = log.create_topics([TopicSpec(topic, 1), TopicSpec(unique("new"), 1)])
        assert differences == [TopicDifference(topic, "partitions", "2", "1")]
        assert log.partitions(unique("new")) == 1

    def test_a_topic_that_is_not_there_is_named(self, log: Log, unique: Unique) -> None:
        missing = unique("missing")
        with pytest.raises(TopicMissing, match=missing):
            log.partitions(missing)
        with pytest.raises(TopicMissing, match=missing):
            log.bounds(missing)
        with pytest.raises(TopicMissing, match=missing):
            log.delete_topics([missing])
        with pytest.raises(TopicMissing, match=missing), log.reader(missing, {0: 0}) as reader:
            reader.poll(1)
        with pytest.raises(TopicMissing, match=missing), log.writer() as writer:
            writer.append(missing, 0, Records.of(numbered(1)))
            writer.flush()
        with (
            pytest.raises(TopicMissing, match=missing),
            log.subscribe(missing, unique("group"), "member", Noted()) as subscription,
        ):
            subscription.poll(1)

    def test_a_transaction_for_a_missing_topic_says_so_and_writes_nothing_else(
        self, log: Log, make_topic: MakeTopic, unique: Unique
    ) -> None:
        topic, missing = make_topic(), unique("missing")
        with (
            log.producer(unique("producer")) as producer,
            pytest.raises(LogError, match=missing),
            producer.transaction() as transaction,
        ):
            transaction.append(topic, 0, Records.of(numbered(2)))
            transaction.append(missing, 0, Records.of(numbered(2)))
        with log.producer(unique("producer")):  # ends what may have been left open
            assert self.values(log, topic) == []

    def test_a_deleted_topic_is_gone(self, log: Log, make_topic: MakeTopic) -> None:
        topic, other = make_topic("topic"), make_topic("other")
        log.delete_topics([topic])

        def is_gone() -> bool:
            try:
                log.partitions(topic)
            except TopicMissing:
                return True
            return False

        until(is_gone, "the topic to be gone", self.patience_seconds)
        names = [listed.name for listed in log.topics()]
        assert topic not in names
        assert other in names

    def test_a_topic_that_is_deleted_under_a_reader_stays_away(
        self, log: Log, url: str, make_topic: MakeTopic
    ) -> None:
        """No client makes it anew, with as many partitions as a broker thinks fit."""
        topic = make_topic("topic", 2)
        self.write(log, topic, numbered(3))
        with self.open_again(url) as other, log.reader(topic, {0: 0, 1: 0}) as reader:
            reader.poll(0.5)
            other.delete_topics([topic])
            for _ in range(10):
                with suppress(LogError):
                    reader.poll(0.1)
            assert topic not in [listed.name for listed in other.topics()]

    def test_a_closed_log_says_that_it_is_closed(self, url: str) -> None:
        log = self.open_again(url)
        log.close()
        log.close()
        with pytest.raises(LogError, match="closed"):
            log.topics()

    def test_no_secret_shows(self, url: str) -> None:
        with open_log(url, {"sasl_plain_password": "hunter2"}) as log:
            assert log.name.partition("://")[0] == url.partition("://")[0]
            assert "hunter2" not in f"{log.name} {log!r}"
