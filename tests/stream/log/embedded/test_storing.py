"""What only a file has: damage, a full disk, room given back, and waiting for one another."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import pytest

from stream.errors import CommitFailed, LogError, PositionOutOfRange, TopicMissing
from stream.log.batch import Record, Records
from stream.log.embedded import EmbeddedLog
from stream.log.embedded.reading import POLL_BYTES
from stream.log.seam import TopicSpec

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECRET = b"customer-17850"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "shoal.db"


@pytest.fixture
def log(file: Path) -> Iterator[EmbeddedLog]:
    with EmbeddedLog(str(file), busy_seconds=5) as log:
        log.create_topics([TopicSpec("topic", 4)])
        yield log


def numbered(count: int, start: int = 0, size: int = 10) -> Records:
    return Records.of(Record(b"%d" % i, bytes(size), i) for i in range(start, start + count))


@pytest.mark.parametrize(
    "damage", ["data = zeroblob(9)", "first_timestamp = 0", "record_count = 9", "checksum = 1"]
)
def test_a_damaged_file_is_told_by_topic_and_offset_and_not_skipped(
    log: EmbeddedLog, file: Path, damage: str
) -> None:
    with log.writer() as writer:
        for start in range(0, 50, 10):
            writer.append("topic", 0, numbered(10, start))
    with closing(sqlite3.connect(file, isolation_level=None)) as disk:
        disk.execute(f"UPDATE batches SET {damage} WHERE base_offset = 30")
    with log.reader("topic", {0: 35}) as reader:
        for _ in range(2):
            with pytest.raises(LogError, match=r"topic\[0\] is damaged at offset 30"):
                reader.poll(0)
        assert reader.positions() == {0: 35}


@pytest.mark.skipif(sys.platform == "win32", reason="limits file sizes as POSIX does")
def test_a_full_disk_fails_the_commit_and_leaves_nothing_of_it(log: EmbeddedLog) -> None:
    with (
        log.producer("one") as producer,
        pytest.raises(CommitFailed, match=r"did not happen.*(disk|room)"),
        full_disk(),
        producer.transaction() as transaction,
    ):
        transaction.append("topic", 0, numbered(3))
        transaction.append("topic", 1, numbered(4000, size=1000))
    assert {bounds.end for bounds in log.bounds("topic").values()} == {0}
    with log.producer("one") as producer, producer.transaction() as transaction:
        transaction.append("topic", 1, numbered(4000, size=1000))
    assert log.bounds("topic")[1].end == 4000


@contextmanager
def full_disk() -> Iterator[None]:
    """No file can grow beyond a megabyte."""
    import resource  # of POSIX alone

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("before", [2, 3])
def test_what_was_truncated_is_in_no_file_any_more(
    log: EmbeddedLog, file: Path, before: int
) -> None:
    """Also where the position lies in the middle of what was appended."""
    secret = [Record(b"k", SECRET, 0), Record(b"k", SECRET * 50_000, 0)]
    log.create_topics([TopicSpec("wide", 1, {"max.message.bytes": "2000000"})])
    with log.writer() as writer:
        writer.append("wide", 0, Records.of([*secret, Record(b"k", b"stays", 0)]))
        writer.append("wide", 0, numbered(1))
    assert SECRET in written_under(file)
    log.truncate("wide", 0, before)
    assert SECRET not in written_under(file)
    assert (b"stays" in written_under(file)) == (before == 2)


def test_a_truncation_of_many_batches_leaves_only_what_lies_behind_it(
    log: EmbeddedLog, file: Path
) -> None:
    with log.writer() as writer:
        for i in range(200):
            writer.append("topic", i % 2, numbered(3, i))
    log.truncate("topic", 0, 299)
    with closing(sqlite3.connect(file)) as disk:
        rows = "SELECT sum(record_count) FROM batches GROUP BY partition_id"
        assert disk.execute(rows).fetchall() == [(1,), (300,)]
    assert log.positions_at("topic", 0) == {0: 299, 1: 0, 2: 0, 3: 0}


def test_a_deleted_topic_is_in_no_file_any_more(log: EmbeddedLog, file: Path) -> None:
    with log.writer() as writer:
        writer.append("topic", 0, Records.of([Record(b"k", SECRET, 0)]))
    log.delete_topics(["topic"])
    assert SECRET not in written_under(file)


def written_under(file: Path) -> bytes:
    """Read by another process: opening the file here would drop SQLite's own locks."""
    code = "import sys\nfor f in sys.argv[1:]: sys.stdout.buffer.write(open(f, 'rb').read())"
    parts = [str(part) for part in file.parent.iterdir()]
    return subprocess.run(
        [sys.executable, "-c", code, *parts], check=True, capture_output=True
    ).stdout


def test_a_topic_made_anew_is_not_taken_for_the_former(log: EmbeddedLog) -> None:
    with log.writer() as writer, log.reader("topic", {0: 0}) as reader:
        writer.append("topic", 0, numbered(5))
        assert len(reader.poll(0)[0]) == 5
        log.delete_topics(["topic"])
        with pytest.raises(TopicMissing):
            reader.poll(0)
        log.create_topics([TopicSpec("topic", 1)])
        writer.append("topic", 0, numbered(9))
        with pytest.raises(PositionOutOfRange) as caught:
            reader.poll(0)
        assert (caught.value.start, caught.value.end) == (0, 9)


def test_a_poll_is_bounded_and_every_partition_has_its_turn(log: EmbeddedLog) -> None:
    with log.writer() as writer:
        for partition in range(4):
            writer.append("topic", partition, numbered(10_000, size=1000))
    with log.reader("topic", dict.fromkeys(range(4), 0)) as reader:
        while batches := reader.poll(0):
            assert sum(batch.records.values.lengths.sum() for batch in batches) < 1.2 * POLL_BYTES
            assert (
                reader.lag() == {0: 0, 1: 0, 2: 0, 3: 0}
                or len({batch.partition for batch in batches}) == 4
            )
        assert reader.positions() == dict.fromkeys(range(4), 10_000)


def test_large_records_of_one_partition_do_not_keep_another_waiting(log: EmbeddedLog) -> None:
    log.create_topics([TopicSpec("wide", 4, {"max.message.bytes": str(POLL_BYTES)})])
    with log.writer() as writer:
        for partition in range(4):
            writer.append("wide", partition, numbered(3, size=POLL_BYTES // 2))
    with log.reader("wide", dict.fromkeys(range(4), 0)) as reader:
        seen = {batch.partition for _ in range(3) for batch in reader.poll(0)}
    assert seen == {0, 1, 2, 3}


def test_an_idle_reader_keeps_nothing_in_the_write_ahead_log(log: EmbeddedLog, file: Path) -> None:
    with log.writer() as writer, log.reader("topic", {0: 0}) as reader:
        writer.append("topic", 0, numbered(10))
        reader.poll(0)
        writer.append("topic", 0, numbered(1000, size=1000))
        with closing(sqlite3.connect(file)) as other:
            busy, _, _ = other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        assert busy == 0


def test_writers_wait_for_one_another_and_lose_nothing(log: EmbeddedLog, file: Path) -> None:
    def write(first: int) -> None:
        with EmbeddedLog(str(file)) as mine, mine.writer() as writer:
            for i in range(40):
                writer.append("topic", 0, numbered(5, first + 5 * i))

    threads = [threading.Thread(target=write, args=(1000 * i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = []
    with log.reader("topic", {0: 0}) as reader:
        while batches := reader.poll(0):
            found += [pair for batch in batches for pair in batch]
    assert [offset for offset, _ in found] == list(range(800))
    keys = [int(record.key or b"") for _, record in found]
    for first in range(0, 4000, 1000):
        mine = [key for key in keys if first <= key < first + 1000]
        assert mine == list(range(first, first + 200))


def test_a_writer_waits_for_another_process_that_writes(log: EmbeddedLog, file: Path) -> None:
    hog = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    hog.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.3, hog.execute, ("COMMIT",))
    release.start()
    with log.writer() as writer:
        writer.append("topic", 0, numbered(3))
        assert writer.acknowledged == 3
    release.join()
    hog.close()


def test_a_writer_writes_nothing_more_after_an_append_that_failed(file: Path) -> None:
    with (
        EmbeddedLog(str(file), busy_seconds=0.1) as log,
        closing(sqlite3.connect(file, isolation_level=None)) as hog,
    ):
        log.create_topics([TopicSpec("topic", 1)])
        with log.writer() as writer:
            hog.execute("BEGIN IMMEDIATE")
            with pytest.raises(LogError, match="another process"):
                writer.append("topic", 0, numbered(3))
            hog.execute("COMMIT")
            for _ in range(2):
                with pytest.raises(LogError, match=r"an earlier append failed: .*another process"):
                    writer.append("topic", 0, numbered(3, 3))
            with pytest.raises(LogError, match="an earlier append failed"):
                writer.flush()
            assert writer.acknowledged == 0
        assert log.bounds("topic")[0].end == 0


def test_a_writer_that_waited_in_vain_says_for_what(file: Path) -> None:
    with (
        EmbeddedLog(str(file), busy_seconds=0.1) as log,
        closing(sqlite3.connect(file, isolation_level=None)) as hog,
    ):
        hog.execute("BEGIN IMMEDIATE")
        with pytest.raises(LogError, match="another process has been writing all the while"):
            log.create_topics([TopicSpec("topic", 1)])
