"""Hashes of a column of customers' ids, for whoever looks for graves or for a sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stream.profile.span_hashes import hashes_of

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray


def hashed(customers: pa.Array) -> NDArray[np.uint64]:
    """As `stream.profile.events.hash_of` makes them."""
    _, offsets, texts = customers.buffers()
    if not len(customers) or texts is None:
        return np.empty(0, np.uint64)
    ends = np.frombuffer(offsets, np.int32, len(customers) + 1, 4 * customers.offset)
    starts = ends.astype(np.int64)
    content = np.frombuffer(texts, np.uint8).copy()  # kernels take what can be written to
    hashes: NDArray[np.uint64] = hashes_of(content, starts[:-1], np.diff(starts))
    return hashes
