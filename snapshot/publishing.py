"""Publishing what a snapshot came to: all of it in one transaction, by one publisher a prefix.

Rule 22 of the exactly-once rules. Whoever opens a publisher takes the name over, and whoever had
it before can publish nothing any more: so nobody publishes after a list of versions that is stale.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from snapshot.numbering import numbered
from snapshot.published import published_models, published_reports
from stream.contracts.commands import Promote
from stream.contracts.instant import milliseconds
from stream.errors import Fenced
from stream.log.batch import Record, Records
from stream.log.closing import ClosingMixin
from stream.log.partitioning import partition_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from stream.contracts.drift import DriftReport
    from stream.contracts.model import SegmentModel
    from stream.contracts.segment_event import SegmentEvent
    from stream.log.seam import Log, Transaction
    from stream.topics import Topics


@dataclass(frozen=True, slots=True)
class Publication:
    """What becomes visible together, or never."""

    report: DriftReport | None = None
    model: SegmentModel | None = None
    """With a `Promote` on every partition."""

    events: Sequence[SegmentEvent] = ()
    """What happens to segments with the model."""

    insights: Iterable[bytes] = ()
    """Messages of what is expected; they may be made while they are written."""


def publisher_name(topics: Topics) -> str:
    """The transactional id of whoever publishes under the prefix."""
    return f"{topics.prefix}snapshot"


def make_topics(log: Log, topics: Topics) -> Topics:
    """The topics that a publisher writes to, made where they are missing, with as many partitions
    as the transactions have."""
    topics = replace(topics, partitions=log.partitions(topics.transactions))
    written = {topics.models, topics.drift, topics.changes, topics.insights}
    log.create_topics([spec for spec in topics.specs() if spec.name in written])
    return topics


class Publisher(ClosingMixin):
    """The one who publishes under a prefix, until another one opens.

    1. Takes the name over: a publication under way elsewhere is fenced.
    2. Reads every version and every report there is, up to an end that nothing undecided lies
       before.
    3. Only then publishes, as the version after the last of these.
    """

    def __init__(self, log: Log, topics: Topics) -> None:
        self._topics = make_topics(log, topics)
        self._producer = log.producer(publisher_name(topics))  # 1
        try:
            self.models = published_models(log, topics.models)  # 2
            self.reports = published_reports(log, topics.drift)
        except BaseException:
            self.close()
            raise

    @property
    def last(self) -> SegmentModel | None:
        """The newest version there is."""
        return self.models[-1] if self.models else None

    def publish(self, model: SegmentModel, created_at: datetime) -> SegmentModel:
        """Publishes it as the next version, with a `Promote` on every partition; what it became.

        `Fenced` where another publisher opened meanwhile; then nothing happened.
        """
        version = numbered(model, self.last, created_at)
        self.publish_all(Publication(model=version), created_at)
        return version

    def publish_all(self, publication: Publication, created_at: datetime) -> None:
        """Everything in one transaction; the model is numbered already.

        `Fenced` where another publisher opened meanwhile; then nothing happened.
        """
        try:
            with self._producer.transaction() as transaction:  # 3
                _Writing(transaction, self._topics, milliseconds(created_at)).all_of(publication)
        except Fenced:
            raise Fenced(
                f"another publisher took over {publisher_name(self._topics)!r} meanwhile, and "
                "nothing of this was published: see `shoal models list`, then try again"
            ) from None
        if publication.model is not None:
            self.models.append(publication.model)
        if publication.report is not None:
            self.reports.append(publication.report)

    def close(self) -> None:
        self._producer.close()


@dataclass(frozen=True, slots=True)
class _Writing:
    transaction: Transaction
    topics: Topics
    written_ms: int

    def all_of(self, publication: Publication) -> None:
        if publication.model is not None:
            self._append(self.topics.models, 0, publication.model.to_json())
        if publication.report is not None:
            self._append(self.topics.drift, 0, publication.report.to_json())
        self._events(publication.events)
        for message in publication.insights:
            self._append(self.topics.insights, 0, message)
        if publication.model is not None:
            self._promote(publication.model)

    def _promote(self, model: SegmentModel) -> None:
        promote = Promote(version=model.version, instant=model.instant)
        for partition in range(self.topics.partitions):
            self._append(self.topics.transactions, partition, promote.to_json())

    def _events(self, events: Sequence[SegmentEvent]) -> None:
        """By their segments, so that each segment's are in order."""
        shares: dict[int, list[Record]] = defaultdict(list)
        for event in events:
            key = event.segment.id.encode()
            partition = partition_of(key, self.topics.partitions)
            shares[partition].append(Record(key, event.to_json(), self.written_ms))
        for partition, records in sorted(shares.items()):
            self.transaction.append(self.topics.changes, partition, Records.of(records))

    def _append(self, topic: str, partition: int, value: bytes) -> None:
        self.transaction.append(
            topic, partition, Records.of([Record(None, value, self.written_ms)])
        )
