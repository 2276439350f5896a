from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from producers.replaying.identify import Identifier
from stream.contracts import identity
from tests.producers.some_lines import any_line, cut, rows_of, sourced

few_kinds = st.builds(
    lambda customer, at, product, event, source: {
        "customer_id": customer,
        "occurred_at": at,
        "product_id": product,
        "event_id": event,
        "source": source,
    },
    st.sampled_from("ab"),
    st.integers(0, 2),
    st.sampled_from([None, "p"]),
    st.sampled_from([None, None, "given"]),
    st.integers(0, 1),
)
sorted_rows = st.lists(few_kinds, max_size=40).map(
    lambda rows: sorted(rows, key=lambda row: row["occurred_at"])
)
sizes = st.lists(st.integers(1, 9), max_size=20)


def identified(
    rows: list[dict[str, Any]], batch_sizes: list[int]
) -> tuple[list[tuple[Any, ...]], list[bool]]:
    identifier = Identifier()
    done = [identifier.identified(batch) for batch in cut(sourced(rows), batch_sizes)]
    repeated = [bool(one) for _, repeats in done for one in repeats]
    return rows_of((batch for batch, _ in done), "event_id", "order_id"), repeated


def plainly(rows: list[dict[str, Any]]) -> tuple[list[tuple[str, str]], list[bool]]:
    """The contract's ids, a line at a time, with everything seen kept in one counter."""
    seen: Counter[tuple[Any, ...]] = Counter()
    ids, repeated = [], []
    for row in rows:
        line = {name: row[name] for name in ("customer_id", "product_id", "quantity")}
        line |= {name: row[name] for name in ("unit_price", "discount", "amount")}
        order = row["order_id"] or identity.order_id(
            row["customer_id"],
            row["occurred_at"],
            row["offset_minutes"],
            time_known=row["time_known"],
        )
        line |= {"order_id": order, "at_ms": row["occurred_at"]}
        same = (row["source"], row["occurred_at"], row["event_id"] or identity.event_id(**line))
        occurrence, seen[same] = seen[same], seen[same] + 1
        ids.append((row["event_id"] or identity.event_id(**line, occurrence=occurrence), order))
        repeated.append(occurrence > 0)
    return ids, repeated


def full(row: dict[str, Any]) -> dict[str, Any]:
    from tests.producers.some_lines import ORDINARY

    return {**ORDINARY, "source": 0, **row}


@given(sorted_rows, sizes)
def test_ids_are_the_contracts_wherever_batches_are_cut(
    rows: list[dict[str, Any]], batch_sizes: list[int]
) -> None:
    assert identified(rows, batch_sizes) == plainly([full(row) for row in rows])


@given(st.lists(any_line(), min_size=1, max_size=6))
def test_ids_of_any_line_are_the_contracts(rows: list[dict[str, Any]]) -> None:
    rows = sorted(rows, key=lambda row: row["occurred_at"])
    assert identified(rows, []) == plainly([full(row) for row in rows])


@given(sorted_rows.filter(bool))
def test_lines_without_ids_get_different_ones(rows: list[dict[str, Any]]) -> None:
    rows = [{**row, "event_id": None, "source": 0} for row in rows]
    ids, _ = identified(rows, [])
    assert len({event for event, _ in ids}) == len(rows)


def test_a_number_too_large_for_ten_thousandths_in_64_bits_has_an_id_too() -> None:
    rows = [{"quantity": 1e18, "amount": -2e300}]
    assert identified(rows, []) == plainly([full(row) for row in rows])
