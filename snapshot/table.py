"""All customers at one instant: who they are, when they last bought, and their features.

What a fit takes, whatever the profiles came from; rows are sorted by customer, so that a fit
doesn't depend on who came first to which partition.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import compress
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stream.errors import FeatureError
from stream.model.arrays import DAY_MS
from stream.profile.catalogue import features
from stream.profile.layout import FIRST, LAST, NEVER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stream.profile.layout import Floats, Ints
    from stream.profile.state import Profiles

TURNED_AT_ONCE = 1_024
"""Rows; of all features some 400 kB."""


@dataclass(frozen=True, slots=True, eq=False)
class CustomerTable:
    """A row a customer; `features` has a column a name, one after the other in memory, because
    nearly all who read it read columns."""

    ids: tuple[str, ...]
    names: tuple[str, ...]
    features: Floats
    last_purchase_ms: Ints
    instant_ms: int
    first_ms: int
    """The first line of anybody; `NEVER` where there is nobody."""

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def days(self) -> float:
        """Of event time, from the first line to the instant; 0 where there is nobody."""
        return (self.instant_ms - self.first_ms) / DAY_MS if len(self) else 0.0

    def of(self, chosen: NDArray[np.bool_]) -> CustomerTable:
        """The table of some of its customers."""
        return replace(
            self,
            ids=tuple(compress(self.ids, chosen)),
            features=np.compress(chosen, self.features.T, axis=1).T,
            last_purchase_ms=self.last_purchase_ms[chosen],
        )

    def columns(self, names: Sequence[str]) -> Floats:
        """These features only, in this order."""
        missing = [name for name in names if name not in self.names]
        if missing:
            raise FeatureError(f"the table has no feature {missing[0]!r}: read it with that one")
        return np.ascontiguousarray(self.features[:, [self.names.index(name) for name in names]])


@dataclass(frozen=True, slots=True, eq=False)
class Everybody:
    """Who is there on all partitions, and in which order a table has them."""

    rows: tuple[Ints, ...]
    """For each partition the rows of customers who were not erased."""

    ids: tuple[str, ...]
    """Sorted."""

    order: Ints
    """For each customer of the table the place in all partitions' rows, one after the other."""


def everybody(partitions: Sequence[Profiles]) -> Everybody:
    """All customers of these partitions."""
    rows = tuple(_there(profiles) for profiles in partitions)
    pairs = zip(partitions, rows, strict=True)
    ids = pa.concat_arrays([pa.array([], pa.large_string()), *(_ids(*pair) for pair in pairs)])
    order = pc.array_sort_indices(ids)
    return Everybody(rows, tuple(ids.take(order).to_pylist()), order.to_numpy().astype(np.int64))


def table_of(
    partitions: Sequence[Profiles],
    names: Sequence[str],
    instant_ms: int,
    who: Everybody | None = None,
) -> CustomerTable:
    """The customers of all partitions, each partition's profiles read at the same instant."""
    who = who or everybody(partitions)
    pairs = list(zip(partitions, who.rows, strict=True))
    found = [features(profiles, there, instant_ms, names) for profiles, there in pairs]
    times = [profiles.state.profiles["times"][there] for profiles, there in pairs]
    both = np.concatenate([np.empty((0, 2), np.int64), *times])
    return CustomerTable(
        ids=who.ids,
        names=tuple(names),
        features=_by_columns(found, who.order, len(names)),
        last_purchase_ms=both[who.order, LAST],
        instant_ms=instant_ms,
        first_ms=int(both[:, FIRST].min()) if len(both) else NEVER,
    )


def latest_instant(partitions: Sequence[Profiles]) -> int:
    """How far event time has come on the partition where it has come farthest; `NEVER` at first.

    Not the one that is behind: a partition may have no customer at all, and on the others a
    profile can't be read as it was before.
    """
    return max((profiles.sweep_ms for profiles in partitions), default=NEVER)


def _by_columns(parts: Sequence[Floats], order: Ints, columns: int) -> Floats:
    """Their rows in this order, laid out column by column: few rows at a time, so that those are
    at hand while they are turned."""
    rows = parts[0] if len(parts) == 1 else np.concatenate([np.empty((0, columns)), *parts])
    found = np.empty((columns, len(order)))
    for begin in range(0, len(order), TURNED_AT_ONCE):
        some = order[begin : begin + TURNED_AT_ONCE]
        found[:, begin : begin + len(some)] = rows[some].T
    return found.T


def _there(profiles: Profiles) -> Ints:
    """The rows of customers who were not erased."""
    return np.flatnonzero(profiles.state.profiles["key"][: len(profiles)])


def _ids(profiles: Profiles, rows: Ints) -> pa.LargeStringArray:
    """Without a Python string a customer on the way."""
    texts, lengths = profiles.texts_of(rows)
    ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
    return pa.LargeStringArray.from_buffers(len(rows), pa.py_buffer(ends), pa.py_buffer(texts))
