"""What tells one replay from another: the lines themselves, and how they are numbered.

`--resume` believes the numbers in a topic only where they were given to the same lines.
All of them are read before the first is sent anyway, and hashing goes by ten gigabytes a
second: so nothing has to stand for them, and a source that was renamed or packed is the
same one, while another mapping or time zone makes it another.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from xxhash import xxh3_64, xxh3_64_hexdigest

from producers.replaying.progress_mark import FINGERPRINT_LENGTH
from producers.text_bytes import text_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

# Counted up when Shoal begins to number the same lines differently.
NUMBERING = 1


def fingerprint(parts: Iterable[object]) -> str:
    """Of all that a row's number and partition depend on.

    >>> fingerprint(["the lines", 8])
    '1479f0b91ffa'
    """
    text = "\x1f".join(map(str, [NUMBERING, *parts]))
    return xxh3_64_hexdigest(text.encode())[:FINGERPRINT_LENGTH]


class ContentHash:
    """Of lines in their source's order; where batches were cut makes no difference."""

    def __init__(self) -> None:
        self._streams: defaultdict[tuple[str, str], xxh3_64] = defaultdict(xxh3_64)

    def add(self, lines: pa.RecordBatch) -> None:
        for name, column in zip(lines.schema.names, lines.columns, strict=True):
            for part, values in _parts(column):
                self._streams[name, part].update(values.view(np.uint8).data)

    def hexdigest(self) -> str:
        return fingerprint((*key, seen.hexdigest()) for key, seen in sorted(self._streams.items()))


def _parts(column: pa.Array) -> Iterator[tuple[str, NDArray[np.generic]]]:
    """The column as streams of fixed width; what lies under a null counts for nothing."""
    yield "valid", column.is_valid().to_numpy(zero_copy_only=False)
    is_text = pa.types.is_string(column.type)
    if column.null_count:
        column = pc.fill_null(column, pa.scalar("" if is_text else 0).cast(column.type))
    if is_text:
        texts = text_bytes(column)
        yield "lengths", texts.lengths
        yield "text", texts.data
    else:
        yield "values", column.to_numpy(zero_copy_only=False)
