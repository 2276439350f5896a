"""Where the customers of restored rows stand in one lens, through versions of its model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stream.errors import BlockError
from stream.model.arrays import GONE
from stream.model.standing import codes_in, no_standings, recode, seen_in, unseen
from stream.profile.tables import numbers

if TYPE_CHECKING:
    import pyarrow as pa

    from stream.blocks.head import LensHead
    from stream.model.standing import Rows, Seen
    from stream.profile.layout import Ints

FIELDS = ("segment", "left", "sequence", "left_ms")


@dataclass(slots=True)
class LensRestored:
    """Row i stands for row i of the profiles."""

    head: LensHead
    standings: Rows
    seen: Seen

    @classmethod
    def empty(cls, head: LensHead, rows: int) -> LensRestored:
        return cls(head, no_standings(rows), unseen(rows, len(head.needs)))

    def renewed(self, head: LensHead) -> LensRestored:
        """The same customers in the codes and columns of another version, by what they name."""
        standings, seen, old = self.standings, self.seen, self.head
        if head.segments != old.segments:
            newer, older = ([segment_id for segment_id, _ in lens.segments] for lens in (head, old))
            standings = recode(standings, codes_in(newer, older))
        if head.needs != old.needs:
            seen = seen_in(head.needs, old.needs, seen)
        return LensRestored(head, standings, seen)

    def widen(self, rows: int) -> None:
        missing = rows - len(self.standings)
        self.standings = np.concatenate([self.standings, no_standings(missing)])
        self.seen = np.concatenate([self.seen, unseen(missing, self.seen.shape[1])])

    def put(self, name: str, batch: pa.RecordBatch, rows: Ints) -> None:
        """What a block says of these rows."""
        made = np.empty(len(rows), self.standings.dtype)
        for field in FIELDS:
            made[field] = numbers(batch, f"{name}.{field}")
        codes = np.concatenate([made["segment"], made["left"]])
        if not GONE <= codes.min() <= codes.max() < len(self.head.segments):
            raise BlockError(f"has customers in segments that lens {name!r} doesn't have")
        self.standings[rows] = made
        seen = batch.column(f"{name}.seen").flatten().to_numpy(zero_copy_only=False)
        self.seen[rows] = seen.reshape(len(rows), len(self.head.needs))

    def forget(self, rows: Ints) -> None:
        self.standings[rows] = no_standings(1)[0]
        self.seen[rows] = np.nan
