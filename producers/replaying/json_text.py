"""Whole columns as JSON text: quoted strings, shortest numbers, local times with offset.

Only these functions know JSON's grammar; `encode` puts their results together.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from producers.text_bytes import text_bytes

if TYPE_CHECKING:
    from stream.log.batch import Bytes, Ints

QUOTE, BACKSLASH, FIRST_PRINTABLE = ord('"'), ord("\\"), 0x20
MINUTE_MS = 60_000


def inside_quotes(column: pa.Array) -> pa.Array:
    """Strings as they stand between quotes. Nearly no column has anything to escape.

    >>> inside_quotes(pa.array(['plain', 'say "hi"', None])).to_pylist()
    ['plain', 'say \\\\"hi\\\\"', None]
    """
    if not _has_special(text_bytes(column).data):
        return column
    special = pc.fill_null(pc.match_substring_regex(column, r'["\\\x00-\x1f]'), False)
    escaped = [
        json.dumps(text, ensure_ascii=False)[1:-1] for text in column.filter(special).to_pylist()
    ]
    return pc.replace_with_mask(column, special, pa.array(escaped, pa.string()))


def number(column: pa.Array) -> pa.Array:
    """Numbers in the fewest digits that mean them.

    >>> number(pa.array([6.0, 2.55, 1e21, None])).to_pylist()
    ['6', '2.55', '1e+21', None]
    """
    return pc.cast(column, pa.string())


def local_time(times: Ints, offset_minutes: Ints) -> pa.Array:
    """Instants (ms) as the shopper's clock showed them; milliseconds only where there are any.

    >>> local_time(np.array([1291191960000, 1500]), np.array([0, -330])).to_pylist()
    ['2010-12-01T08:26:00+00:00', '1969-12-31T18:30:01.500-05:30']
    """
    local = pa.array(times + offset_minutes * MINUTE_MS).cast(pa.timestamp("ms"))
    days = local.cast(pa.date32(), safe=False).cast(pa.string())
    clock = local.cast(pa.time32("s"), safe=False).cast(pa.string())
    broken = times % 1000 != 0
    if broken.any():
        exact = local.cast(pa.time32("ms"), safe=False).cast(pa.string())
        clock = pc.if_else(pa.array(broken), exact, clock)
    return pc.binary_join_element_wise(days, "T", clock, _offsets(offset_minutes), "")


def _offsets(offset_minutes: Ints) -> pa.Array:
    kinds, kind = np.unique(offset_minutes, return_inverse=True)
    texts = [
        f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
        for minutes in kinds.tolist()
    ]
    return pa.array(texts, pa.string()).take(pa.array(kind))


def _has_special(data: Bytes) -> bool:
    special = (data < FIRST_PRINTABLE) | (data == QUOTE) | (data == BACKSLASH)
    return bool(special.any())
