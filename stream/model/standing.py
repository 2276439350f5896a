"""Where customers stand in a lens, a record each: in memory, in blocks, and under a new version.

Apart from `arrays.Standings` because this is what is kept, small and of fixed size.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stream.model.arrays import GONE, NONE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stream.model.arrays import Ints

    Rows = NDArray[np.void]
    Seen = NDArray[np.float32]

STANDING = np.dtype(
    [
        ("left_ms", np.int64),  # when the last change was
        ("sequence", np.uint32),  # how many changes there were
        ("segment", np.int16),  # a code of the model's, `NONE` or `GONE`
        ("left", np.int16),  # the segment before; the same
    ]
)


def no_standings(rows: int) -> Rows:
    """So many customers without a segment.

    >>> no_standings(1).tolist()
    [(0, 0, -1, -1)]
    """
    made = np.zeros(rows, STANDING)
    made["segment"] = made["left"] = NONE
    return made


def unseen(rows: int, columns: int) -> Seen:
    """What was seen of so many customers whom nobody looked at."""
    return np.full((rows, columns), np.nan, np.float32)


def recode(standings: Rows, codes: Ints) -> Rows:
    """The standings in the codes of another version, where `codes` has each old one's new one.

    >>> standings = no_standings(2)
    >>> standings["segment"] = [1, 0]
    >>> recode(standings, np.array([5, GONE]))["segment"].tolist()
    [-2, 5]
    """
    table = np.append(np.asarray(codes, np.int16), np.array([GONE, NONE], np.int16))
    recoded = standings.copy()
    for name in ("segment", "left"):
        recoded[name] = table[standings[name]]  # -1 and -2 find themselves, from the end
    return recoded


def codes_in(newer: Sequence[str], older: Sequence[str]) -> Ints:
    """For each older segment's code the code of the same id among the newer, or `GONE`.

    >>> codes_in(["a", "b"], ["b", "c"]).tolist()
    [1, -2]
    """
    codes = {segment_id: code for code, segment_id in enumerate(newer)}
    return np.array([codes.get(segment_id, GONE) for segment_id in older], np.int64)


def seen_in(newer: Sequence[str], older: Sequence[str], seen: Seen) -> Seen:
    """What was seen under the columns of another version; NaN where it looks at something new."""
    made = unseen(len(seen), len(newer))
    for column, name in enumerate(newer):
        if name in older:
            made[:, column] = seen[:, older.index(name)]
    return made
