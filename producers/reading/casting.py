"""Arrow's own parsers, which are fast and all or nothing.

Where they fail they still look at every cell and write an error for each, so a few cells
are tried first.
"""

from __future__ import annotations

import pyarrow as pa

TRIED_FIRST = 32


def parsed_whole(column: pa.Array, kind: pa.DataType) -> pa.Array | None:
    """The column as `kind`, or None where any cell isn't one.

    >>> parsed_whole(pa.array(["1", None]), pa.int64()).to_pylist()
    [1, None]
    >>> parsed_whole(pa.array(["1", "one"]), pa.int64()) is None
    True
    """
    try:
        column.slice(0, TRIED_FIRST).cast(kind)
        return column.cast(kind)
    except pa.ArrowInvalid:
        return None
