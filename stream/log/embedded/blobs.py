"""Records to rows of `batches` and back: cut under a size, with a checksum each.

Pure: what it takes and gives are values, so that nothing is encoded while the file is locked.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from crc32c import crc32c

from stream.errors import LogError, RecordTooLarge
from stream.log.batch import RecordBatch, Records
from stream.log.codec import CorruptRecords, decode_records, encode_records, record_sizes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stream.log.batch import Ints

BLOB_BYTES = 256 * 1024  # large enough to be quick, small enough to be read in turn
DEFAULT_MAX_MESSAGE_BYTES = 1024 * 1024


class Blob(NamedTuple):
    """Consecutive records of a partition, encoded."""

    record_count: int
    first_timestamp: int
    max_timestamp: int
    checksum: int
    data: bytes


def blobs_of(records: Records, topic: str, max_message_bytes: int) -> Iterator[Blob]:
    """The records in order, in blobs of about `BLOB_BYTES`; refused whole if one is too large."""
    sizes = record_sizes(records.keys.lengths, records.values.lengths, records.headers.lengths)
    if len(sizes) and (largest := int(sizes.max())) > max_message_bytes:
        raise RecordTooLarge(
            f"a record of {largest} bytes is more than topic {topic!r} takes "
            f"(max.message.bytes = {max_message_bytes}): "
            "make it smaller, or create the topic with a larger limit"
        )
    return (encode_blob(records.slice(start, stop)) for start, stop in _cuts(sizes))


def encode_blob(records: Records) -> Blob:
    data = encode_records(records)
    first, newest = int(records.timestamps[0]), int(records.timestamps.max())
    return _checked(Blob(len(records), first, newest, 0, data))


def decode_blob(blob: Blob, topic: str, partition: int, base_offset: int) -> RecordBatch:
    """The blob's records with their offsets; `LogError` where they are damaged."""
    try:
        if _checked(blob) != blob:
            raise CorruptRecords("the checksum is another")
        records, deltas = decode_records(
            np.frombuffer(blob.data, np.uint8), 0, blob.record_count, blob.first_timestamp
        )
    except CorruptRecords as error:
        raise LogError(
            f"{topic}[{partition}] is damaged at offset {base_offset}: {error}: "
            "restore a copy of the log's file, or replay into a new one"
        ) from error
    end = base_offset + blob.record_count
    return RecordBatch(topic, partition, deltas + base_offset, end, records)


def _checked(blob: Blob) -> Blob:
    """With the checksum of everything else in it."""
    numbers = struct.pack("<qqq", blob.record_count, blob.first_timestamp, blob.max_timestamp)
    return blob._replace(checksum=crc32c(blob.data, crc32c(numbers)))


def _cuts(sizes: Ints) -> Iterator[tuple[int, int]]:
    """Runs of records that stay under `BLOB_BYTES` together, or are one record."""
    ends = np.cumsum(sizes)
    start, before = 0, 0
    while start < len(sizes):
        stop = int(np.searchsorted(ends, before + BLOB_BYTES, side="right"))
        stop = max(stop, start + 1)
        yield start, stop
        start, before = stop, int(ends[stop - 1])
