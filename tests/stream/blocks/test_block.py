"""Blocks as records: each under the topic's limit, together the block again; all else refused."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stream.blocks.arrow import stream_bytes, written
from stream.blocks.block import HEAD, TABLE, Block, decode_part, encode
from stream.blocks.head import SCHEMA, encode_head
from stream.errors import BlockError, RecordTooLarge
from stream.profile.tables import CUSTOMERS
from tests.stream.blocks.live import FEATURES, Live, last_block, lens_head, restored


def written_block(customers: int = 200) -> Live:
    live = Live()
    live.fold([{"customer": n, "order": n} for n in range(1, customers + 1)])
    live.promote("ab", FEATURES, {"value"})
    live.block()
    return live


@given(st.integers(2_600, 60_000))
def test_every_part_is_within_the_limit_and_no_row_is_lost(limit: int) -> None:
    block = last_block(written_block().values)
    values = encode(block, limit)
    assert max(map(len, values)) <= limit
    again = last_block(values)
    assert again.head == block.head
    for name, table in block.tables.items():
        assert repr(again.tables[name].to_pylist()) == repr(table.to_pylist())


def test_parts_are_about_as_large_as_they_may_be() -> None:
    values = encode(last_block(written_block(3_000).values), 50_000)
    assert sum(map(len, values)) / len(values) > 0.7 * 50_000


def test_a_block_without_rows_is_its_head() -> None:
    live = Live()
    (value,) = live.block(midnight=86_400_000)
    assert last_block([value]).head.midnight == 86_400_000
    assert len(value) < 1_000


def test_a_limit_below_a_single_row_is_said_with_the_setting_that_helps() -> None:
    block = last_block(written_block(1).values)
    with pytest.raises(RecordTooLarge, match=r"topics\.max_message_bytes"):
        encode(block, 900)


def test_sizes_are_known_before_anything_is_written() -> None:
    table = last_block(written_block(77).values).tables[CUSTOMERS]
    for rows in (0, 1, 9, 77):
        batch = table.to_batches()[0].slice(3, rows)
        assert stream_bytes(batch) == len(written(batch))


def part(head: bytes | None = None, **compression: Any) -> bytes:
    live = Live()
    live.block()
    rows = pa.record_batch([pa.array(np.zeros(1000, np.int32))], names=["row"])
    metadata = {HEAD: encode_head(live.head()) if head is None else head, TABLE: b"removed"}
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(**compression)
    with pa.ipc.new_stream(sink, rows.schema.with_metadata(metadata), options=options) as stream:
        stream.write_batch(rows.replace_schema_metadata(metadata))
    value: bytes = sink.getvalue().to_pybytes()
    return value


def spoilt_head(**changes: Any) -> bytes:
    live = Live()
    live.block()
    fields = msgspec.json.decode(encode_head(live.head()))
    return msgspec.json.encode({**fields, **changes})


def test_an_ordinary_part_is_read() -> None:
    assert decode_part(part()).rows.num_rows == 1000


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        (None, "no value"),
        (b"", "no profile block"),
        (b'{"type": "transaction"}', "no profile block"),
        (bytes(1000), "no profile block"),
        (b"\xff" * 1000, "no profile block"),
        (part()[:-2000], "no profile block"),
        (part(compression="lz4"), "another kind"),
        (part(compression="zstd"), "another kind"),
        (written(pa.record_batch([pa.array([1])], names=["row"])), "no head"),
        (part(b"\xff"), "head can't be read"),
        (part(b"{}"), "head can't be read"),
        (part(spoilt_head(schema=SCHEMA + 1)), "upgrade|later one"),
        (part(spoilt_head(schema=SCHEMA + 1, sequence="of another kind")), "later one"),
        (part(spoilt_head(sequence=0)), "contradicts itself"),
        (part(spoilt_head(part=1)), "contradicts itself"),
        (part(spoilt_head(partition=4)), "contradicts itself"),
        (part(spoilt_head(begin=5, end=4)), "contradicts itself"),
        (part(spoilt_head(customers=2**31)), "contradicts itself"),
        (part(spoilt_head(half_life_ms=0)), "contradicts itself"),
        (part(spoilt_head(kind="rumour")), "head can't be read"),
        (part(spoilt_head(marks=[0.5])), "head can't be read"),
    ],
)
def test_what_is_no_block_of_ours_is_refused(value: bytes | None, complaint: str) -> None:
    with pytest.raises(BlockError, match=complaint):
        decode_part(value)


@given(st.data())
def test_a_spoilt_record_is_refused_or_read_and_never_crashes(data: st.DataObject) -> None:
    values = written_block(5).values
    at = data.draw(st.integers(0, len(values) - 1))
    value = bytearray(values[at])
    for _ in range(data.draw(st.integers(1, 8))):
        value[data.draw(st.integers(0, len(value) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = restored([*values[:at], bytes(value), *values[at + 1 :]])
    except BlockError:
        return
    assert len(found) <= 5


@pytest.mark.parametrize("place", [float("nan"), float("inf"), -1e301])
def test_a_centroid_has_a_place_or_is_not_written(place: float) -> None:
    lens = lens_head("value", 1, ("a", "b"), FEATURES)
    head = msgspec.structs.replace(lens, positions=((0.0, place), (1.0, 1.0)))
    live = Live()
    live.block()
    with pytest.raises(BlockError, match="no finite place"):
        encode(Block(msgspec.structs.replace(live.head(), lenses=(head,)), {}), 10_000)


def test_centroids_come_back_with_all_their_bits() -> None:
    lens = lens_head("value", 1, ("a", "b", "c"), FEATURES)
    odd = ((0.1 + 0.2, 1 / 3), (5e-324, -0.0), (1e300, 2**-1074))
    head = msgspec.structs.replace(lens, positions=odd)
    live = Live()
    live.block()
    values = encode(Block(msgspec.structs.replace(live.head(), lenses=(head,)), {}), 10_000)
    found = last_block(values).head.lenses[0].positions
    assert np.array(found).tobytes() == np.array(odd).tobytes()
