"""Whatever lies on a topic can be told, on one line."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tell import WORDS, as_json_line, in_words
from stream.blocks.block import Block, encode
from stream.blocks.head import DELTA, Head
from stream.log.batch import Record

FIELDS = ["type", "change_id", "occurred_at", "instant", "version", "quantity", "customer_id"]
TOLD_TOPICS = (
    "shoal.transactions",
    "shoal.transactions.dead-letter",
    "shoal.customer-profiles",
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.sampled_from(sorted(WORDS)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner),
    max_leaves=8,
)


@given(
    st.none() | st.binary(max_size=20),
    st.none() | st.binary(max_size=40),
    st.integers(-(2**63), 2**63 - 1),
)
def test_any_bytes_are_told_on_one_line(
    key: bytes | None, value: bytes | None, timestamp: int
) -> None:
    record = Record(key, value, timestamp, (("why", b"\xff"), ("none", None)))
    for topic in TOLD_TOPICS:
        assert in_words(topic, record).isprintable()
    told = json.loads(as_json_line("t", 1, 2, record))
    assert told["offset"] == 2


@given(ANYTHING)
def test_any_json_is_told_on_one_line(value: object) -> None:
    record = Record(b"k", json.dumps(value).encode(), 0)
    assert in_words("shoal.transactions", record).isprintable()


def test_a_customer_can_not_move_the_cursor() -> None:
    sale = {"customer_id": "\x1b[2J", "occurred_at": "2010-12-01T08:26:00+00:00", "unit_price": 1}
    assert "\x1b" not in in_words("t", Record(b"k", json.dumps(sale).encode(), 0))


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"type": "erasure", "customer_id": "c1"}, "c1  erasure: forget this customer"),
        (
            {"type": "promote", "version": 3, "instant": "2011-01-01T00:00:00+00:00"},
            "promote: version 3 of the model holds",
        ),
        (
            {
                "change_id": "x",
                "customer_id": "c1",
                "previous": {"id": "value-1", "name": "At Risk"},
                "current": {"id": "value-3", "name": "Champions"},
                "cause": "moved",
                "reasons": [{"feature": "orders_d90"}],
                "occurred_at": "2011-01-01T10:00:00+00:00",
            },
            "c1  At Risk → Champions (moved, because of orders_d90)",
        ),
        (
            {
                "change_id": "x",
                "customer_id": "c1",
                "previous": None,
                "current": {"id": "value-3", "name": "Champions"},
                "cause": "joined",
                "reasons": [{"feature": "spend_d90", "before": None, "after": 240.061}],
                "occurred_at": "2011-01-01T10:00:00+00:00",
            },
            "c1  nothing → Champions (joined, because of spend_d90 240.06)",
        ),
        (
            {
                "type": "segment_model",
                "version": 2,
                "instant": "2011-01-01T00:00:00+00:00",
                "note": "by hand",
                "lenses": [
                    {
                        "lens": "value",
                        "centroids": [
                            {"segment": {"id": "value-1", "name": "Champions"}},
                            {"segment": {"id": "value-1", "name": "Champions"}},
                        ],
                    }
                ],
            },
            "model 2 (by hand): value with 1 segment: Champions",
        ),
    ],
)
def test_each_message_has_its_words(value: dict[str, object], told: str) -> None:
    assert in_words("t", Record(b"c1", json.dumps(value).encode(), 0)).endswith(told)


def test_json_nested_deeper_than_anybody_reads_is_shown_as_it_came() -> None:
    deep = Record(b"k", b"[" * 100_000, 0)
    assert "[[[" in in_words("t", deep)
    assert json.loads(as_json_line("t", 0, 0, deep))["value"].startswith("[[[")


def test_a_block_says_which_rows_of_which_profiles_it_holds() -> None:
    head = some_head(sequence=12, end=3_400)
    rows = pa.table({"row": pa.array([1, 2, 3], pa.int32())})
    [part] = encode(Block(head, {"customers": rows}), 1_000_000)
    told = in_words("shoal.customer-profiles", Record(b"", part, 0))
    assert "block 12: 3 rows of customers" in told
    assert told.endswith("shoal.transactions[0] up to 3,400")


def some_head(**fields: Any) -> Head:
    known: dict[str, Any] = {
        "group": "shoal",
        "topic": "shoal.transactions",
        "partitions": 1,
        "partition": 0,
        "fingerprint": "",
        "kind": DELTA,
        "begin": 0,
        "half_life_ms": 1,
        "customers": 3,
        "marks": (),
    }
    return Head(**(known | fields))
