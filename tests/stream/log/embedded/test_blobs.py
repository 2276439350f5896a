"""Blobs: cut under a size, and nothing damaged is ever handed on."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stream.errors import LogError, RecordTooLarge
from stream.log.batch import Record, Records
from stream.log.embedded.blobs import BLOB_BYTES, blobs_of, decode_blob, encode_blob

FEW = Records.of([Record(b"k%d" % i, b"v%d" % i, 1000 - i) for i in range(5)])

unhurried = settings(deadline=None)  # the first example compiles the codec


@unhurried
@given(st.lists(st.integers(0, BLOB_BYTES * 2), max_size=12))
def test_records_come_back_whole_from_blobs_under_a_size(sizes: list[int]) -> None:
    records = [Record(b"k", bytes(size), i) for i, size in enumerate(sizes)]
    blobs = list(blobs_of(Records.of(records), "topic", BLOB_BYTES * 3))
    offset, found = 7, []
    for blob in blobs:
        assert blob.record_count == 1 or len(blob.data) <= BLOB_BYTES
        batch = decode_blob(blob, "topic", 0, offset)
        found += list(batch)
        offset = batch.next_offset
    assert found == list(enumerate(records, start=7))


def test_blobs_are_filled() -> None:
    records = Records.of([Record(b"k", bytes(1000), 0)] * 2000)
    assert len(list(blobs_of(records, "topic", 2000))) < 2.2e6 / BLOB_BYTES + 1


def test_a_blob_knows_its_newest_time() -> None:
    blob = encode_blob(FEW)
    assert (blob.first_timestamp, blob.max_timestamp) == (1000, 1000)
    assert encode_blob(FEW.take(FEW.timestamps.argsort())).max_timestamp == 1000


def test_one_record_above_the_limit_refuses_all_before_anything_is_encoded() -> None:
    records = Records.of([Record(b"k", b"small", 0), Record(b"k", bytes(5000), 0)])
    with pytest.raises(RecordTooLarge, match=r"50\d\d bytes .* 'orders' .*= 1000\): make it"):
        blobs_of(records, "orders", 1000)


@unhurried
@given(st.data())
def test_a_damaged_blob_is_never_handed_on(data: st.DataObject) -> None:
    blob = encode_blob(FEW)
    damaged = bytearray(blob.data)
    place = data.draw(st.integers(0, len(damaged) - 1))
    damaged[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(LogError, match=r"orders\[3\] is damaged at offset 40"):
        decode_blob(blob._replace(data=bytes(damaged)), "orders", 3, 40)
