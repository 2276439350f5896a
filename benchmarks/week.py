"""The topic that is measured on: a million lines of a week, a model fitted on them before it.

The model comes first on every partition, so that each line is looked at under it. It is fitted
on where the week ends, by folding the week once in this process.
"""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from app.log_tasks import LogTasks
from benchmarks.data import Now
from benchmarks.lens import fitted, write_settings
from benchmarks.lines import batch_of, records_of
from benchmarks.shops import sales
from snapshot.publishing import Publisher
from stream.log.open import open_log
from stream.log.partitioning import partitions_of
from stream.topics import Topics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.lines import Sales
    from stream.contracts.model import SegmentModel
    from stream.log.batch import Records
    from stream.log.seam import Log
    from stream.settings import Settings

LINES, CUSTOMERS, DAYS, PARTITIONS = 1_000_000, 50_000, 7, 4
AT_ONCE = 50_000


@dataclass(frozen=True, slots=True)
class Place:
    """A prefix on a log, and the settings to work there."""

    url: str
    settings: Settings
    file: Path
    topics: Topics

    def words(self, *more: str) -> list[str]:
        return ["consume", "--config", str(self.file), *more]


@contextmanager
def place(url: str, *, grace_seconds: float = 5) -> Iterator[Place]:
    """New topics, that are deleted afterwards."""
    prefix = f"bench.{uuid.uuid4().hex[:8]}."
    topics = Topics(prefix, PARTITIONS)
    with TemporaryDirectory() as folder, open_log(url) as log:
        file = Path(folder) / "bench.toml"
        settings = write_settings(file, url, prefix, PARTITIONS, grace_seconds)
        log.create_topics(topics.specs())
        try:
            yield Place(url, settings, file, topics)
        finally:
            log.delete_topics([spec.name for spec in topics.specs()])


class Week:
    """Made once; written to as many places as are asked for."""

    def __init__(self, lines: int = LINES) -> None:
        self.sales = sales(CUSTOMERS, lines, DAYS)
        self._model: SegmentModel | None = None

    def __len__(self) -> int:
        return len(self.sales)

    def write(self, to: Place) -> None:
        with open_log(to.url) as log:
            publish(log, to.topics, self.model(log, to))
            with log.writer() as writer:
                for records in chunks(self.sales):
                    for partition, theirs in by_partition(records):
                        writer.append(to.topics.transactions, partition, theirs)
                writer.flush()

    def model(self, log: Log, at: Place) -> SegmentModel:
        if self._model is None:
            self._model = self._fitted(log, at)
        return self._model

    def _fitted(self, log: Log, at: Place) -> SegmentModel:
        made = LogTasks(log, at.topics, at.settings)
        tasks = [made.new(partition, 0) for partition in range(PARTITIONS)]
        for records in chunks(self.sales):
            for partition, theirs in by_partition(records):
                task = tasks[partition]
                task.take(batch_of(theirs, task.position), Now().now_ms())
                task.collect(Now().now_ms())
        return fitted([task.state.profiles for task in tasks], at.settings)


def publish(log: Log, topics: Topics, model: SegmentModel) -> SegmentModel:
    with Publisher(log, topics) as publisher:
        return publisher.publish(model, datetime.now(UTC))


def chunks(them: Sales) -> Iterator[Records]:
    """As they come from a producer that sends old lines now."""
    for begin in range(0, len(them), AT_ONCE):
        yield records_of(them.take(slice(begin, begin + AT_ONCE)), Now().now_ms())


def by_partition(records: Records) -> Iterator[tuple[int, Records]]:
    where = partitions_of(records, PARTITIONS)
    for partition in range(PARTITIONS):
        yield partition, compact(records.take(np.flatnonzero(where == partition)))


def compact(records: Records) -> Records:
    """Over no more bytes than its own lines, as a batch is that a log brings."""
    width = int(records.values.lengths[0]) if len(records) else 0
    count = len(records)
    rows = records.buffer.reshape(-1, max(width, 1))[records.values.starts // max(width, 1)]
    begins = np.arange(count) * width
    shift = begins - records.values.starts
    return type(records)(
        rows.reshape(-1),
        records.keys._replace(starts=records.keys.starts + shift),
        records.values._replace(starts=begins),
        records.headers._replace(starts=begins),
        records.timestamps,
    )
