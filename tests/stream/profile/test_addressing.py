"""A line's key is its customer's id."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from stream.contracts.columns import columns_of
from stream.log.batch import Record, Records
from stream.profile.addressing import keys_differ

IDS = st.sampled_from(["1", "12", "123", "13", "é", "e\u0301", "客", "x" * 256]) | st.text(
    st.characters(exclude_categories=["C"]), min_size=1, max_size=4
)


def sale(customer_id: str, *, escaped: bool) -> bytes:
    fields = {"customer_id": customer_id, "occurred_at": "2011-01-01T09:00:00Z", "amount": 1}
    return json.dumps(fields, ensure_ascii=escaped).encode()


@given(st.lists(st.tuples(IDS, IDS | st.none(), st.booleans(), st.booleans()), max_size=6))
def test_a_key_that_is_not_the_customers_id_is_told(
    sales: list[tuple[str, str | None, bool, bool]],
) -> None:
    records, wanted = [], []
    for customer, other, is_own, escaped in sales:
        key = customer if is_own else other
        value = sale(customer, escaped=escaped)
        records.append(Record(None if key is None else key.encode(), value, 0))
        wanted.append(key != customer)
    batch = Records.of(records)
    assert keys_differ(batch, columns_of(batch)).tolist() == wanted


def test_what_is_no_line_is_not_looked_at() -> None:
    tick = b'{"type":"tick","instant":"2011-01-01T00:00:00Z"}'
    batch = Records.of([Record(b"x", tick, 0), Record(None, b"{", 0), Record(None, None, 0)])
    assert keys_differ(batch, columns_of(batch)).tolist() == [False] * 3
