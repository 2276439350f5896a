from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from producers.replaying.progress_mark import place_of_row, tick_headers
from producers.replaying.tail import FIRST_STEP, tails
from stream.log.batch import Record, Records
from tests.producers.replays import TOPIC, log_with_topic

if TYPE_CHECKING:
    from pathlib import Path

    from stream.log.seam import Log

OURS, OTHER = "0123456789ab", "ba9876543210"
FOREIGN = Record(b"k", b"{}", 0, (("trace", b"1"),))
PLAIN = Record(b"k", b"{}", 0)


def marked(fingerprint: str, row: int) -> Record:
    return Record(b"k", b"{}", 0, (("shoal-row", f"{fingerprint}:{row:012}".encode()),))


def filled(log: Log, *partitions: list[Record]) -> None:
    with log.writer() as writer:
        for partition, records in enumerate(partitions):
            if records:
                writer.append(TOPIC, partition, Records.of(records))


@pytest.mark.parametrize("behind", [0, 1, FIRST_STEP - 1, FIRST_STEP, FIRST_STEP + 1, 20_000])
def test_the_last_mark_is_found_however_many_records_lie_behind_it(
    tmp_path: Path, behind: int
) -> None:
    with log_with_topic(tmp_path / "log.db", 1) as log:
        filled(log, [PLAIN, marked(OURS, 6), marked(OURS, 7)])
        filled(log, [PLAIN if i % 2 else FOREIGN for i in range(behind)])
        assert tails(log, TOPIC, OURS).places.tolist() == [place_of_row(7)]


def test_each_partition_has_its_own_and_some_have_none(tmp_path: Path) -> None:
    with log_with_topic(tmp_path / "log.db", 4) as log:
        tick = Record(None, b"{}", 0, tick_headers(OURS, 9, 2))
        filled(log, [marked(OURS, 3)], [], [FOREIGN], [marked(OURS, 4), tick, PLAIN])
        found = tails(log, TOPIC, OURS)
        assert found.places.tolist() == [place_of_row(3), -1, -1, 9 * 64 + 2]
        assert found.found
        assert found.others == frozenset()


def test_the_last_is_meant_not_the_highest(tmp_path: Path) -> None:
    """A replay begun a second time ends where the second one got to."""
    with log_with_topic(tmp_path / "log.db", 1) as log:
        filled(log, [marked(OURS, 0), marked(OURS, 1), marked(OURS, 2), marked(OURS, 0)])
        assert tails(log, TOPIC, OURS).places.tolist() == [place_of_row(0)]


def test_other_replays_are_looked_through_and_named(tmp_path: Path) -> None:
    with log_with_topic(tmp_path / "log.db", 2) as log:
        filled(log, [marked(OURS, 5), marked(OTHER, 1)], [marked(OTHER, 2)])
        found = tails(log, TOPIC, OURS)
        assert found.places.tolist() == [place_of_row(5), -1]
        assert found.others == {OTHER}


def test_what_was_truncated_is_not_looked_for(tmp_path: Path) -> None:
    with log_with_topic(tmp_path / "log.db", 1) as log:
        filled(log, [marked(OURS, 5), PLAIN, PLAIN])
        log.truncate(TOPIC, 0, before=2)
        assert not tails(log, TOPIC, OURS).found


def test_a_look_near_the_end_stays_there(tmp_path: Path) -> None:
    with log_with_topic(tmp_path / "log.db", 1) as log:
        filled(log, [marked(OURS, 5)], [])
        filled(log, [PLAIN] * (FIRST_STEP + 5))
        assert not tails(log, TOPIC, OURS, only_near_end=True).found
        assert tails(log, TOPIC, OURS).found
