"""How records get through kafka-python: by whole batches, or one by one as it documents.

The two ways do the same; the conformance suite runs over both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from stream.log.batch import RecordBatch, Records

    Done = Callable[[int, Exception | None], None]


class Way(Protocol):
    """Moves batches between Shoal's form and kafka-python's clients."""

    consumer_options: Mapping[str, object]
    producer_options: Mapping[str, object]

    def prepare_consumer(self, consumer: Any) -> None:
        """Readies a new consumer to bring what `batches` takes."""
        ...

    def prepare_producer(self, producer: Any) -> None:
        """Readies a new producer for `send`."""
        ...

    def batches(self, polled: Mapping[Any, list[Any]]) -> list[RecordBatch]:
        """What a poll brought."""
        ...

    def send(self, producer: Any, topic: str, partition: int, records: Records, done: Done) -> None:
        """Hands records over; `done(count, error)` is called, perhaps in parts, for all of them.

        They fit one batch. `done` runs on the client's own thread. They may wait for `wake`.
        """
        ...

    def wake(self, producer: Any) -> None:
        """Has what was handed over sent now."""
        ...

    def stop(self, producer: Any, error: Exception) -> None:
        """Drops what was not sent yet, so that nothing overtakes what failed."""
        ...

    def identity(self, producer: Any) -> tuple[int, int] | None:
        """The producer's id and epoch with the broker, where they can be seen."""
        ...

    def last_error(self, producer: Any) -> Exception | None:
        """What put the producer's transactions into an error state."""
        ...
