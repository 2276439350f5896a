"""Ids are the same however they are made: by one function, or by Arrow from columns."""

from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc
from hypothesis import given, settings
from hypothesis import strategies as st
from xxhash import xxh3_64_hexdigest

from stream.contracts import identity
from stream.contracts.bounds import MAX_MONEY, MAX_QUANTITY, TEN_THOUSANDTHS
from stream.contracts.fast import Line

texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=8)
money = st.floats(-MAX_MONEY, MAX_MONEY) | st.integers(-(10**6), 10**6).map(
    lambda cents: cents / 100
)
rows = st.tuples(
    texts,
    texts,
    texts | st.none(),
    st.integers(0, 7_258_118_400_000),
    st.floats(-MAX_QUANTITY, MAX_QUANTITY),
    money | st.none(),
    money,
    money | st.none(),
    st.integers(0, 1000),
)
TYPES = [pa.string()] * 3 + [pa.int64()] + [pa.float64()] * 4 + [pa.int64()]


def as_text(column: pa.Array) -> pa.Array:
    """The canonical text of a column, as the module's docstring says it is made."""
    if pa.types.is_floating(column.type):
        scaled = pc.multiply(column, float(TEN_THOUSANDTHS))
        column = pc.round(scaled, round_mode="half_to_even").cast(pa.int64())
    return pc.fill_null(column.cast(pa.string()), "")


@settings(deadline=None)
@given(st.lists(rows, min_size=1, max_size=5))
def test_event_ids_from_arrow_columns_are_those_from_single_lines(lines: list[tuple]) -> None:  # type: ignore[type-arg]
    columns = [
        as_text(pa.array(values, kind))
        for values, kind in zip(zip(*lines, strict=True), TYPES, strict=True)
    ]
    joined = pc.binary_join_element_wise(*columns, identity.SEPARATOR)
    from_columns = [xxh3_64_hexdigest(text.encode()) for text in joined.to_pylist()]
    assert from_columns == [identity.event_id(*line) for line in lines]


def test_every_part_of_a_line_tells_it_from_others() -> None:
    line = ("c", "o", "p", 1000, 2.0, 3.0, 0.5, 5.5, 0)
    others = [
        ("d", *line[1:]),
        *((*line[:i], other, *line[i + 1 :]) for i, other in enumerate("xyz") if i),
        *((*line[:i], 7, *line[i + 1 :]) for i in range(3, 9)),
        (*line[:2], None, *line[3:]),
        (*line[:5], None, *line[6:]),
        ("co", "", *line[2:]),
    ]
    ids = {identity.event_id(*other) for other in [line, *others]}  # type: ignore[arg-type]
    assert len(ids) == 1 + len(others)


def test_an_id_never_changes() -> None:
    """These are in topics already: a change would make every replay a second stream."""
    made = identity.event_id("17850", "536365", "85123A", 1291191960000, 6, 2.55, 0, None, 0)
    assert made == "a243fdf0270ae4b4"
    assert identity.order_id("17850", 1291191960000, 0, time_known=True) == "4ab478de74d8cadf"
    assert identity.order_id("17850", 1291191960000, 0, time_known=False) == "12cb82d1a3f03137"
    assert identity.change_id("value", "17850", 1, 3) == "4bf51e02f241a54d"
    assert identity.segment_event_id("value", 2, "born", "value-7") == "b3b12ae4177582c8"


def test_the_day_of_an_order_is_the_shoppers() -> None:
    def order_of(text: str) -> str | None:
        at = datetime.fromisoformat(text)
        return Line(customer_id="c", occurred_at=at, unit_price=1.0, time_known=False).order_id

    assert order_of("2011-01-01T00:30:00+02:00") == order_of("2011-01-01T23:30:00+02:00")
    assert order_of("2011-01-01T00:30:00+02:00") != order_of("2010-12-31T23:30:00+02:00")
    assert order_of("2011-01-01T00:30:00+02:00") != order_of("2010-12-31T22:30:00+00:00")


def test_without_an_order_id_an_order_is_a_customers_instant() -> None:
    def order_of(customer: str, text: str) -> str | None:
        at = datetime.fromisoformat(text)
        return Line(customer_id=customer, occurred_at=at, unit_price=1.0).order_id

    assert order_of("c", "2011-01-01T10:00:00+00:00") == order_of("c", "2011-01-01T11:00:00+01:00")
    assert order_of("c", "2011-01-01T10:00:00+00:00") != order_of("c", "2011-01-01T10:00:01+00:00")
    assert order_of("c", "2011-01-01T10:00:00+00:00") != order_of("d", "2011-01-01T10:00:00+00:00")
