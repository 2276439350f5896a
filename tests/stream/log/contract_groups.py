"""Groups: whose partitions they are, from where they are read, and what fences the former."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from stream.errors import Fenced, GroupBusy, LogError, PositionOutOfRange
from stream.log.batch import Records
from tests.stream.log.opened import Noted, OpenedLog, numbered
from tests.waiting import until

if TYPE_CHECKING:
    from stream.log.seam import Log
    from tests.stream.log.opened import MakeTopic, Unique


class Crash(Exception):
    """Something unforeseen in the middle of a transaction."""


class GroupsContract(OpenedLog):
    def test_all_partitions_are_assigned_and_bring_nothing_before_their_start(
        self, log: Log, make_topic: MakeTopic, unique: Unique
    ) -> None:
        topic = make_topic("topic", 3)
        for partition in range(3):
            self.write(log, topic, numbered(5, 10 * partition), partition)
        subscription, noted = self.join(log, topic, unique("group"), "one")
        with subscription:
            assert noted.partitions == {0, 1, 2}
            assert subscription.poll(0.5) == []
            subscription.start(1, 2)
            records = self.poll_until(subscription, lambda found: len(found) >= 3)
            assert records == numbered(5, 10)[2:]
            assert subscription.poll(0.5) == []

    def test_a_partition_can_be_started_again_from_an_earlier_position(
        self, log: Log, make_topic: MakeTopic, unique: Unique
    ) -> None:
        topic = make_topic()
        self.write(log, topic, numbered(10))
        subscription, _ = self.join(log, topic, unique("group"), "one")
        with subscription:
            subscription.start(0, 8)
            assert self.poll_until(subscription, bool) == numbered(2, 8)
            subscription.start(0, 3)
            records = self.poll_until(subscription, lambda found: len(found) >= 7)
            assert records == numbered(7, 3)

    def test_a_paused_partition_brings_nothing_until_it_is_resumed(
        self, log: Log, make_topic: MakeTopic, unique: Unique
    ) -> None:
        topic = make_topic("topic", 2)
        for partition in range(2):
            self.write(log, topic, numbered(5, 10 * partition), partition)
        subscription, _ = self.join(log, topic, unique("group"), "one")
        with subscription:
            subscription.start(0, 0)
            subscription.start(1, 0)
            subscription.pause([0])
            records = self.poll_until(subscription, lambda found: len(found) >= 5)
            assert records == numbered(5, 10)
            assert subscription.poll(0.3) == []
            subscription.resume([0])
            records = self.poll_until(subscription, lambda found: len(found) >= 5)
            assert records == numbered(5)

    def test_lag_is_what_is_still_to_be_read(
        self, log: Log, make_topic: MakeTopic, unique: Unique
    ) -> None:
        topic = make_topic("topic", 2)
        self.write(log, topic, numbered(10))
        subscription, _ = self.join(log, topic, unique("group"), "one")
        with subscription:
            assert subscription.lag() == {}
            subscription.start(0, 4)
            subscription.pause([0])

            def has_lag(lag: int) -> bool:
                subscription.poll(0.1)
                return subscription.lag() == {0: lag}

            until(lambda: has_lag(6), "a lag of 6", self.patience_seconds)
            subscription.resume([0])
            until(lambda: has_lag(0), "no lag", self.patience_seconds)

    def test_a_truncation_under_a_subscription_is_noticed_and_started_over(
        self, log: Log, make_topic: MakeTopic, unique: Unique
    ) -> None:
        topic = make_topic()
        self.write(log, topic, numbered(10))
        subscription, _ = self.join(log, topic, unique("group"), "one")
        with subscription:
            log.truncate(topic, 0, 6)
            subscription.start(0, 2)
            with pytest.raises(PositionOutOfRange) as caught:
                self.poll_until(subscription, bool)
            assert caught.value.start == 6
            subscription.start(0, caught.value.start)
            records = self.poll_until(subscription, lambda found: len(found) >= 4)
            assert records == numbered(4, 6)

    def test_positions_are_committed_with_the_outputs(
        self, log: Log, make_topic: MakeTopic, unique: Unique
    ) -> None:
        source, target, group = make_topic("in", 2), make_topic("out"), unique("group")
        assert log.committed(group, source) == {}
        subscription, _ = self.join(log, source, group, "one")
        with subscription, log.producer(unique("producer")) as producer:
            with producer.transaction() as transaction:
                transaction.append(target, 0, Records.of(numbered(1)))
                transaction.advance(subscription.membership(), {0: 5})
            assert log.committed(group, source) == {0: 5}
            with producer.transaction() as transaction:
                transaction.advance(subscription.membership(), {0: 7, 1: 0})
            assert log.committed(group, source) == {0: 7, 1: 0}
        assert log.committed(group, source) == {0: 7, 1: 0}
        assert log.committed(unique("other"), source) == {}
        assert self.values(log, target) == [b"v0"]

    def test_positions_of_a_transaction_that_did_not_happen_are_not_committed(
        self, log: Log, make_topic: MakeTopic, unique: Unique
    ) -> None:
        source, target, group = make_topic("in"), make_topic("out"), unique("group")
        name = unique("producer")
        subscription, _ = self.join(log, source, group, "one")
        with subscription:
            producer = log.producer(name)
            with producer.transaction() as transaction:
                transaction.advance(subscription.membership(), {0: 1})
            with suppress(Crash), producer.transaction() as transaction:
                transaction.append(target, 0, Records.of(numbered(1)))
                transaction.advance(subscription.membership(), {0: 2})
                raise Crash
            assert log.committed(group, source) == {0: 1}
            with (
                self.break_commit(producer),
                suppress(LogError),
                producer.transaction() as transaction,
            ):
                transaction.append(target, 0, Records.of(numbered(1)))
                transaction.advance(subscription.membership(), {0: 3})
            with suppress(LogError):
                producer.close()
            with log.producer(name):
                assert log.committed(group, source) == {0: 1}
                assert self.values(log, target) == []

    def test_a_member_that_lost_its_place_is_fenced(
        self, log: Log, make_topic: MakeTopic, unique: Unique
    ) -> None:
        source, target, group = make_topic("in"), make_topic("out"), unique("group")
        subscription, _ = self.join(log, source, group, "one")
        former = subscription.membership()
        subscription.close()
        successor, _ = self.join(log, source, group, "one")
        name = unique("producer")
        with successor:
            zombie = log.producer(name)
            with pytest.raises(Fenced), zombie.transaction() as transaction:
                transaction.append(target, 0, Records.of(numbered(3)))
                transaction.advance(former, {0: 9})
            with suppress(LogError):
                zombie.close()
            with log.producer(name) as producer:
                assert log.committed(group, source) == {}
                assert self.values(log, target) == []
                with producer.transaction() as transaction:
                    transaction.advance(successor.membership(), {0: 4})
            assert log.committed(group, source) == {0: 4}

    def test_a_member_goes_on_where_it_had_committed(
        self, log: Log, make_topic: MakeTopic, unique: Unique
    ) -> None:
        source, group = make_topic("in"), unique("group")
        self.write(log, source, numbered(10))
        subscription, _ = self.join(log, source, group, "one")
        with (
            subscription,
            log.producer(unique("producer")) as producer,
            producer.transaction() as transaction,
        ):
            transaction.advance(subscription.membership(), {0: 6})
        again, _ = self.join(log, source, group, "one")
        with again:
            again.start(0, log.committed(group, source)[0])
            records = self.poll_until(again, lambda found: len(found) >= 4)
            assert records == numbered(4, 6)

    def test_a_killed_member_leaves_its_place_to_the_next_of_its_name(
        self, log: Log, url: str, make_topic: MakeTopic, unique: Unique
    ) -> None:
        topic, group = make_topic("topic", 2), unique("group")
        with self.process(url, "in_a_group", topic, group, "one") as child:
            child.kill()
            child.wait()
        subscription, noted = self.join(log, topic, group, "one")
        with subscription:
            assert noted.partitions == {0, 1}

    def test_a_second_member_shares_the_partitions_or_is_refused(
        self, log: Log, url: str, make_topic: MakeTopic, unique: Unique
    ) -> None:
        topic, group = make_topic("topic", 4), unique("group")
        one, noted = self.join(log, topic, group, "one")
        with one, self.open_again(url) as other:
            if not self.takes_several_members:
                with pytest.raises(GroupBusy, match=group):
                    other.subscribe(topic, group, "two", Noted())
                return
            also_noted = Noted()
            with other.subscribe(topic, group, "two", also_noted) as two:

                def is_shared() -> bool:
                    one.poll(0.1)
                    two.poll(0.1)
                    mine, theirs = noted.partitions, also_noted.partitions
                    return bool(mine and theirs) and sorted([*mine, *theirs]) == [0, 1, 2, 3]

                until(is_shared, "both to have a share", self.patience_seconds)

            def is_all_mine() -> bool:
                one.poll(0.1)
                return noted.partitions == {0, 1, 2, 3}

            until(is_all_mine, "the share of the one that left", self.patience_seconds)

    def test_groups_do_not_mind_each_other(
        self, log: Log, make_topic: MakeTopic, unique: Unique
    ) -> None:
        topic = make_topic("topic", 2)
        one, noted = self.join(log, topic, unique("group"), "one")
        two, also_noted = self.join(log, topic, unique("other"), "one")
        with one, two:
            assert noted.partitions == also_noted.partitions == {0, 1}

    def test_a_closed_subscription_says_that_it_is_closed(
        self, log: Log, make_topic: MakeTopic, unique: Unique
    ) -> None:
        subscription, _ = self.join(log, make_topic(), unique("group"), "one")
        subscription.close()
        subscription.close()
        with pytest.raises(LogError, match="closed"):
            subscription.poll(0)
