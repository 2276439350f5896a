"""Whose a hash is, among customers whose ids are known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stream.profile.span_hashes import hashes_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self

    from stream.profile.layout import Hashes, Ints

NOBODY = -1


@dataclass(frozen=True, slots=True, eq=False)
class Customers:
    """Customers by the hashes of their ids, as events have them.

    >>> here = Customers.of(["ann", "bob"])
    >>> here.rows_of(np.array([here.keys[1], 7], np.uint64)).tolist()
    [1, -1]
    """

    keys: Hashes
    order: Ints
    """The rows in the order of their hashes."""

    @classmethod
    def of(cls, ids: Sequence[str]) -> Self:
        texts = [one.encode() for one in ids]
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        data = np.frombuffer(b"".join(texts), np.uint8)
        return cls.by(hashes_of(data, np.cumsum(lengths) - lengths, lengths))

    @classmethod
    def by(cls, keys: Hashes) -> Self:
        """Of those with these hashes."""
        return cls(keys, np.argsort(keys, kind="stable"))

    def rows_of(self, keys: Hashes) -> Ints:
        """The row of each, `NOBODY` where there is none."""
        if not len(self.keys):
            return np.full(len(keys), NOBODY, np.int64)
        place = np.searchsorted(self.keys, keys, sorter=self.order)
        row = self.order[np.minimum(place, len(self.order) - 1)]
        return np.where(self.keys[row] == keys, row, NOBODY)
