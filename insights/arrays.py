"""The types of columns, and where among sorted ids some are."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]


def rows_of(ids: Sequence[str], wanted: Sequence[str]) -> Ints:
    """Where each of the wanted is among sorted ids; -1 for who isn't there.

    >>> rows_of(("ann", "eve"), ["eve", "bob"]).tolist()
    [1, -1]
    """
    found = [bisect_left(ids, one) for one in wanted]
    places = [
        at if at < len(ids) and ids[at] == one else -1
        for at, one in zip(found, wanted, strict=True)
    ]
    return np.array(places, np.int64)
