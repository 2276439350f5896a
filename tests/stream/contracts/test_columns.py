"""Columns say what the one-by-one reader says, for every record there can be."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stream.contracts.columns import Columns, columns_of
from stream.contracts.fast import Line, decode, encode
from stream.contracts.instant import milliseconds, offset_minutes
from stream.contracts.plain import FIELDS, TEXTS, scan
from stream.log.batch import Record, Records
from stream.log.codec import decode_records, encode_records

if TYPE_CHECKING:
    from collections.abc import Sequence

SALE: dict[str, Any] = {
    "schema_version": 1,
    "customer_id": "17850",
    "occurred_at": "2010-12-01T08:26:00+00:00",
    "event_id": "0123456789abcdef",
    "order_id": "536365",
    "product_id": "85123A",
    "country": "United Kingdom",
    "quantity": 6,
    "unit_price": 2.55,
}
PLAIN_SALE = json.dumps(SALE).encode()


def records_of(values: Sequence[bytes | None]) -> Records:
    """As they come from a log: values are not alone in their buffer."""
    records = Records.of([Record(b"\xff{", value, 0) for value in values])
    encoded = np.frombuffer(encode_records(records), np.uint8)
    return decode_records(encoded, 0, len(values), 0)[0]


def same(columns: Columns, row: int, line: Line) -> None:
    for name in TEXTS:
        assert columns.text(name, row) == getattr(line, name)
    price = columns.unit_price[row]
    assert (None if math.isnan(price) else price) == line.unit_price
    assert columns.quantity[row] == line.quantity
    assert columns.discount[row] == line.discount
    assert columns.amount[row] == line.amount
    assert columns.occurred_ms[row] == milliseconds(line.occurred_at)
    assert columns.offset_minutes[row] == offset_minutes(line.occurred_at)
    assert columns.time_known[row] == line.time_known


def agree(values: Sequence[bytes | None]) -> None:
    columns = columns_of(records_of(values))
    for row, value in enumerate(values):
        decoded = decode(value)
        assert columns.is_line[row] == isinstance(decoded, Line)
        if isinstance(decoded, Line):
            same(columns, row, decoded)
        else:
            assert columns.others[row] == decoded


NUMBERS = st.one_of(
    st.integers(-20, 20),
    st.decimals(-1_000, 10_000, places=4).map(float),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([1e9, 1.1e9, 1e10, 1.1e10, -0.0, 1e-7, 123456789.123456, 0.1 + 0.2]),
)
LIKE_A_TIME = r"[0-2]\d{3}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,7})?(Z|[+-]\d\d:\d\d)"
TIMES = st.one_of(
    st.datetimes().map(lambda at: f"{at.isoformat()}Z"),
    st.datetimes().map(lambda at: f"{at.isoformat(timespec='seconds')}+05:30"),
    st.datetimes().map(lambda at: f"{at.isoformat(timespec='milliseconds')}-11:00"),
    st.from_regex(
        r"[0-2]\d{3}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,7})?(Z|[+-]\d\d:\d\d)", fullmatch=True
    ),
    st.sampled_from(
        [
            "2100-02-29T00:00:00Z",
            "2000-02-29T23:59:59.999999+23:59",
            "2011-01-01T24:00:00Z",
            "2011-01-01T23:59:60Z",
            "1970-12-31T00:00:00Z",
            "2199-01-01T00:00:00Z",
            "2011-01-01T00:00:00z",
            "2011-01-01T00:00:00",
        ]
    ),
)
TEXT = st.one_of(
    st.text(max_size=6), st.sampled_from(["", "x" * 256, "x" * 257, "a\\b", 'q"', "é"])
)
FIELD_VALUES: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(TEXTS, TEXT | st.none() | st.integers(0, 3)),
    **dict.fromkeys(("quantity", "unit_price", "discount", "amount"), NUMBERS | st.none()),
    "occurred_at": TIMES,
    "time_known": st.booleans() | st.integers(0, 1),
    "type": st.sampled_from(["transaction", "tick", "Transaction"]),
    "schema_version": st.sampled_from([1, 2, 9, 10, 0, -1, 1.0]),
    "unknown": st.integers(),
}
CHANGES = st.fixed_dictionaries({}, optional=FIELD_VALUES)
LEFT_OUT = st.sets(st.sampled_from(sorted(SALE)), max_size=2)


@st.composite
def sales(draw: st.DrawFn) -> bytes:
    """A sale with some fields changed or left out, in any order, spaced as encoders do."""
    fields = SALE | draw(CHANGES)
    for name in draw(LEFT_OUT):
        fields.pop(name, None)
    order = draw(st.permutations(sorted(fields)))
    separators = draw(st.sampled_from([(",", ":"), (", ", ": "), (" ,\n", "\t:\r")]))
    ascii_only = draw(st.booleans())
    return json.dumps(
        {name: fields[name] for name in order}, separators=separators, ensure_ascii=ascii_only
    ).encode()


@given(st.lists(sales() | st.none(), max_size=5))
def test_columns_say_what_the_reader_of_single_records_says(values: list[bytes | None]) -> None:
    agree(values)


@given(st.data())
def test_a_spoilt_byte_changes_both_alike(data: st.DataObject) -> None:
    value = bytearray(PLAIN_SALE)
    for at in data.draw(st.lists(st.integers(0, len(value) - 1), max_size=3)):
        value[at] = data.draw(st.sampled_from(list(b' "{}[]:,.-+eE09tfnull\\\x00\x7f\xc3')))
    agree([bytes(value)])


@given(st.integers(0, len(PLAIN_SALE)), st.binary(max_size=3))
@example(len(PLAIN_SALE), b"")
@example(len(PLAIN_SALE), b"}")
@example(len(PLAIN_SALE) - 1, b",")
@example(len(PLAIN_SALE), b" \n")
def test_a_cut_or_continued_line_is_read_alike(length: int, more: bytes) -> None:
    agree([PLAIN_SALE[:length] + more, PLAIN_SALE])


@pytest.mark.parametrize(
    "value",
    [
        b'{"customer_id":"a","customer_id":"b",' + PLAIN_SALE[1:],
        b'{"type":"transaction",' + PLAIN_SALE[1:],
        b'{"type":"tick","instant":"2011-01-01T00:00:00Z"}',
        b'{"type":"erasure","customer_id":"c1"}',
        PLAIN_SALE.replace(b"6,", b"06,"),
        PLAIN_SALE.replace(b"2.55", b"2.550000000000000001"),
        PLAIN_SALE.replace(b"2.55", b"-2.55"),
        PLAIN_SALE.replace(b"6,", b"-0,"),
        b"[]",
        b"{}",
        b"",
        b"null",
    ],
)
def test_odd_lines_are_read_alike(value: bytes) -> None:
    agree([PLAIN_SALE, value, PLAIN_SALE])


def test_what_shoal_writes_is_plain() -> None:
    """Else the loop would be there for nothing."""
    decoded = decode(PLAIN_SALE.replace(b"2.55", b"2.5"))
    assert isinstance(decoded, Line)
    for value in (PLAIN_SALE, encode(decoded)):
        records = records_of([value])
        texts, numbers = np.empty((12, 1), np.int64), np.empty((4, 1))
        times = np.empty((3, 1), np.int64)
        assert scan(records.buffer, *records.values, texts, numbers, times).all()


def test_no_two_fields_look_alike() -> None:
    shapes = {(len(name), name[0]) for name in FIELDS}
    assert len(shapes) == len(FIELDS)
