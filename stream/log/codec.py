"""Kafka's v2 record format, a whole batch at a time, by compiled loops.

Both logs store this form: Kafka in its batches, the embedded log in its blobs. Only
the records are coded here; the batch header around them is each log's own affair.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stream.compiled import bare, compiled
from stream.log.batch import Records, Spans

if TYPE_CHECKING:
    from stream.log.batch import Bytes, Ints

# Length, attributes, timestamp and offset deltas, key, value and header lengths at most.
OVERHEAD = 40


class CorruptRecords(ValueError):
    """The bytes are not the records they were said to be."""


def encode_records(records: Records) -> bytes:
    """The records as one run of bytes, numbered 0, 1, 2 … from the first one's timestamp."""
    size = sum(
        int(np.maximum(spans.lengths, 0).sum())
        for spans in (records.keys, records.values, records.headers)
    )
    out = np.empty(size + OVERHEAD * len(records), np.uint8)
    end = _encode(
        records.buffer, *records.keys, *records.values, *records.headers, records.timestamps, out
    )
    return out[:end].tobytes()


def decode_records(
    data: Bytes, start: int, count: int, first_timestamp: int
) -> tuple[Records, Ints]:
    """The records in `data` from `start` on, and each one's distance from the first offset."""
    columns = np.empty((8, count), np.int64)
    end = _decode(data, start, columns)
    if end != len(data):
        raise CorruptRecords(f"{count} records end at byte {end} of {len(data)}")
    keys, values, headers = (Spans(columns[i], columns[i + 1]) for i in (0, 2, 4))
    return Records(data, keys, values, headers, columns[6] + first_timestamp), columns[7]


@compiled
def record_sizes(key_lengths: Ints, value_lengths: Ints, header_lengths: Ints) -> Ints:
    """At most how many bytes each record takes, for cutting batches under a limit."""
    sizes = np.empty(len(key_lengths), np.int64)
    for i in range(len(sizes)):
        sizes[i] = OVERHEAD + max(key_lengths[i], 0) + max(value_lengths[i], 0) + header_lengths[i]
    return sizes


@compiled
def _encode(
    data: Bytes,
    key_starts: Ints,
    key_lengths: Ints,
    value_starts: Ints,
    value_lengths: Ints,
    header_starts: Ints,
    header_lengths: Ints,
    timestamps: Ints,
    out: Bytes,
) -> int:
    at, source, into = 0, bare(data), bare(out)
    for i in range(len(timestamps)):
        delta = timestamps[i] - timestamps[0]
        key, value, header = key_lengths[i], value_lengths[i], max(header_lengths[i], 0)
        body = 1 + _varint_size(delta) + _varint_size(i) + _varint_size(key) + max(key, 0)
        body += _varint_size(value) + max(value, 0) + max(header, 1)
        at = _put_varint(into, at, body)
        into[at] = 0  # attributes: none are defined
        at = _put_varint(into, at + 1, delta)
        at = _put_varint(into, at, i)
        at = _put_bytes(into, _put_varint(into, at, key), source, key_starts[i], key)
        at = _put_bytes(into, _put_varint(into, at, value), source, value_starts[i], value)
        if header == 0:
            into[at] = 0  # a count of none
            at += 1
        else:
            at = _put_bytes(into, at, source, header_starts[i], header)
    return at


@compiled
def _put_bytes(out: Bytes, at: int, data: Bytes, start: int, length: int) -> int:
    for i in range(length):
        out[at + i] = data[start + i]
    return at + max(length, 0)


@compiled
def _put_varint(out: Bytes, at: int, number: int) -> int:
    zigzag = np.uint64((number << 1) ^ (number >> 63))
    while zigzag >= np.uint64(0x80):
        out[at] = np.uint8(zigzag & np.uint64(0x7F)) | np.uint8(0x80)
        zigzag >>= np.uint64(7)
        at += 1
    out[at] = np.uint8(zigzag)
    return at + 1


@compiled
def _varint_size(number: int) -> int:
    zigzag = np.uint64((number << 1) ^ (number >> 63))
    size = 1
    while zigzag >= np.uint64(0x80):
        zigzag >>= np.uint64(7)
        size += 1
    return size


@compiled
def _decode(data: Bytes, start: int, columns: Ints) -> int:
    """Fills the columns; -1 where a record doesn't fit its own length or the data."""
    at, limit, source = start, len(data), bare(data)
    for i in range(columns.shape[1]):
        length, at = _varint(source, at, limit)
        end = at + length
        if at < 0 or length < 0 or end > limit:
            return -1
        columns[6, i], at = _varint(source, at + 1, limit)
        columns[7, i], at = _varint(source, at, limit)
        for column in (0, 2):
            length, at = _varint(source, at, limit)
            columns[column, i], columns[column + 1, i] = at, length
            at += max(length, 0)
            if at < 0 or at >= end:
                return -1
        columns[4, i] = at
        columns[5, i] = 0 if end - at == 1 and source[at] == 0 else end - at
        at = end
    return at


@compiled
def _varint(data: Bytes, at: int, limit: int) -> tuple[int, int]:
    zigzag, shift = np.uint64(0), np.uint64(0)
    while 0 <= at < limit and shift < np.uint64(70):
        byte = data[at]
        at += 1
        zigzag |= np.uint64(byte & 0x7F) << shift
        if byte < 0x80:
            half = np.int64(zigzag >> np.uint64(1))
            return int(half ^ -np.int64(zigzag & np.uint64(1))), at
        shift += np.uint64(7)
    return -1, -(1 << 40)  # no such number: far enough below zero to be noticed
