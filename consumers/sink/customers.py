"""One partition's customers, followed block by block, and what of them is still to be written.

Rule 10 of the exactly-once rules: where the position that a database stands for was truncated,
the partition is forgotten there and begins again with the checkpoint at the log's start.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from consumers.sink.customer_rows import event_ms
from consumers.sink.differing import changed_rows, gone_rows, risen_graves
from stream.blocks.chain import Chain
from stream.blocks.reading import BlockReader
from stream.errors import BlockError, DatabaseError, PositionOutOfRange
from stream.log.closing import ClosingMixin
from stream.profile import tables
from stream.profile.events import hash_of
from stream.profile.graves import times_erased
from stream.times import DAY_MS, NEVER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from consumers.sink.places import Place
    from stream.blocks.block import Block
    from stream.blocks.restored import Restored
    from stream.log.seam import Log
    from stream.model.arrays import Ints
    from stream.topics import Topics

    Keys = NDArray[np.uint64]


@dataclass(slots=True)
class Unwritten:
    """What a database doesn't have yet."""

    anew: bool = False
    """Everything that it has of the partition's customers goes first."""

    gone: dict[str, int] = field(default_factory=dict)
    """Customers who were erased, and how often by now."""

    graves: dict[int, int] = field(default_factory=dict)
    """The same of whom only the hash is known: they came and went between two looks."""

    rows: Ints = field(default_factory=lambda: np.empty(0, np.int64))

    def __bool__(self) -> bool:
        return bool(self.anew or self.gone or self.graves or len(self.rows))


class Customers(ClosingMixin):
    """Begins where `there` says that a database stands, None where it has nothing."""

    def __init__(
        self, log: Log, topics: Topics, partition: int, there: Place | None, refreshed_ms: int
    ) -> None:
        self._log, self._topic, self.partition = log, topics.profiles, partition
        self._chain = Chain(
            topic=topics.transactions, partitions=log.partitions(self._topic), partition=partition
        )
        self._reader = BlockReader(log, self._topic, partition, self._chain)
        self.state: Restored | None = None
        self.refreshed_ms = refreshed_ms
        """The event time at which everybody was written last, whoever changed or not."""

        self._refresh_from: int | None = None
        self._dirty = np.zeros(0, np.bool_)
        self._unwritten = Unwritten(anew=True)
        if there is not None:
            self._resume(there)

    @property
    def position(self) -> int:
        return self._reader.position

    @property
    def sequence(self) -> int:
        """The last block's."""
        return self._chain.head.sequence if self._chain.head else 0

    @property
    def is_refreshed(self) -> bool:
        """Whether nobody is still to be written only because time went by."""
        return self._refresh_from is None

    def close(self) -> None:
        self._reader.close()

    def read_on(self, end: int, most: int) -> int:
        """Up to `end`, or until so many rows are to be written; how many those are."""
        if self.position < end:
            for block in self._reader.until(end):
                self._apply(block)
                if int(self._dirty.sum()) >= most:
                    break
        return int(self._dirty.sum())

    def age(self, most: int) -> None:
        """Puts some more of those down who have got older by a day without an order; to be asked
        where the log is read to its end."""
        state = self.state
        if state is None or event_ms(state) == NEVER:
            return
        if self._refresh_from is None and event_ms(state) // DAY_MS > self.refreshed_ms // DAY_MS:
            self._refresh_from, self.refreshed_ms = 0, event_ms(state)
        if self._refresh_from is not None:
            end = self._refresh_from + most
            self._dirty[self._refresh_from : end] = True
            self._refresh_from = end if end < len(state) else None

    def unwritten(self) -> Unwritten:
        """All of it, as done from now on: whoever can't write it begins anew from the database."""
        found, self._unwritten = self._unwritten, Unwritten()
        if self.state is not None:
            there = self.state.rows["key"] != 0
            found.rows = np.flatnonzero(self._dirty & there)
            if len(found.rows) == int(there.sum()):
                self.refreshed_ms, self._refresh_from = event_ms(self.state), None
        self._dirty[:] = False
        return found

    def is_erased(self, customer_id: str, incarnation: int) -> bool:
        """Whether this life of a customer was erased."""
        graves = self.state.graves if self.state is not None else ()
        return len(graves) > 0 and incarnation <= self.times_erased(customer_id)

    def times_erased(self, customer_id: str) -> int:
        return times_erased(self.state.graves, hash_of(customer_id)) if self.state else 0

    def are_known(self, keys: Keys, instant_ms: int) -> NDArray[np.bool_]:
        """Of whom, by the hashes of their ids, there is a profile and was no erasure since then."""
        if self.state is None:
            return np.zeros(len(keys), np.bool_)
        graves = self.state.graves
        erased = graves["key"][graves["erased_ms"] >= instant_ms]
        return np.isin(keys, self.state.rows["key"]) & ~np.isin(keys, erased)

    def ids_of(self, hashes: Iterable[int]) -> list[str]:
        """Those who are there, of whom only the hashes of their ids are given."""
        state, keys = self.state, np.fromiter(hashes, np.uint64)
        if state is None or not len(keys):
            return []
        rows = np.flatnonzero(np.isin(state.rows["key"], keys))
        return [state.customer_id(row) for row in rows.tolist()]

    def _resume(self, there: Place) -> None:
        """The state that the database has already."""
        start, end = self._log.bounds(self._topic)[self.partition]
        if there.position < start or (there.position == start and there.sequence):
            return  # nothing is left of what the database stands for
        if there.position > end:
            raise DatabaseError(self._other_log(there))
        try:
            for block in self._reader.until(there.position):
                self.state = self._reader.applied(block, self.state)
        except PositionOutOfRange:  # truncated meanwhile
            return
        except BlockError as error:
            raise DatabaseError(f"{self._other_log(there)} ({error})") from error
        if self.position != there.position or self.sequence != (there.sequence or 0):
            raise DatabaseError(self._other_log(there))
        self._unwritten = Unwritten()
        self._dirty = np.zeros(len(self.state) if self.state is not None else 0, np.bool_)

    def _apply(self, block: Block) -> None:
        old = self.state
        if old is None or block.head.is_checkpoint:
            self.state = self._reader.applied(block, None)
            self._replaced(old, self.state)
        else:
            self._changed(old, block)

    def _replaced(self, old: Restored | None, new: Restored) -> None:
        dirty = new.rows["key"] != 0
        if old is not None:
            self._forget(old, gone_rows(old, new), risen_graves(old.graves, new.graves), new)
            self._note_model(old.head.model_version, new)
            dirty = changed_rows(old, new)
            both = min(len(old), len(new))
            dirty[:both] |= self._dirty[:both]
        self._dirty = dirty

    def _changed(self, old: Restored, block: Block) -> None:
        removed = tables.to_rows(block.tables.get(tables.REMOVED)).astype(np.int64)
        removed = removed[removed < len(old)]
        removed = removed[old.rows["key"][removed] != 0]
        ids = [old.customer_id(row) for row in removed.tolist()]
        graves, version = old.graves, old.head.model_version
        state = self.state = self._reader.applied(block, old)
        self._forget_ids(ids, risen_graves(graves, state.graves), state)
        if new := len(state) - len(self._dirty):
            self._dirty = np.concatenate([self._dirty, np.zeros(new, np.bool_)])
        if (changed := block.tables.get(tables.CUSTOMERS)) is not None:
            self._dirty[changed.column("row").to_numpy()] = True
        self._note_model(version, state)

    def _note_model(self, before: int | None, state: Restored) -> None:
        """With another model everybody's confidence is another."""
        if state.head.model_version != before:
            self.refreshed_ms = NEVER

    def _forget(self, old: Restored, rows: Ints, risen: dict[int, int], new: Restored) -> None:
        self._forget_ids([old.customer_id(row) for row in rows.tolist()], risen, new)

    def _forget_ids(self, ids: list[str], risen: dict[int, int], state: Restored) -> None:
        for customer_id in ids:
            key = hash_of(customer_id)
            self._unwritten.gone[customer_id] = times_erased(state.graves, key)
            risen.pop(key, None)
        self._unwritten.graves |= risen

    def _other_log(self, there: Place) -> str:
        return (
            f"the database stands for {self._topic}[{self.partition}] up to {there.position:,}, "
            "which is not the log's: a topic was made anew, or it is another log's database. Give "
            "sink.db a database of its own"
        )
