"""An Arrow column of strings as what it is underneath: bytes, and where each string lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa

    from stream.log.batch import Bytes, Ints


class TextBytes(NamedTuple):
    """All strings one after the other; null has no bytes."""

    data: Bytes
    starts: Ints
    lengths: Ints


def text_bytes(column: pa.Array) -> TextBytes:
    """The column's own memory, not a copy.

    >>> import pyarrow as pa
    >>> data, starts, lengths = text_bytes(pa.array(["x", "ab", None, "c"])[1:])
    >>> data.tobytes(), starts.tolist(), lengths.tolist()
    (b'abc', [0, 2, 2], [2, 0, 1])
    """
    _, offsets, data = column.buffers()
    if data is None or offsets is None or len(column) == 0:
        none = np.zeros(len(column), np.int64)
        return TextBytes(np.empty(0, np.uint8), none, none)
    first, last = column.offset, column.offset + len(column)
    ends = np.frombuffer(offsets, np.int32)[first : last + 1].astype(np.int64)
    data = np.frombuffer(data, np.uint8)[ends[0] : ends[-1]]
    return TextBytes(data, ends[:-1] - ends[0], np.diff(ends))
