"""Whatever lies on a topic can be told, on one line."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tell import WORDS, as_json_line, in_words
from stream.log.batch import Record

FIELDS = ["type", "change_id", "occurred_at", "instant", "version", "quantity", "customer_id"]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.sampled_from(sorted(WORDS)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner),
    max_leaves=8,
)


@given(st.none() | st.binary(max_size=20), st.none() | st.binary(max_size=40))
def test_any_bytes_are_told_on_one_line(key: bytes | None, value: bytes | None) -> None:
    record = Record(key, value, 0, (("why", b"\xff"), ("none", None)))
    for topic in ("shoal.transactions", "shoal.transactions.dead-letter"):
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
    ],
)
def test_each_message_has_its_words(value: dict[str, object], told: str) -> None:
    assert in_words("t", Record(b"c1", json.dumps(value).encode(), 0)).endswith(told)
