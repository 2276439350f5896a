"""Partitions against kafka-python's own murmur2."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from kafka.partitioner.default import murmur2

from stream.log.batch import Record, Records
from stream.log.partitioning import partition_of, partitions_of

unhurried = settings(deadline=None)  # the first example compiles murmur2


@unhurried
@given(st.lists(st.binary(max_size=40), min_size=1), st.integers(1, 100))
def test_keys_lie_where_kafka_python_puts_them(keys: list[bytes], partitions: int) -> None:
    records = Records.of(Record(key, b"", 0) for key in keys)
    expected = [(murmur2(key) & 0x7FFFFFFF) % partitions for key in keys]
    assert partitions_of(records, partitions).tolist() == expected
    assert [partition_of(key, partitions) for key in keys] == expected
