"""Lines for tests: a few fields given, the others ordinary; and any lines at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
from hypothesis import strategies as st

from producers.lines import LINES
from producers.replaying.sort import SOURCED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

ORDINARY: dict[str, Any] = {
    "customer_id": "17850",
    "occurred_at": 0,
    "offset_minutes": 0,
    "time_known": True,
    "order_id": None,
    "product_id": None,
    "category": None,
    "country": None,
    "quantity": 1.0,
    "unit_price": 2.5,
    "discount": 0.0,
    "amount": None,
    "event_id": None,
}

ids = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8)
money = st.one_of(
    st.integers(0, 10**6).map(lambda cents: cents / 100),
    st.floats(0, 1e6, allow_nan=False, allow_infinity=False),
)
LAST_MS = 7_258_118_400_000 - 1  # the end of 2199


@st.composite
def any_line(draw: st.DrawFn) -> dict[str, Any]:
    """Whatever a reader may give out, within the contract's bounds."""
    price = draw(st.none() | money)
    sign = draw(st.sampled_from([1, 1, -1]))
    amount = draw(money if price is None else st.none() | money)
    return {
        "customer_id": draw(ids),
        "occurred_at": draw(st.integers(0, LAST_MS) | st.integers(0, LAST_MS // 1000).map(_whole)),
        "offset_minutes": draw(st.integers(-1439, 1439) | st.sampled_from([0, 60, -330])),
        "time_known": draw(st.booleans()),
        **{name: draw(st.none() | ids) for name in ("order_id", "product_id", "category")},
        "country": draw(st.none() | st.sampled_from(["United Kingdom", "Côte d'Ivoire", 'A"B\\'])),
        "quantity": sign * draw(st.integers(1, 1000).map(float)),
        "unit_price": price,
        "discount": 0.0 if sign < 0 else draw(st.just(0.0) | money),
        "amount": None if amount is None else sign * amount,
        "event_id": draw(st.none() | ids),
    }


def _whole(seconds: int) -> int:
    return seconds * 1000


def lines(rows: Sequence[dict[str, Any]], schema: pa.Schema = LINES) -> pa.RecordBatch:
    """A batch of these rows; what they don't say is as in `ORDINARY`."""
    full = [{**ORDINARY, "source": 0, **row} for row in rows]
    return pa.RecordBatch.from_arrays(
        [pa.array([row[field.name] for row in full], field.type) for field in schema],
        schema=schema,
    )


def sourced(rows: Sequence[dict[str, Any]]) -> pa.RecordBatch:
    return lines(rows, SOURCED)


def cut(batch: pa.RecordBatch, sizes: Iterable[int]) -> Iterator[pa.RecordBatch]:
    """The same rows in batches of these sizes, the last one taking what is left."""
    start = 0
    for size in sizes:
        if start + size >= batch.num_rows:
            break
        yield batch.slice(start, size)
        start += size
    yield batch.slice(start)


def rows_of(batches: Iterable[pa.RecordBatch], *names: str) -> list[tuple[Any, ...]]:
    """These columns of all rows, times in milliseconds."""
    return [
        tuple(row)
        for batch in batches
        for row in zip(*(_values(batch.column(name)) for name in names), strict=True)
    ]


def _values(column: pa.Array) -> list[Any]:
    values: list[Any] = (
        column.cast(pa.int64()) if pa.types.is_timestamp(column.type) else column
    ).to_pylist()
    return values
