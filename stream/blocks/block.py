"""A block, and its parts as records: Arrow IPC streams under a topic's limit, and back.

A part is some rows of one table, with the block's head beside its schema.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa

from stream.blocks.arrow import NotOurs, read, stream_bytes, written
from stream.blocks.head import Head, decode_head, encode_head
from stream.errors import BlockError, RecordTooLarge

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HEAD, TABLE = b"head", b"table"
NO_TABLE = "none"
MOST_PARTS = 999_999_999


@dataclass(frozen=True, slots=True)
class Block:
    """Tables by name, as `stream.profile.stored` makes them; one without rows may be left out."""

    head: Head
    tables: Mapping[str, pa.Table]


class Part(NamedTuple):
    """One record of a block."""

    head: Head
    table: str
    rows: pa.RecordBatch
    nbytes: int


def encode(block: Block, limit: int) -> list[bytes]:
    """The block as values of records, in order, each of at most `limit` bytes."""
    pieces = list(_pieces(block, limit)) or [(NO_TABLE, _nothing())]
    return [
        written(_with_head(rows, table, encode_head(block.head.of_part(part, len(pieces)))))
        for part, (table, rows) in enumerate(pieces)
    ]


def decode_part(value: bytes | None) -> Part:
    """What a record of the profiles topic holds.

    A `BlockError` says what is wrong with the record; which one it is, the reader knows.
    """
    if value is None:
        raise BlockError("is no profile block: it has no value")
    try:
        rows = read(value)
    except NotOurs as error:
        raise BlockError(f"is no profile block ({error})") from error
    metadata = rows.schema.metadata or {}
    if HEAD not in metadata or TABLE not in metadata:
        raise BlockError("is no profile block: it has no head")
    table = metadata[TABLE].decode(errors="replace")
    head = decode_head(metadata[HEAD])
    return Part(head, table, rows.replace_schema_metadata(None), len(value))


def _pieces(block: Block, limit: int) -> Iterator[tuple[str, pa.RecordBatch]]:
    head = encode_head(block.head.of_part(0, MOST_PARTS))
    others = encode_head(block.head.of_part(MOST_PARTS - 1, MOST_PARTS))
    for table, chunks in block.tables.items():
        for rows in chunks.to_batches():
            if len(rows):
                for piece in _cut(rows, table, head, limit):
                    yield table, piece
                    head = others


def _cut(rows: pa.RecordBatch, table: str, head: bytes, limit: int) -> Iterator[pa.RecordBatch]:
    """Slices that with such a head are within the limit, measured and not estimated."""
    start, step = 0, len(rows)
    while start < len(rows):
        piece = rows.slice(start, step)
        nbytes = stream_bytes(_with_head(piece, table, head))
        if nbytes <= limit:
            yield piece
            start += len(piece)
        elif len(piece) == 1:
            raise RecordTooLarge(
                f"a row of {table} takes {nbytes} bytes and a record {limit} at most: set "
                "topics.max_message_bytes higher, on the topics too"
            )
        else:
            step = max(1, min(len(piece) - 1, len(piece) * limit // nbytes))


def _with_head(rows: pa.RecordBatch, table: str, head: bytes) -> pa.RecordBatch:
    return rows.replace_schema_metadata({HEAD: head, TABLE: table.encode()})


def _nothing() -> pa.RecordBatch:
    return pa.record_batch([pa.array([], pa.int32())], names=["row"])
