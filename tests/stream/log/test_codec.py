"""The codec against the records that kafka-python writes and reads itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kafka.record.default_records import DefaultRecordBatch, DefaultRecordBatchBuilder

from stream.log.batch import Record, Records
from stream.log.codec import CorruptRecords, decode_records, encode_records, record_sizes

HEADER_BYTES = DefaultRecordBatch.HEADER_STRUCT.size
FAR = 2**53  # milliseconds: beyond every date

some_bytes = st.none() | st.binary(max_size=300)
headers = st.lists(st.tuples(st.text(max_size=10), some_bytes), max_size=3).map(tuple)
single = st.builds(Record, some_bytes, some_bytes, st.integers(0, FAR), headers)
several = st.lists(single, min_size=1, max_size=30)

unhurried = settings(deadline=None)  # the first example compiles the codec


@unhurried
@given(several)
def test_what_is_encoded_is_what_kafka_python_writes(records: list[Record]) -> None:
    assert encode_records(Records.of(records)) == written_by_kafka_python(records)


@unhurried
@given(several)
def test_what_kafka_python_writes_is_decoded(records: list[Record]) -> None:
    data = np.frombuffer(written_by_kafka_python(records), np.uint8)
    decoded, deltas = decode_records(data, 0, len(records), records[0].timestamp)
    assert list(decoded) == records
    assert deltas.tolist() == list(range(len(records)))


@unhurried
@given(several)
def test_what_is_encoded_is_what_kafka_python_reads(records: list[Record]) -> None:
    """Behind a batch header of kafka-python's own, for it reads nothing without one."""
    builder = built_by_kafka_python(records)
    header = bytes(builder.build())[:HEADER_BYTES]
    batch = DefaultRecordBatch(bytearray(header + encode_records(Records.of(records))))
    assert batch.validate_crc()
    read = [Record(r.key, r.value, r.timestamp, tuple(r.headers)) for r in batch]
    assert read == records


@unhurried
@given(several, st.data())
def test_the_rows_taken_are_the_rows_encoded(records: list[Record], data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.integers(0, len(records) - 1), min_size=1))
    taken = Records.of(records).take(np.array(rows))
    encoded = np.frombuffer(encode_records(taken), np.uint8)
    decoded, _ = decode_records(encoded, 0, len(rows), int(taken.timestamps[0]))
    assert list(decoded) == [records[row] for row in rows]


@unhurried
@given(several)
def test_no_record_is_larger_than_its_size_is_said_to_be(records: list[Record]) -> None:
    whole = Records.of(records)
    sizes = record_sizes(whole.keys.lengths, whole.values.lengths, whole.headers.lengths)
    assert len(encode_records(whole)) <= sizes.sum()


@unhurried
@given(several, st.data())
def test_records_cut_short_or_altered_never_read_past_their_end(
    records: list[Record], data: st.DataObject
) -> None:
    """Damage is refused, or decodes to spans that lie within the bytes."""
    encoded = bytearray(encode_records(Records.of(records)))
    place = data.draw(st.integers(0, len(encoded) - 1))
    encoded[place] = data.draw(st.integers(0, 255))
    cut = bytes(encoded[: data.draw(st.integers(0, len(encoded)))])
    try:
        decoded, _ = decode_records(np.frombuffer(cut, np.uint8), 0, len(records), 0)
    except CorruptRecords:
        return
    for spans in (decoded.keys, decoded.values, decoded.headers):
        ends = spans.starts + np.maximum(spans.lengths, 0)
        assert spans.starts.min() >= 0
        assert ends.max() <= len(cut)


def test_fewer_records_than_said_are_refused() -> None:
    data = np.frombuffer(encode_records(Records.of([Record(b"k", b"v", 0)])), np.uint8)
    with pytest.raises(CorruptRecords):
        decode_records(data, 0, 2, 0)


def test_bytes_behind_the_records_are_refused() -> None:
    data = np.frombuffer(encode_records(Records.of([Record(b"k", b"v", 0)])) + b"x", np.uint8)
    with pytest.raises(CorruptRecords):
        decode_records(data, 0, 1, 0)


def written_by_kafka_python(records: list[Record]) -> bytes:
    return bytes(built_by_kafka_python(records).build())[HEADER_BYTES:]


def built_by_kafka_python(records: list[Record]) -> DefaultRecordBatchBuilder:
    builder = DefaultRecordBatchBuilder(
        magic=2,
        compression_type=0,
        is_transactional=False,
        producer_id=-1,
        producer_epoch=-1,
        base_sequence=-1,
        batch_size=1 << 24,
    )
    for offset, record in enumerate(records):
        appended = builder.append(
            offset, record.timestamp, record.key, record.value, list(record.headers)
        )
        assert appended is not None
    return builder
