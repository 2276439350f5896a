"""Changes' ids by the thousand: `identity.change_id` of each, without an object for any."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stream.compiled import bare, compiled
from stream.contracts.identity import SEPARATOR
from stream.xxh3 import xxh3

if TYPE_CHECKING:
    from stream.log.batch import Bytes, Spans
    from stream.model.arrays import Ints
    from stream.model.pieces import Source

DIGITS = np.frombuffer(b"0123456789abcdef", np.uint8)
ID_LENGTH = 16
DIGIT_BITS, LAST_DIGIT = np.uint64(4), np.uint64(15)


def change_ids(
    source: Source, lens: str, customer_ids: Spans, incarnations: Spans, sequences: Spans
) -> Spans:
    """The ids, put into the source; the texts they are made of are there already."""
    between = source.constant(SEPARATOR.encode())
    parts = [customer_ids, between, incarnations, between, sequences]
    texts, lengths = source.joined(
        [source.constant(f"change{SEPARATOR}{lens}{SEPARATOR}".encode()), *parts]
    )
    sizes = lengths.sum(axis=0)
    return source.texts(_hashes(texts, sizes), np.full(len(sizes), ID_LENGTH))


@compiled
def _hashes(texts: Bytes, lengths: Ints) -> Bytes:
    """The hash of each text, in hexadecimal."""
    written = np.empty(ID_LENGTH * len(lengths), np.uint8)
    start = 0
    for i in range(len(lengths)):
        rest = xxh3(bare(texts), start, lengths[i])
        for digit in range(ID_LENGTH - 1, -1, -1):
            written[ID_LENGTH * i + digit] = DIGITS[rest & LAST_DIGIT]
            rest >>= DIGIT_BITS
        start += lengths[i]
    return written
