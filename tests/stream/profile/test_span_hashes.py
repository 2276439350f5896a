"""Hashes of spans are those of their texts."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stream.log.batch import NULL, Spans
from stream.profile.events import hash_of, order_hash
from stream.profile.span_hashes import hashes_of, pair_hashes_of

TEXTS = st.text(max_size=256) | st.sampled_from(["x" * 256, "\U0001f6d2" * 256])


def spans_of(texts: list[str | None], begin: int) -> tuple[bytes, Spans]:
    encoded = [b"" if text is None else text.encode() for text in texts]
    lengths = [len(text) for text in encoded]
    starts = begin + np.cumsum([0, *lengths])[:-1]
    kept = [NULL if text is None else length for text, length in zip(texts, lengths, strict=True)]
    return b"".join(encoded), Spans(starts, np.array(kept, np.int64))


@given(st.lists(st.tuples(st.none() | TEXTS, st.none() | TEXTS), max_size=5))
def test_each_text_and_each_pair_has_its_hash_and_what_is_missing_0(
    pairs: list[tuple[str | None, str | None]],
) -> None:
    customers, orders = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    front, of_customers = spans_of(customers, 0)
    back, of_orders = spans_of(orders, len(front))
    data = np.frombuffer(front + back, np.uint8)
    wanted = [0 if text is None else hash_of(text) for text in customers]
    assert hashes_of(data, *of_customers).tolist() == wanted
    assert pair_hashes_of(data, *of_customers, *of_orders).tolist() == [
        0 if customer is None or order is None else order_hash(customer, order)
        for customer, order in pairs
    ]
