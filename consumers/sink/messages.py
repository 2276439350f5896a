"""What tasks and the snapshot job have told, read on and sorted by what it is.

Apart from the sink because nothing here is written yet.
"""

from __future__ import annotations

import logging
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from consumers.sink.following import Followed
from consumers.sink.told import Change, read_change
from stream.contracts.drift import DriftReport
from stream.contracts.model import SegmentModel
from stream.errors import InvalidMessage
from stream.log.closing import ClosingMixin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from consumers.sink.places import Place
    from stream.contracts.segment_event import SegmentEvent
    from stream.log.seam import Log
    from stream.topics import Topics

    Ends = Mapping[str, Mapping[int, int]]

Message = TypeVar("Message", SegmentModel, DriftReport)

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Told:
    """Messages that are to be written."""

    changes: list[tuple[int, int, Change]] = field(default_factory=list)
    """Each with its partition and its position."""

    events: list[SegmentEvent] = field(default_factory=list)
    models: list[SegmentModel] = field(default_factory=list)
    reports: list[tuple[int, DriftReport]] = field(default_factory=list)
    """Each with its position."""

    unreadable: int = 0


class Messages(ClosingMixin):
    """From where the database stands in each topic."""

    def __init__(self, log: Log, topics: Topics, there: Mapping[tuple[str, int], Place]) -> None:
        self._topics = topics
        with ExitStack() as opening:
            self.followed = [
                opening.enter_context(Followed(log, topic, there))
                for topic in (topics.changes, topics.models, topics.drift)
            ]
            self._opened = opening.pop_all()

    def close(self) -> None:
        self._opened.close()

    def read_on(self, ends: Ends, most: int) -> Told:
        """Up to `ends`, or about so many of each kind."""
        told = Told()
        changes, models, reports = self.followed
        for batch in changes.read_on(ends[changes.topic], most):
            for offset, record in batch:
                self._sort(told, batch.partition, offset, record.value)
        for batch in models.read_on(ends[models.topic], most):
            for offset, record in batch:
                if model := _read(SegmentModel, record.value, told, models.topic, offset):
                    told.models.append(model)
        for batch in reports.read_on(ends[reports.topic], most):
            for offset, record in batch:
                if report := _read(DriftReport, record.value, told, reports.topic, offset):
                    told.reports.append((offset, report))
        return told

    def _sort(self, told: Told, partition: int, offset: int, value: bytes | None) -> None:
        found = read_change(value)
        if isinstance(found, Change):
            told.changes.append((partition, offset, found))
        elif found is not None:
            told.events.append(found)
        else:
            _pass_over(told, self._topics.changes, partition, offset)


def _read(
    kind: type[Message], value: bytes | None, told: Told, topic: str, offset: int
) -> Message | None:
    try:
        return kind.from_json(value)
    except InvalidMessage:
        _pass_over(told, topic, 0, offset)
        return None


def _pass_over(told: Told, topic: str, partition: int, offset: int) -> None:
    """Somebody else wrote there: nothing that a table could hold."""
    told.unreadable += 1
    logger.warning("record %s of %s[%s] is no message of Shoal's", offset, topic, partition)
