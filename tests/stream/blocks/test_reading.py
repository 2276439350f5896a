"""Blocks read back from a log, also one that is truncated while somebody reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stream.blocks.reading import BlockReader, restore
from stream.errors import BlockError, PositionOutOfRange
from stream.log.embedded import EmbeddedLog
from stream.log.seam import TopicSpec
from tests.stream.blocks.live import FEATURES, Live, assert_same, chain
from tests.stream.blocks.written import PARTITION, PROFILES, WRITTEN_MS, end, write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from stream.blocks.block import Block
    from stream.blocks.restored import Restored
    from stream.log.seam import Log


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    with EmbeddedLog(str(tmp_path / "shoal.db")) as made:
        made.create_topics([TopicSpec(PROFILES, 4)])
        yield made


def one_more(live: Live, log: Log, *, whole: bool = False) -> int:
    number = live.sequence + 1
    live.fold([{"customer": number, "order": number, "event": number}])
    return write(log, live.block(whole=whole))


def test_what_was_written_is_restored_up_to_where_it_was_asked_for(log: Log) -> None:
    live = Live(limit=3_000)
    for _ in range(3):
        one_more(live, log)
    live.promote("abc", FEATURES, {"value"})
    live.look(3)
    write(log, live.block())
    until, seen = end(log), []

    def note(block: Block, restored: Restored) -> None:
        seen.append((block.head.sequence, len(restored)))

    following = chain()
    restored = restore(log, PROFILES, PARTITION, until, following, note)
    assert restored is not None
    assert_same(live, restored)
    assert seen == [(1, 1), (2, 2), (3, 3), (4, 3)]
    one_more(live, log)
    again = restore(log, PROFILES, PARTITION, until, chain())
    assert again is not None
    assert again.head.sequence == 4


def test_a_partition_without_customers_is_restored_as_one(log: Log) -> None:
    """Ticks and models come to it, too: its blocks follow each other like any others."""
    live = Live()
    for _ in range(2):
        write(log, live.block())
    empty = restore(log, PROFILES, PARTITION, end(log), chain())
    assert empty is not None
    assert empty.head.sequence == 2
    one_more(live, log)
    found = restore(log, PROFILES, PARTITION, end(log), chain())
    assert found is not None
    assert_same(live, found)


def test_where_nothing_was_written_nothing_is_restored(log: Log) -> None:
    assert restore(log, PROFILES, PARTITION, 0, chain()) is None


def test_an_end_that_is_not_there_yet_is_an_error_and_no_wait(log: Log) -> None:
    with pytest.raises(PositionOutOfRange):
        restore(log, PROFILES, PARTITION, 7, chain())


def test_a_follower_goes_on_where_a_restore_ended(log: Log) -> None:
    live, restored = Live(), None
    one_more(live, log)
    one_more(live, log)
    with BlockReader(log, PROFILES, PARTITION, chain()) as reader:
        for block in reader.until(end(log)):
            restored = reader.applied(block, restored)
        assert list(reader.poll(0)) == []
        one_more(live, log, whole=True)
        one_more(live, log)
        for block in reader.poll(5):
            restored = reader.applied(block, restored)
    assert restored is not None
    assert_same(live, restored)


def test_a_reader_that_stops_before_the_end_misses_nothing_of_what_was_fetched(log: Log) -> None:
    live = Live()
    places = [one_more(live, log) for _ in range(4)]
    with BlockReader(log, PROFILES, PARTITION, chain()) as reader:
        assert [block.head.sequence for block in reader.until(places[2])] == [1, 2]
        assert reader.position == places[2]
        assert [block.head.sequence for block in reader.until(end(log))] == [3, 4]


def test_after_a_truncation_a_restore_begins_with_the_checkpoint(log: Log) -> None:
    live = Live()
    one_more(live, log)
    first = one_more(live, log, whole=True)
    one_more(live, log)
    log.truncate(PROFILES, PARTITION, first)
    following = chain()
    restored = restore(log, PROFILES, PARTITION, end(log), following)
    assert restored is not None
    assert_same(live, restored)
    (checkpoint,) = following.checkpoints
    assert (checkpoint.first_offset, checkpoint.written_ms) == (first, WRITTEN_MS)


def test_a_reader_whose_place_was_truncated_forgets_and_begins_anew(log: Log) -> None:
    live, restored = Live(), None
    one_more(live, log)
    with BlockReader(log, PROFILES, PARTITION, chain()) as reader:
        for block in reader.until(end(log)):
            restored = reader.applied(block, restored)
        live.erase(1)
        one_more(live, log)
        first = one_more(live, log, whole=True)
        one_more(live, log)
        log.truncate(PROFILES, PARTITION, first)
        sequences = []
        for block in reader.until(end(log)):
            restored = reader.applied(block, restored)
            sequences.append(block.head.sequence)
    assert sequences == [3, 4]
    assert restored is not None
    assert_same(live, restored)


def test_a_topic_truncated_in_the_middle_of_a_block_is_refused_with_its_place(log: Log) -> None:
    live = Live()
    one_more(live, log)
    first = one_more(live, log, whole=True)
    log.truncate(PROFILES, PARTITION, first + 1)
    place = rf"record {first + 1} of shoal.customer-profiles\[1\] is part 1 .*first part is missing"
    with pytest.raises(BlockError, match=place):
        restore(log, PROFILES, PARTITION, end(log), chain())


def test_a_record_of_somebody_else_is_named(log: Log) -> None:
    live = Live()
    one_more(live, log)
    at = write(log, [b"hello"])
    with pytest.raises(BlockError, match=rf"record {at} of .*\[1\] is no profile block"):
        restore(log, PROFILES, PARTITION, end(log), chain())


def test_a_block_whose_end_is_missing_is_refused(log: Log) -> None:
    live = Live()
    live.fold([{}])
    write(log, live.block()[:-1])
    with pytest.raises(BlockError, match="in the middle of a block"):
        restore(log, PROFILES, PARTITION, end(log), chain())


def test_a_block_that_does_not_go_with_the_state_is_named(log: Log) -> None:
    live = Live()
    one_more(live, log)
    live.head_changes = {"customers": 9}
    one_more(live, log)
    with pytest.raises(BlockError, match=r"record \d+ of .*\[1\] has not all of the rows"):
        restore(log, PROFILES, PARTITION, end(log), chain())
