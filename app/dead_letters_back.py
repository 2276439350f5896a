"""Dead letters sent back: judged by the contract as a task would, under their customer's key.

What is still no transaction stays where it is. An `event_id` is what it always was, so sending
one back twice changes nothing within the horizon.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.dead_letters import REPLAYED_FROM
from stream.contracts.commands import Erasure
from stream.contracts.fast import Line, decode
from stream.contracts.refusal import RefusalReason, Refused
from stream.log.batch import Record, Records
from stream.log.partitioning import partition_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from app.dead_letters import Letter
    from stream.log.seam import Writer

WRITTEN_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class SentBack:
    """What became of the letters that were chosen."""

    sent: int = 0
    refused: int = 0


class Returning:
    """Sends letters back to `topic`. `said` hears of each one that is not fit to be sent."""

    def __init__(self, writer: Writer | None, topic: str, partitions: int, source: str) -> None:
        """Without a writer it only checks."""
        self._writer, self._topic, self._partitions = writer, topic, partitions
        self._source = source
        self.account = SentBack()

    def send(self, letters: Iterable[Letter], now_ms: int) -> Iterator[tuple[Letter, str]]:
        """Each letter that stays, and why; the others are safe when this has ended."""
        waiting: dict[int, list[Record]] = defaultdict(list)
        for letter in letters:
            customer = customer_of(letter)
            if isinstance(customer, Refused):
                self.account = replace(self.account, refused=self.account.refused + 1)
                yield letter, f"{customer.reason}: {customer.detail}"
                continue
            key = customer.encode()
            partition = partition_of(key, self._partitions)
            waiting[partition].append(self._record(letter, key, now_ms))
            self.account = replace(self.account, sent=self.account.sent + 1)
            if len(waiting[partition]) >= WRITTEN_AT_ONCE:
                self._write(partition, waiting.pop(partition))
        for partition, records in waiting.items():
            self._write(partition, records)
        if self._writer is not None:
            self._writer.flush()

    def _record(self, letter: Letter, key: bytes, now_ms: int) -> Record:
        note = f"{self._source}/{letter.partition}/{letter.offset}".encode()
        return Record(key, letter.value, now_ms, (*letter.headers, (REPLAYED_FROM, note)))

    def _write(self, partition: int, records: list[Record]) -> None:
        if self._writer is not None:
            self._writer.append(self._topic, partition, Records.of(records))


def customer_of(letter: Letter) -> str | Refused:
    """Whose partition a letter belongs on, or why it is still nothing."""
    found = decode(letter.value)
    if isinstance(found, Line | Erasure):
        return found.customer_id
    if isinstance(found, Refused):
        return found
    return Refused(RefusalReason.UNKNOWN_TYPE, f"a {found.type} is Shoal's own to write")
