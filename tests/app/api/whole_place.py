"""A worker, a sink and an API, each a process, over a real Kafka and a real PostgreSQL."""

from __future__ import annotations

import time
import uuid
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from msgspec import structs

from app.wiring import Wiring
from snapshot.publishing import Publication, Publisher
from stream.contracts.alert import Decision, Outcome
from stream.contracts.change import SegmentChange
from stream.contracts.commands import Tick
from stream.contracts.drift import DriftReport
from stream.contracts.fast import encode
from stream.contracts.instant import milliseconds
from stream.log.batch import Record, Records
from stream.log.partitioning import partition_of
from stream.model.change import instant
from stream.settings import load_settings
from stream.times import DAY_MS
from tests.lockstep.processes import shoal
from tests.snapshot.logs import NOW, START, made_by_hand, values
from tests.snapshot.shops import purchases
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from stream.log.seam import Log
    from tests.lockstep.processes import Running

PARTITIONS, DAYS = 2, 40
LINES = purchases(60, DAYS)
DAY_S = DAY_MS // 1000
SAYS = "answering on "
SETTINGS = """
[log]
url = "{url}"
[topics]
prefix = "{prefix}"
partitions = 2
[consume]
worker = "one"
erasure_checkpoint_minutes = 0
[sink]
db = "{database}"
commit_ms = 20
[api]
requests_per_second = 1000
burst = 10000
"""


@dataclass
class Place:
    """A shop that is told what happens in it, day by day."""

    folder: Path
    wiring: Wiring
    log: Log
    day: int = 0
    first_ms: int = field(default_factory=lambda: (int(time.time()) // DAY_S - DAYS) * DAY_MS)
    """The shop's first midnight: the broker drops what is old."""

    _stack: ExitStack = field(default_factory=ExitStack)
    _running: dict[str, Running] = field(default_factory=dict)

    def __enter__(self) -> Place:
        self.log.create_topics(self.wiring.topics().specs())
        for name in ("consume", "sink"):
            self.start(name)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def start(self, name: str, *words: str) -> Running:
        self._running[name] = self._stack.enter_context(shoal(self.folder, name, *words))
        return self._running[name]

    def kill(self, name: str) -> None:
        self._running[name].process.kill()
        self._running[name].process.wait(60)

    def api(self) -> str:
        """Its address, once it listens."""
        running = self.start("api", "--port", "0")
        until(lambda: SAYS in running.err.read_text("utf-8"), "the API", seconds=60)
        return running.err.read_text("utf-8").partition(SAYS)[2].split()[0]

    def go_on(self, days: int) -> None:
        """So many days more: what was bought, and at each one's end its midnight."""
        records: dict[int, list[Record]] = {part: [] for part in range(PARTITIONS)}
        for day in range(self.day, self.day + days):
            for partition, record in self._of(self.first_ms + day * DAY_MS):
                records[partition].append(record)
        self.day += days
        with self.log.writer() as writer:
            for partition, theirs in records.items():
                writer.append(self.wiring.topics().transactions, partition, Records.of(theirs))
            writer.flush()

    def promote(self) -> None:
        """The first model."""
        decided = Decision(outcome=Outcome.PROMOTED, version=1)
        report = DriftReport(
            instant=START, created_at=NOW, model_version=None, customers=60, decision=decided
        )
        with Publisher(self.log, self.wiring.topics()) as publisher:
            publisher.publish_all(Publication(report, made_by_hand(), []), NOW)

    def changes(self) -> list[SegmentChange]:
        """All that there are, once the worker has read everything."""
        topics = self.wiring.topics()
        ends = {
            part: self.log.settled_end(topics.transactions, part, 60) for part in range(PARTITIONS)
        }
        group = self.wiring.settings.group

        def is_read() -> bool:
            done = self.log.committed(group, topics.transactions)
            return all(done.get(part, 0) >= end for part, end in ends.items())

        until(is_read, "the worker")
        told = [one for part in range(PARTITIONS) for one in values(self.log, topics.changes, part)]
        return [SegmentChange.from_json(one) for one in told if one and b"segment_event" not in one]

    def _of(self, day_ms: int) -> Iterator[tuple[int, Record]]:
        for line in LINES:
            at_ms = milliseconds(line.occurred_at) - milliseconds(START) + self.first_ms
            if day_ms <= at_ms < day_ms + DAY_MS:
                key = line.customer_id.encode()
                told = encode(structs.replace(line, occurred_at=instant(at_ms)))
                yield partition_of(key, PARTITIONS), Record(key, told, at_ms)
        midnight = day_ms + DAY_MS
        tick = Record(None, Tick(instant=instant(midnight)).to_json(), midnight)
        yield from ((partition, tick) for partition in range(PARTITIONS))


def made_wiring(folder: Path, url: str, database: str) -> Wiring:
    """Of the settings that commands find in the folder."""
    prefix = f"everywhere.{uuid.uuid4().hex[:8]}."
    file = folder / "shoal.toml"
    file.write_text(SETTINGS.format(url=url, prefix=prefix, database=database), "utf-8")
    return Wiring(load_settings(file, {}))
