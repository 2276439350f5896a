"""Shoal's topics: one table of names, partitions and what the broker must keep of them."""

from dataclasses import dataclass

from stream.log.seam import TopicSpec
from stream.times import DAY_MS

FOREVER = {"cleanup.policy": "delete", "retention.ms": "-1", "retention.bytes": "-1"}
# Expired profile blocks can only go with their segment: an hour bounds an erasure.
BLOCKS = FOREVER | {"segment.ms": "3600000"}


def expires(days: int) -> dict[str, str]:
    return {"cleanup.policy": "delete", "retention.ms": str(days * DAY_MS)}


@dataclass(frozen=True, slots=True)
class Topics:
    """The names under one prefix; several prefixes share a cluster.

    >>> Topics().transactions
    'shoal.transactions'
    >>> [spec.partitions for spec in Topics(partitions=4).specs()]
    [4, 4, 4, 4, 1, 1, 1, 1]
    """

    prefix: str = "shoal."
    partitions: int = 1
    max_message_bytes: int = 1_000_000
    replication_factor: int | None = None  # None: as the broker has it

    @property
    def transactions(self) -> str:
        return f"{self.prefix}transactions"

    @property
    def dead_letters(self) -> str:
        return f"{self.prefix}transactions.dead-letter"

    @property
    def changes(self) -> str:
        return f"{self.prefix}segment-changes"

    @property
    def profiles(self) -> str:
        return f"{self.prefix}customer-profiles"

    @property
    def models(self) -> str:
        return f"{self.prefix}segment-models"

    @property
    def drift(self) -> str:
        return f"{self.prefix}drift-metrics"

    @property
    def insights(self) -> str:
        return f"{self.prefix}customer-insights"

    @property
    def experiments(self) -> str:
        return f"{self.prefix}experiments"

    def specs(self) -> list[TopicSpec]:
        """Every topic as it has to be. What only expires has a finite time to live."""
        return [
            self._spec(self.transactions, self.partitions, expires(days=365)),
            self._spec(self.dead_letters, self.partitions, expires(days=14)),
            self._spec(self.changes, self.partitions, expires(days=365)),
            self._spec(self.profiles, self.partitions, BLOCKS),
            self._spec(self.models, 1, FOREVER),
            self._spec(self.drift, 1, FOREVER),
            self._spec(self.insights, 1, expires(days=90)),
            self._spec(self.experiments, 1, FOREVER),
        ]

    def _spec(self, name: str, partitions: int, configs: dict[str, str]) -> TopicSpec:
        limit = {"max.message.bytes": str(self.max_message_bytes)}
        return TopicSpec(name, partitions, configs | limit, self.replication_factor)
