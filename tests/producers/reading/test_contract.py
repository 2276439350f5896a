"""What the reader accepts is what the contract accepts: nothing that is sent is refused later."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from producers.reading.clock import Clock
from producers.reading.columns import find_columns
from producers.reading.normalise import Reading, judged, normalise
from producers.reading.reasons import Reason
from producers.replaying.encode import encoded
from producers.replaying.sort import sorted_lines
from stream.contracts.fast import Line, decode
from stream.contracts.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stream.contracts.fast import Decoded

# Their cells hold nothing that a line could: there is no message to ask the contract about.
NEVER_A_LINE = {
    Reason.NO_DATE,
    Reason.BAD_DATE,
    Reason.NO_QUANTITY,
    *(reason for reason in Reason if reason.label.startswith("not_a_number")),
}
EDGES = [
    "1970-01-01T00:00:00Z",
    "1970-01-01T00:30+01:00",
    "1969-12-31T20:00-05:00",
    "2199-12-31T23:59:59.999",
    "2200-01-01",
    "2200-01-01T00:59+01:00",
    "9999-12-31T23:59",
    "soon",
]
GOOD = {
    "customer_id": "17850",
    "occurred_at": "2010-12-01T08:26:00+00:00",
    "event_id": None,
    "order_id": "536365",
    "product_id": "85123A",
    "category": None,
    "country": "France",
    "quantity": "6",
    "unit_price": "2.55",
    "discount": None,
    "amount": None,
}

Row = dict[str, str | None]

texts = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.text('aé\u0085\u00a0\x7f\x00\t\n"\\\u200b😀', max_size=8),
    st.builds(lambda letter, count: letter * count, st.sampled_from("xé😀"), st.integers(254, 258)),
).map(lambda text: text and text.encode("utf-8", "replace").decode())
numbers = st.one_of(
    st.none(),
    st.sampled_from(["0", "-0", "1e9", "1e10", "1e-320", "nan", "1e308", "-1.7e308", "ten", ""]),
    st.floats(allow_nan=False, allow_infinity=False).map(str),
    st.floats(-10, 10).map(str),
    st.builds(
        lambda bound, sign, towards: str(sign * math.nextafter(bound, towards)),
        st.sampled_from([1e5, 1e9, 1e10]),
        st.sampled_from([1, -1]),
        st.sampled_from([0.0, math.inf]),
    ),
)
times = st.one_of(
    st.none(),
    st.sampled_from(EDGES),
    st.datetimes().map(str),
    st.integers(-(10**15), 10**15).map(str),
)
fields = dict.fromkeys(GOOD, texts) | {"occurred_at": times}
fields |= dict.fromkeys(["quantity", "unit_price", "discount", "amount"], numbers)
# Mostly good rows with a few odd cells: with all cells odd nothing would be looked at closely.
rows = st.dictionaries(st.sampled_from(list(GOOD)), st.none(), max_size=4).flatmap(
    lambda odd: st.fixed_dictionaries({name: fields[name] for name in odd})
)
clocks = st.sampled_from(
    [Clock(), Clock("America/New_York"), Clock("Europe/London", "Pacific/Kiritimati")]
)


@settings(deadline=None, max_examples=300)
@given(st.lists(rows, min_size=1, max_size=6), clocks)
@example([{"unit_price": None, "amount": "-1e-320", "quantity": "1e9"}], Clock())
@example([{"customer_id": "a\u0085b"}, {"country": "\x7f"}], Clock())
@example([{"occurred_at": "1969-12-31 20:00"}], Clock("America/New_York"))
def test_a_row_is_accepted_exactly_where_the_contract_takes_its_line(
    some: list[Row], clock: Clock
) -> None:
    made, codes = judged(*given_rows(some, clock))
    for code, decoded in zip(codes.tolist(), messages(made), strict=True):
        if code not in NEVER_A_LINE:
            assert isinstance(decoded, Line if code == 0 else Refused)


@settings(deadline=None)
@given(st.lists(rows, min_size=1, max_size=6), clocks)
def test_what_is_sent_is_a_transaction(some: list[Row], clock: Clock) -> None:
    from producers.replaying.identify import Identifier

    accepted = normalise(*given_rows(some, clock)).lines
    with sorted_lines([[accepted]]) as result:
        for lines in result:
            identified, _ = Identifier().identified(lines)
            for message in encoded(identified).to_pylist():
                assert isinstance(decode(message.encode()), Line)


@pytest.mark.parametrize(
    ("odd", "reason", "refusal"),
    [
        ({"customer_id": "a\tb"}, Reason.CUSTOMER_ID_INVALID_FIELD, "invalid_field"),
        ({"customer_id": "é" * 257}, Reason.CUSTOMER_ID_INVALID_FIELD, "invalid_field"),
        ({"event_id": "a\x7fb"}, Reason.EVENT_ID_INVALID_FIELD, "invalid_field"),
        ({"order_id": "a\u0085b"}, Reason.ORDER_ID_INVALID_FIELD, "invalid_field"),
        ({"product_id": "tea\npot"}, Reason.PRODUCT_ID_INVALID_FIELD, "invalid_field"),
        ({"category": "x" * 257}, Reason.CATEGORY_INVALID_FIELD, "invalid_field"),
        ({"country": "\x00x"}, Reason.COUNTRY_INVALID_FIELD, "invalid_field"),
        ({"occurred_at": "2200-01-01"}, Reason.OCCURRED_AT_OUT_OF_RANGE, "out_of_range"),
        ({"occurred_at": "1969-12-31"}, Reason.OCCURRED_AT_OUT_OF_RANGE, "out_of_range"),
        ({"quantity": "-1000000001"}, Reason.QUANTITY_OUT_OF_RANGE, "out_of_range"),
        ({"unit_price": "1e11", "amount": "1"}, Reason.UNIT_PRICE_OUT_OF_RANGE, "out_of_range"),
        ({"unit_price": "-1", "amount": "1"}, Reason.NEGATIVE_PRICE, "negative_price"),
        ({"unit_price": None, "amount": "-1"}, Reason.NEGATIVE_PRICE, "negative_price"),
        ({"unit_price": None, "amount": "1e10", "quantity": "0.1"}, *(
            Reason.UNIT_PRICE_OUT_OF_RANGE, "out_of_range")),
        ({"discount": "-2e10", "amount": "1"}, Reason.DISCOUNT_OUT_OF_RANGE, "out_of_range"),
        ({"amount": "-2e10"}, Reason.AMOUNT_OUT_OF_RANGE, "out_of_range"),
        ({"quantity": "1e6", "unit_price": "1e5"}, Reason.AMOUNT_OUT_OF_RANGE, "out_of_range"),
        ({"unit_price": None}, Reason.NO_PRICE, "missing_field"),
    ],
)  # fmt: skip
def test_a_reason_is_named_as_the_contract_names_its_refusal(
    odd: Row, reason: Reason, refusal: str
) -> None:
    made, codes = judged(*given_rows([odd], Clock()))
    assert [Reason(code) for code in codes] == [reason]
    (refused,) = messages(made)
    assert isinstance(refused, Refused)
    assert refused.reason == refusal
    assert reason.label.partition(":")[0] in {refusal, "no_price"}


@pytest.mark.parametrize(
    "odd",
    [
        {"customer_id": "é" * 256},
        {"product_id": 'say "tea" \\ Tee für zwei £5 \u200b'},
        {"occurred_at": "2199-12-31T23:59:59.999Z"},
        {"occurred_at": "1969-12-31T20:00-05:00"},
        {"quantity": "1e9", "unit_price": "10"},
        {"quantity": "0", "unit_price": None, "amount": "-5"},
    ],
)
def test_what_lies_just_within_is_accepted(odd: Row) -> None:
    made, codes = judged(*given_rows([odd], Clock()))
    assert codes.tolist() == [0]
    assert isinstance(messages(made)[0], Line)


def test_sums_beyond_all_numbers_are_out_of_range() -> None:
    huge = {"a": ["1.7e308"], "b": ["1.7e308"], "customer": ["1"], "date": ["2010-12-01"]}
    rows = pa.record_batch(huge | {"price": ["1"]})
    columns = find_columns("shop.csv", rows.schema.names, [("discount", "a+b")])
    assert normalise(rows, Reading(columns)).reasons.tolist() == [Reason.DISCOUNT_OUT_OF_RANGE]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "Europe/London"])
def test_times_of_every_size_are_judged(unit: str, zone: str | None) -> None:
    ticks = [0, 2**63 - 1, -(2**63), 2**62, 10**15, 10**18]
    kind = pa.timestamp(unit, zone)
    when = pa.array(ticks, pa.int64()).cast(kind)
    rows = pa.record_batch({"customer": ["1"] * 6, "date": when, "price": [1.0] * 6})
    made, codes = judged(rows, Reading(find_columns("shop", rows.schema.names)))
    assert codes[0] == 0
    for code, decoded in zip(codes.tolist(), messages(made), strict=True):
        assert isinstance(decoded, Line if code == 0 else Refused)
    per_second = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[unit]
    within = [0 <= tick / per_second < 7_258_118_400 for tick in ticks]
    assert (codes == 0).tolist() == within


def given_rows(some: list[Row], clock: Clock) -> tuple[pa.RecordBatch, Reading]:
    whole: list[Mapping[str, str | None]] = [GOOD | row for row in some]
    columns = {name: pa.array([row[name] for row in whole], pa.string()) for name in GOOD}
    return pa.record_batch(columns), Reading(find_columns("shop.csv", list(GOOD)), clock)


def messages(lines: pa.RecordBatch) -> list[Decoded]:
    """As they would be sent, with any id where `identify` would make one."""
    columns = lines.columns
    place = lines.schema.get_field_index("event_id")
    columns[place] = pc.coalesce(columns[place], "made")
    named = pa.RecordBatch.from_arrays(columns, schema=lines.schema)
    return [decode(message.encode()) for message in encoded(named).to_pylist()]
