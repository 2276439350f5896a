"""A shop on one log: its settings, and what commands made of it there."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from app.wiring import Wiring
from snapshot.marks import Marks
from snapshot.moment import moment_of
from snapshot.reading_at import partitions_at
from snapshot.table import latest_instant
from stream.settings import load_settings
from tests.chaos.copying import records_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stream.contracts.change import SegmentChange
    from stream.log.seam import Log

PARTITIONS = 2
SETTINGS = """
[log]
url = "{url}"

[topics]
prefix = "{prefix}"
partitions = {partitions}

[snapshot]
least_customers = 100
least_days = 14

[lenses.value]
[lenses.habits]
k = 3
"""

Segments = dict[tuple[str, str], str]
"""By lens and customer, the id of the segment; who is in none isn't there."""


@dataclass(frozen=True)
class Shop:
    """In a folder in which commands find its settings."""

    folder: Path
    url: str
    prefix: str

    def write_settings(self) -> None:
        said = SETTINGS.format(url=self.url, prefix=self.prefix, partitions=PARTITIONS)
        (self.folder / "shoal.toml").write_text(said, "utf-8")

    @cached_property
    def wiring(self) -> Wiring:
        return Wiring(load_settings(self.folder / "shoal.toml", {}))

    @property
    def is_embedded(self) -> bool:
        return self.url.startswith("sqlite:")

    @property
    def is_there(self) -> bool:
        """Whether there is anything to open: an embedded log is a file that somebody makes."""
        return not self.is_embedded or Path(self.url.removeprefix("sqlite:///")).exists()

    def has_topics(self, log: Log) -> bool:
        """Whether a subscriber has something to subscribe to."""
        return self.wiring.topics().changes in {topic.name for topic in log.topics()}

    def is_read(self, log: Log) -> bool:
        """Whether workers have committed all that there is to read."""
        topic = self.wiring.topics().transactions
        committed = log.committed(self.wiring.settings.group, topic)
        if len(committed) < PARTITIONS:
            return False
        return not any(records_of(log, topic, committed).values())

    def said(self, log: Log, kind: str) -> list[bytes]:
        """What lies on the topic of changes: those of customers, or the events of segments."""
        found = records_of(log, self.wiring.topics().changes).values()
        values = [record.value or b"" for records in found for _, record in records]
        return [value for value in values if json.loads(value)["type"] == kind]

    def segments(self, log: Log) -> Segments:
        """Where the profiles on the log have everybody in the end."""
        settings, topics = self.wiring.settings, self.wiring.topics()
        with Marks(log, topics, settings) as marks:
            marks.read_on()
            there = partitions_at(log, topics, settings, marks.midnights.partitions, None)
        moment = moment_of(there, (), latest_instant([one.profiles for one in there]))
        return {
            (lens, customer): segment
            for lens, at in moment.lenses.items()
            for customer, segment in zip(moment.table.ids, at.segment_ids(), strict=True)
            if segment is not None
        }


def folded(changes: Iterable[SegmentChange]) -> Segments:
    """Where a subscriber has everybody who was told no more than the changes, in their order."""
    last = {(change.lens, change.customer_id): change.current for change in changes}
    return {who: segment.id for who, segment in last.items() if segment is not None}
