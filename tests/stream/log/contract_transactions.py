"""Transactions: everything or nothing, whatever ends them, and only for the newest owner."""

from __future__ import annotations

from contextlib import suppress
from threading import Event
from typing import TYPE_CHECKING

import pytest

from stream.errors import CommitFailed, Fenced, LogError, RecordTooLarge
from stream.log.batch import Record, Records
from tests.stream.log.crash import TOO_MUCH_TO_WAIT
from tests.stream.log.opened import NOW, OpenedLog, numbered, value_of
from tests.waiting import until

if TYPE_CHECKING:
    from stream.log.seam import Log
    from tests.stream.log.opened import MakeTopic, Unique


class Crash(Exception):
    """Something unforeseen in the middle of a transaction."""


class TransactionsContract(OpenedLog):
    def test_a_commit_shows_all_topics(
        self, log: Log, make_topic: MakeTopic, unique: Unique
    ) -> None:
        left, right = make_topic("left", 2), make_topic("right")
        with log.producer(unique("producer")) as producer, producer.transaction() as transaction:
            transaction.append(left, 0, Records.of(numbered(3)))
            transaction.append(left, 1, Records.of(numbered(3, 10)))
            transaction.append(right, 0, Records.of(numbered(3, 20)))
            transaction.append(left, 0, Records.of(numbered(3, 3)))
        assert self.values(log, left) == value_of(numbered(6))
        assert self.values(log, left, 1) == value_of(numbered(3, 10))
        assert self.values(log, right) == value_of(numbered(3, 20))

    def test_nothing_shows_before_the_commit(
        self, log: Log, url: str, make_topic: MakeTopic, unique: Unique
    ) -> None:
        topic = make_topic()
        self.write(log, topic, numbered(1))
        with (
            log.producer(unique("producer")) as producer,
            self.open_again(url) as other,
            producer.transaction() as transaction,
        ):
            transaction.append(topic, 0, Records.of(numbered(3, 1)))
            with other.reader(topic, {0: 1}) as reader:
                assert reader.poll(0.5) == []
            assert other.bounds(topic)[0].end == 1
        assert self.values(log, topic) == value_of(numbered(4))

    def test_a_crash_before_the_commit_shows_nothing(
        self, log: Log, make_topic: MakeTopic, unique: Unique
    ) -> None:
        left, right = make_topic("left"), make_topic("right")
        with log.producer(unique("producer")) as producer:
            with suppress(Crash), producer.transaction() as transaction:
                transaction.append(left, 0, Records.of(numbered(3)))
                transaction.append(right, 0, Records.of(numbered(3)))
                raise Crash
            assert self.values(log, left) == self.values(log, right) == []
            with producer.transaction() as transaction:  # what was aborted does no harm
                transaction.append(right, 0, Records.of(numbered(1, 7)))
        assert self.values(log, right) == [b"v7"]

    def test_a_kill_before_the_commit_shows_nothing(
        self, log: Log, url: str, make_topic: MakeTopic, unique: Unique
    ) -> None:
        left, right, name = make_topic("left"), make_topic("right"), unique("producer")
        with self.process(url, "in_a_transaction", name, left, right) as child:
            if self.writes_before_the_commit:
                until(lambda: self.is_undecided(log, right), "an open transaction")
            child.kill()
            child.wait()
        with log.producer(name) as producer:
            assert self.values(log, left) == self.values(log, right) == []
            with producer.transaction() as transaction:
                transaction.append(left, 0, Records.of(numbered(1)))
        assert self.values(log, left) == [b"v0"]

    def test_a_kill_after_the_commit_loses_nothing(
        self, log: Log, url: str, make_topic: MakeTopic, unique: Unique
    ) -> None:
        topic = make_topic()
        with self.process(url, "after_a_commit", unique("producer"), topic) as child:
            child.kill()
            child.wait()
        assert len(self.values(log, topic)) == 100

    def test_the_end_is_settled_once_an_open_transaction_is(
        self, log: Log, make_topic: MakeTopic, unique: Unique
    ) -> None:
        topic, sent = make_topic(), TOO_MUCH_TO_WAIT
        with log.producer(unique("producer")) as producer:
            with producer.transaction() as transaction:
                transaction.append(topic, 0, Records.of(sent))
                if self.writes_before_the_commit:
                    until(lambda: self.is_undecided(log, topic), "an open transaction")
            end = log.settled_end(topic, 0, self.patience_seconds)
            assert end >= 3
            assert log.bounds(topic)[0].end >= end
        assert self.values(log, topic) == value_of(sent)

    def test_several_megabytes_are_one_transaction(
        self, log: Log, make_topic: MakeTopic, unique: Unique
    ) -> None:
        topic = make_topic()
        sent = [Record(b"k", b"%d" % i * 1000, NOW) for i in range(3000)]
        with log.producer(unique("producer")) as producer, producer.transaction() as transaction:
            transaction.append(topic, 0, Records.of(sent))
        assert self.values(log, topic) == value_of(sent)

    def test_an_empty_transaction_is_fine(
        self, log: Log, make_topic: MakeTopic, unique: Unique
    ) -> None:
        topic = make_topic()
        with log.producer(unique("producer")) as producer:
            with producer.transaction():
                pass
            with producer.transaction() as transaction:
                transaction.append(topic, 0, Records.of([]))
            with producer.transaction() as transaction:
                transaction.append(topic, 0, Records.of(numbered(1)))
        assert self.values(log, topic) == [b"v0"]

    def test_a_name_taken_over_fences_its_former_owner(
        self, log: Log, url: str, make_topic: MakeTopic, unique: Unique
    ) -> None:
        topic, name = make_topic(), unique("producer")
        zombie = log.producer(name)
        with self.open_again(url) as other:
            with pytest.raises(Fenced), zombie.transaction() as transaction:
                transaction.append(topic, 0, Records.of(numbered(3)))
                owner = other.producer(name)
            with pytest.raises(LogError), zombie.transaction() as transaction:
                transaction.append(topic, 0, Records.of(numbered(3)))
            with suppress(LogError):
                zombie.close()
            with owner, owner.transaction() as transaction:
                transaction.append(topic, 0, Records.of(numbered(1, 7)))
        assert self.values(log, topic) == [b"v7"]

    def test_who_lost_its_name_in_mid_sentence_does_not_take_it_back(
        self, log: Log, url: str, make_topic: MakeTopic, unique: Unique
    ) -> None:
        """What it sent before is there already; with what it sends now it finds out."""
        topic, name = make_topic(), unique("producer")
        much = Records.of([Record(b"k", b"-" * 1000, NOW)] * 3000)
        zombie = log.producer(name)
        with self.open_again(url) as other:
            with pytest.raises(Fenced), zombie.transaction() as transaction:
                transaction.append(topic, 0, much)
                Event().wait(0.5)
                owner = other.producer(name)
                transaction.append(topic, 0, much)
            with owner:
                for turn in range(10):
                    with owner.transaction() as transaction:
                        transaction.append(topic, 0, Records.of(numbered(1, turn)))
                    Event().wait(0.1)
            with suppress(LogError):
                zombie.close()
        assert self.values(log, topic) == [b"v%d" % turn for turn in range(10)]

    def test_who_had_a_name_can_ask_whether_another_has_it_now(
        self, log: Log, url: str, make_topic: MakeTopic, unique: Unique
    ) -> None:
        topic, name = make_topic(), unique("producer")
        first = log.producer(name)
        with first.transaction() as transaction:
            transaction.append(topic, 0, Records.of(numbered(1)))
        assert not first.is_replaced()
        first.close()
        assert not first.is_replaced()
        again = log.producer(name)
        assert not again.is_replaced()
        with self.open_again(url) as other, other.producer(name) as owner:
            assert not owner.is_replaced()
            assert again.is_replaced()
            with suppress(LogError):
                again.close()
            assert again.is_replaced()

    def test_producers_of_different_names_do_not_mind_each_other(
        self, log: Log, make_topic: MakeTopic, unique: Unique
    ) -> None:
        topic = make_topic()
        with log.producer(unique("a")) as a, log.producer(unique("b")) as b:
            for i in range(3):
                for producer in (a, b):
                    with producer.transaction() as transaction:
                        transaction.append(topic, 0, Records.of(numbered(1, i)))
        assert self.values(log, topic) == [b"v%d" % i for i in (0, 0, 1, 1, 2, 2)]

    def test_a_commit_that_only_seems_to_succeed_is_a_failed_one(
        self, log: Log, make_topic: MakeTopic, unique: Unique
    ) -> None:
        left, right, name = make_topic("left"), make_topic("right"), unique("producer")
        producer = log.producer(name)
        with producer.transaction() as transaction:
            transaction.append(left, 0, Records.of(numbered(1)))
        with (
            self.break_commit(producer),
            pytest.raises(CommitFailed),
            producer.transaction() as transaction,
        ):
            transaction.append(left, 0, Records.of(numbered(3, 1)))
            transaction.append(right, 0, Records.of(numbered(3, 1)))
        with pytest.raises(LogError), producer.transaction():
            pass
        with suppress(LogError):
            producer.close()
        with log.producer(name) as restored, restored.transaction() as transaction:
            transaction.append(left, 0, Records.of(numbered(1, 7)))
        assert self.values(log, left) == [b"v0", b"v7"]
        assert self.values(log, right) == []

    def test_a_record_above_the_limit_fails_all_of_its_transaction(
        self, log: Log, make_topic: MakeTopic, unique: Unique
    ) -> None:
        small, topic = make_topic("small", max_message_bytes="10000"), make_topic()
        name = unique("producer")
        producer = log.producer(name)
        with pytest.raises(RecordTooLarge, match=small), producer.transaction() as transaction:
            transaction.append(topic, 0, Records.of(numbered(3)))
            transaction.append(small, 0, Records.of([Record(b"huge", bytes(20_000), NOW)]))
        with suppress(LogError):
            producer.close()
        with log.producer(name):
            assert self.values(log, topic) == self.values(log, small) == []

    def test_a_closed_producer_says_that_it_is_closed(self, log: Log, unique: Unique) -> None:
        producer = log.producer(unique("producer"))
        producer.close()
        producer.close()
        with pytest.raises(LogError, match="closed"), producer.transaction():
            pass

    def is_undecided(self, log: Log, topic: str) -> bool:
        try:
            log.settled_end(topic, 0, 0.2)
        except LogError:
            return True
        return False
