"""Writers: order, what arrives is what was sent, and what is acknowledged is safe."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stream.errors import LogError, RecordTooLarge
from stream.log.batch import Record, Records
from tests.stream.log.opened import NOW, OpenedLog, numbered, value_of

if TYPE_CHECKING:
    from stream.log.seam import Log
    from tests.stream.log.opened import MakeTopic

HUGE = [Record(b"huge", bytes(20_000), NOW)]


class WritingContract(OpenedLog):
    def test_records_arrive_as_they_were_sent(self, log: Log, make_topic: MakeTopic) -> None:
        topic = make_topic()
        sent = [
            Record(b"key", b"value", NOW),
            Record(None, b"no key", NOW + 1),
            Record(b"no value", None, NOW + 2),
            Record(b"", b"", NOW + 3),
            Record(b"back in time", b"x", NOW - 86_400_000),
            Record(b"headers", b"x", NOW, (("why", b"late"), ("why", b""))),
            Record("Käufer".encode(), bytes(range(256)), NOW, (("größe", b"\x00\xff"),)),
        ]
        self.write(log, topic, sent)
        assert [record for _, record in self.read(log, topic)[0]] == sent

    def test_a_partition_keeps_the_order_of_its_appends(
        self, log: Log, make_topic: MakeTopic
    ) -> None:
        topic = make_topic("topic", 3)
        with log.writer() as writer:
            for start in range(0, 300, 10):
                for partition in range(3):
                    writer.append(topic, partition, Records.of(numbered(10, start)))
            writer.flush()
            assert writer.acknowledged == 900
        for records in self.read(log, topic).values():
            assert [record for _, record in records] == numbered(300)
            assert [offset for offset, _ in records] == list(range(300))

    def test_a_flush_with_nothing_to_do_is_fine(self, log: Log, make_topic: MakeTopic) -> None:
        topic = make_topic()
        with log.writer() as writer:
            writer.flush()
            writer.append(topic, 0, Records.of([]))
            writer.flush()
            assert writer.acknowledged == 0
        assert log.bounds(topic) == {0: (0, 0)}

    def test_several_megabytes_go_in_one_append(self, log: Log, make_topic: MakeTopic) -> None:
        topic = make_topic()
        sent = [Record(b"k%d" % i, b"%d" % i * 50, NOW + i) for i in range(30_000)]
        self.write(log, topic, sent)
        assert sum(len(record.value or b"") for record in sent) > 6_000_000
        assert [record for _, record in self.read(log, topic)[0]] == sent

    def test_two_writers_take_turns(self, log: Log, url: str, make_topic: MakeTopic) -> None:
        topic = make_topic()
        with self.open_again(url) as other, log.writer() as first, other.writer() as second:
            for i in range(10):
                for writer in (first, second):
                    writer.append(topic, 0, Records.of(numbered(1, i)))
                    writer.flush()
        values = [value for i in range(10) for value in (b"v%d" % i, b"v%d" % i)]
        assert self.values(log, topic) == values

    def test_what_was_flushed_survives_the_kill_of_its_process(
        self, log: Log, url: str, make_topic: MakeTopic
    ) -> None:
        topic = make_topic()
        with self.process(url, "after_a_flush", topic) as child:
            child.kill()
            child.wait()
        assert len(self.values(log, topic)) == 100

    def test_a_record_above_the_limit_is_refused_with_all_of_its_append(
        self, log: Log, make_topic: MakeTopic
    ) -> None:
        topic = make_topic(max_message_bytes="10000")
        with log.writer() as writer:
            writer.append(topic, 0, Records.of(numbered(3)))
            with pytest.raises(RecordTooLarge, match=topic):
                writer.append(topic, 0, Records.of([*numbered(1, 98), *HUGE, *numbered(1, 99)]))
            writer.append(topic, 0, Records.of(numbered(2, 3)))
            writer.flush()
            assert writer.acknowledged == 5
        assert self.values(log, topic) == value_of(numbered(5))

    def test_a_record_just_under_the_limit_is_taken(self, log: Log, make_topic: MakeTopic) -> None:
        topic = make_topic(max_message_bytes="10000")
        sent = [Record(b"k", bytes(9_800), NOW + i) for i in range(5)]
        self.write(log, topic, sent)
        assert [record for _, record in self.read(log, topic)[0]] == sent

    def test_a_closed_writer_says_that_it_is_closed(self, log: Log, make_topic: MakeTopic) -> None:
        topic = make_topic()
        writer = log.writer()
        writer.close()
        writer.close()
        with pytest.raises(LogError, match="closed"):
            writer.append(topic, 0, Records.of(numbered(1)))
