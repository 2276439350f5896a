"""Publishing a model: the version and its `Promote`s in one transaction, by one publisher a prefix.

Rule 22 of the exactly-once rules. Whoever opens a publisher takes the name over, and whoever had
it before can publish nothing any more: so nobody publishes after a list of versions that is stale.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from snapshot.numbering import numbered
from snapshot.published import published_models
from stream.contracts.commands import Promote
from stream.contracts.instant import milliseconds
from stream.errors import Fenced
from stream.log.batch import Record, Records
from stream.log.closing import ClosingMixin

if TYPE_CHECKING:
    from datetime import datetime

    from stream.contracts.model import SegmentModel
    from stream.log.seam import Log
    from stream.topics import Topics


def publisher_name(topics: Topics) -> str:
    """The transactional id of whoever publishes under the prefix."""
    return f"{topics.prefix}snapshot"


class Publisher(ClosingMixin):
    """The one who publishes under a prefix, until another one opens.

    1. Takes the name over: a publication under way elsewhere is fenced.
    2. Reads every version there is, up to an end that nothing undecided lies before.
    3. Only then publishes, as the version after the last of these.
    """

    def __init__(self, log: Log, topics: Topics) -> None:
        self._log, self._topics = log, topics
        self._partitions = log.partitions(topics.transactions)
        log.create_topics([spec for spec in topics.specs() if spec.name == topics.models])
        self._producer = log.producer(publisher_name(topics))  # 1
        try:
            self.models = published_models(log, topics.models)  # 2
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
        promote = Promote(version=version.version, instant=version.instant)
        written_ms = milliseconds(created_at)
        try:
            with self._producer.transaction() as transaction:  # 3
                transaction.append(self._topics.models, 0, _one(version.to_json(), written_ms))
                for partition in range(self._partitions):
                    command = _one(promote.to_json(), written_ms)
                    transaction.append(self._topics.transactions, partition, command)
        except Fenced:
            raise Fenced(
                f"another publisher took over {publisher_name(self._topics)!r} meanwhile, and "
                "nothing of this was published: see `shoal models list`, then try again"
            ) from None
        self.models.append(version)
        return version

    def close(self) -> None:
        self._producer.close()


def _one(value: bytes, written_ms: int) -> Records:
    return Records.of([Record(None, value, written_ms)])
