"""Readers: from any position, each record once, and never past a hole without saying so."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from stream.errors import LogError, PositionOutOfRange
from stream.log.batch import Record, Records
from stream.log.seam import Bounds
from tests.stream.log.opened import NOW, OpenedLog, in_order, numbered, value_of
from tests.waiting import until

if TYPE_CHECKING:
    from stream.log.seam import Log
    from tests.stream.log.opened import MakeTopic, Unique


class ReadingContract(OpenedLog):
    def test_reading_starts_at_every_offset_inside_a_batch(
        self, log: Log, make_topic: MakeTopic
    ) -> None:
        topic = make_topic()
        self.write(log, topic, numbered(12))
        self.write(log, topic, numbered(12, 12))
        everything = self.read(log, topic)[0]
        for first, (offset, _) in enumerate(everything):
            assert self.read(log, topic, {0: offset})[0] == everything[first:]
        assert self.read(log, topic, {0: log.bounds(topic)[0].end})[0] == []

    def test_reading_starts_at_every_offset_of_transactions_too(
        self, log: Log, make_topic: MakeTopic, unique: Unique
    ) -> None:
        topic = make_topic()
        with log.producer(unique("producer")) as producer:
            for start in (0, 4, 8):
                with producer.transaction() as transaction:
                    transaction.append(topic, 0, Records.of(numbered(4, start)))
        everything = self.read(log, topic)[0]
        assert [record for _, record in everything] == numbered(12)
        for position in range(log.bounds(topic)[0].end + 1):
            rest = [(offset, record) for offset, record in everything if offset >= position]
            assert self.read(log, topic, {0: position})[0] == rest

    def test_positions_go_to_the_end_past_commit_marks(
        self, log: Log, make_topic: MakeTopic, unique: Unique
    ) -> None:
        topic = make_topic()
        with log.producer(unique("producer")) as producer, producer.transaction() as transaction:
            transaction.append(topic, 0, Records.of(numbered(2)))
        self.settled(log, topic)
        with log.reader(topic, {0: 0}) as reader:
            assert in_order(reader.poll(self.patience_seconds)) == numbered(2)
            until(
                lambda: (
                    reader.poll(0.2) == [] and reader.positions() == {0: log.bounds(topic)[0].end}
                ),
                "the end",
                self.patience_seconds,
            )

    def test_a_batch_says_where_reading_goes_on(self, log: Log, make_topic: MakeTopic) -> None:
        topic = make_topic()
        self.write(log, topic, numbered(5))
        with log.reader(topic, {0: 2}) as reader:
            (batch,) = reader.poll(self.patience_seconds)
            assert (batch.topic, batch.partition) == (topic, 0)
            assert (batch.first_offset, batch.next_offset) == (2, 5)
            assert reader.positions() == {0: 5}

    def test_every_partition_is_read(self, log: Log, make_topic: MakeTopic) -> None:
        topic = make_topic("topic", 4)
        for partition in (0, 1, 3):
            self.write(log, topic, numbered(50, 100 * partition), partition)
        found = self.read(log, topic)
        for partition in (0, 1, 3):
            assert [record for _, record in found[partition]] == numbered(50, 100 * partition)
        assert found[2] == []

    def test_only_the_partitions_asked_for_are_read(self, log: Log, make_topic: MakeTopic) -> None:
        topic = make_topic("topic", 2)
        self.write(log, topic, numbered(5), 0)
        self.write(log, topic, numbered(5, 10), 1)
        assert [*self.read(log, topic, {1: 0})] == [1]

    def test_a_poll_brings_what_comes_while_it_waits(
        self, log: Log, url: str, make_topic: MakeTopic
    ) -> None:
        topic = make_topic()
        with log.reader(topic, {0: 0}) as reader, self.open_again(url) as other:
            assert reader.poll(0.05) == []
            writing = threading.Timer(0.2, self.write, (other, topic, numbered(1)))
            writing.start()
            begun = time.monotonic()
            assert in_order(reader.poll(self.patience_seconds)) == numbered(1)
            assert time.monotonic() - begun < self.patience_seconds / 2
            writing.join()

    @pytest.mark.parametrize("beyond", [1, 1000])
    def test_a_position_beyond_the_end_is_refused(
        self, log: Log, make_topic: MakeTopic, beyond: int
    ) -> None:
        topic = make_topic()
        self.write(log, topic, numbered(5))
        with (
            pytest.raises(PositionOutOfRange) as caught,
            log.reader(topic, {0: 5 + beyond}) as reader,
        ):
            until(lambda: bool(reader.poll(0.2)), "a refusal", self.patience_seconds)
        error = caught.value
        assert (error.topic, error.partition, error.position) == (topic, 0, 5 + beyond)
        assert (error.start, error.end) == (0, 5)

    @pytest.mark.parametrize("before", [1, 5, 6, 9, 10])
    def test_a_truncation_anywhere_forgets_exactly_what_lies_before(
        self, log: Log, make_topic: MakeTopic, before: int
    ) -> None:
        topic = make_topic()
        self.write(log, topic, numbered(5))
        self.write(log, topic, numbered(5, 5))
        log.truncate(topic, 0, before)
        assert log.bounds(topic) == {0: Bounds(before, 10)}
        assert self.values(log, topic) == value_of(numbered(10)[before:])
        self.write(log, topic, numbered(1, 10))
        assert self.values(log, topic) == value_of(numbered(11)[before:])

    def test_a_truncation_before_the_start_changes_nothing_and_beyond_the_end_is_refused(
        self, log: Log, make_topic: MakeTopic
    ) -> None:
        topic = make_topic()
        self.write(log, topic, numbered(5))
        log.truncate(topic, 0, 3)
        log.truncate(topic, 0, 1)
        assert log.bounds(topic) == {0: Bounds(3, 5)}
        with pytest.raises(PositionOutOfRange):
            log.truncate(topic, 0, 6)

    def test_a_reader_notices_a_truncation_and_can_start_over(
        self, log: Log, make_topic: MakeTopic
    ) -> None:
        topic = make_topic()
        self.write(log, topic, numbered(10))
        with log.reader(topic, {0: 2}) as reader:
            log.truncate(topic, 0, 7)
            with pytest.raises(PositionOutOfRange) as caught:
                until(lambda: bool(reader.poll(0.2)), "a refusal", self.patience_seconds)
        assert (caught.value.position, caught.value.start) == (2, 7)
        assert self.read(log, topic, {0: caught.value.start})[0][0][0] == 7

    def test_a_truncation_under_a_reader_never_skips_in_silence(
        self, log: Log, make_topic: MakeTopic
    ) -> None:
        topic = make_topic()
        self.write(log, topic, numbered(5))
        seen: list[Record] = []
        with log.reader(topic, {0: 0}) as reader:

            def has_seen(count: int) -> bool:
                seen.extend(in_order(reader.poll(0.2)))
                return len(seen) >= count

            until(lambda: has_seen(5), "the first records", self.patience_seconds)
            self.write(log, topic, numbered(5, 5))
            log.truncate(topic, 0, 10)
            with suppress(PositionOutOfRange):  # or they had been on their way already
                until(lambda: has_seen(10), "the rest, or a refusal", self.patience_seconds)
            assert seen in (numbered(5), numbered(10))
            assert reader.positions() == {0: len(seen)}

    def test_positions_are_found_by_time(self, log: Log, make_topic: MakeTopic) -> None:
        topic = make_topic("topic", 2)
        self.write(log, topic, [Record(b"k", b"v", NOW + 10 * i) for i in range(10)])
        self.write(log, topic, [Record(b"k", b"v", NOW + 10 * i) for i in range(10, 20)])
        for timestamp, position in ((0, 0), (NOW, 0), (NOW + 41, 5), (NOW + 150, 15)):
            assert log.positions_at(topic, timestamp)[0] == position
        assert log.positions_at(topic, NOW + 191) == {0: 20, 1: 0}

    def test_a_closed_reader_says_that_it_is_closed(self, log: Log, make_topic: MakeTopic) -> None:
        reader = log.reader(make_topic(), {0: 0})
        reader.close()
        reader.close()
        with pytest.raises(LogError, match="closed"):
            reader.poll(0)
