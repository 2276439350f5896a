"""Whether names are texts as the contract has them: not too long, and no control characters.

Apart from `identifiers`, which says what a name is; here is only whether a message may
hold it. Nearly every column is cleared by its smallest and largest byte.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from producers.text_bytes import text_bytes
from stream.contracts.bounds import MAX_TEXT

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from stream.log.batch import Bytes

# As `PLAIN_TEXT` of the contract has them.
CONTROL = r"[\x00-\x1f\x7f-\x{9f}]"
SPACE, DEL = 0x20, 0x7F
LEADS_TO_CONTROL = 0xC2  # U+0080 to U+009F begin with this byte in UTF-8


def unfit(column: pa.Array) -> NDArray[np.bool_]:
    """Which strings no message may hold; null is fine.

    >>> import pyarrow as pa
    >>> unfit(pa.array(["tea", "tea\\tpot", "Tee für zwei", None, "x" * 257])).tolist()
    [False, True, False, False, True]
    """
    found: NDArray[np.bool_] = np.zeros(len(column), dtype=bool)
    texts = text_bytes(column)
    if not len(texts.data):
        return found
    if texts.lengths.max() > MAX_TEXT:  # in bytes, of which a character may have several
        found |= _true(pc.greater(pc.utf8_length(column), MAX_TEXT))
    if _may_have_control(texts.data):
        found |= _true(pc.match_substring_regex(column, CONTROL))
    return found


def _may_have_control(data: Bytes) -> bool:
    if data.min() < SPACE:
        return True
    return bool(data.max() >= DEL and ((data == DEL) | (data == LEADS_TO_CONTROL)).any())


def _true(column: pa.BooleanArray) -> NDArray[np.bool_]:
    values: NDArray[np.bool_] = column.fill_null(False).to_numpy(zero_copy_only=False)
    return values
