"""All customers at one instant, and where they stood then: what a snapshot looks at.

Made from partitions, whatever these came from (blocks of a log, tasks of a backtest, the history),
so that what compares moments knows nothing of where they are kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from snapshot.table import everybody, table_of
from stream.model.arrays import NONE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from snapshot.table import CustomerTable, Everybody
    from stream.contracts.segment import SegmentRef
    from stream.model.arrays import Floats, Ints
    from stream.profile.state import Profiles


@dataclass(frozen=True, slots=True, eq=False)
class LensPart:
    """A lens as one partition has it."""

    version: int
    segments: tuple[SegmentRef, ...]
    standings: NDArray[np.void]
    """`stream.model.standing.STANDING`, one a row of the profiles, in codes of `segments`."""

    positions: Floats
    """The running centroids."""

    centroid_segments: Ints
    """The code of the segment that each of them stands for."""


@dataclass(frozen=True, slots=True, eq=False)
class PartitionAt:
    """One partition at the instant."""

    profiles: Profiles
    model_version: int | None
    lenses: Mapping[str, LensPart]


@dataclass(frozen=True, slots=True, eq=False)
class Running:
    """The centroids that a partition worked with."""

    positions: Floats
    segments: tuple[str, ...]
    """The id of the segment that each stands for."""


@dataclass(frozen=True, slots=True, eq=False)
class LensAt:
    """A lens at the instant, on all partitions."""

    version: int
    segments: tuple[SegmentRef, ...]
    published: Ints
    """For each customer of the table the place in `segments`, or `NONE`."""

    running: tuple[Running, ...]
    """For each partition its centroids; none of one that had no model yet."""

    def segment_ids(self) -> list[str | None]:
        """For each customer the id of the published segment."""
        ids: list[str | None] = [*(segment.id for segment in self.segments), None]
        return [ids[code] for code in self.published.tolist()]

    def of(self, chosen: NDArray[np.bool_]) -> LensAt:
        """Of some of its customers."""
        return replace(self, published=self.published[chosen])


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """One instant; rows are the table's, sorted by customer."""

    table: CustomerTable
    partition: Ints
    """The partition of each customer."""

    model_version: int | None
    """That tasks worked with; None before the first."""

    lenses: Mapping[str, LensAt] = field(default_factory=dict)

    @property
    def instant_ms(self) -> int:
        return self.table.instant_ms

    def __len__(self) -> int:
        return len(self.table)

    def of(self, chosen: NDArray[np.bool_]) -> Moment:
        """Some of its customers."""
        return Moment(
            self.table.of(chosen),
            self.partition[chosen],
            self.model_version,
            {name: lens.of(chosen) for name, lens in self.lenses.items()},
        )


def moment_of(partitions: Sequence[PartitionAt], names: Sequence[str], instant_ms: int) -> Moment:
    """The moment of all partitions, with these features."""
    profiles = [part.profiles for part in partitions]
    who = everybody(profiles)
    counts = [len(rows) for rows in who.rows]
    lenses = sorted({name for part in partitions for name in part.lenses})
    return Moment(
        table_of(profiles, names, instant_ms, who),
        np.repeat(np.arange(len(partitions)), counts)[who.order],
        max((part.model_version or 0 for part in partitions), default=0) or None,
        {name: _lens_at(name, partitions, who) for name in lenses},
    )


def _lens_at(name: str, partitions: Sequence[PartitionAt], who: Everybody) -> LensAt:
    """In the words of the newest version; a partition without a model has nobody in a segment."""
    parts = [part.lenses.get(name) for part in partitions]
    known = [part for part in parts if part is not None]
    newest = max(known, key=lambda part: part.version)
    codes = {segment.id: code for code, segment in enumerate(newest.segments)}
    published = [_codes(part, there, codes) for part, there in zip(parts, who.rows, strict=True)]
    return LensAt(
        newest.version,
        newest.segments,
        np.concatenate([np.empty(0, np.int64), *published])[who.order],
        tuple(_running(part) for part in parts),
    )


def _codes(part: LensPart | None, rows: Ints, codes: Mapping[str, int]) -> Ints:
    if part is None:
        return np.full(len(rows), NONE, np.int64)
    mine = [codes.get(segment.id, NONE) for segment in part.segments]
    theirs = np.maximum(part.standings["segment"][rows], NONE)  # GONE is nowhere, too
    newest: Ints = np.array([*mine, NONE], np.int64)[theirs]
    return newest


def _running(part: LensPart | None) -> Running:
    if part is None:
        return Running(np.empty((0, 0)), ())
    ids = tuple(part.segments[code].id for code in part.centroid_segments.tolist())
    return Running(part.positions, ids)
