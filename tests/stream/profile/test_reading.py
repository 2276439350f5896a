"""A batch read column by column is the batch made of single lines."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stream.contracts.columns import columns_of
from stream.contracts.fast import Line, decode_all
from stream.log.batch import Record, Records
from stream.profile.events import PRODUCT, Batch, events_of
from stream.profile.products import NonProducts
from stream.profile.reading import EventReader
from stream.profile.state import Profiles

if TYPE_CHECKING:
    from collections.abc import Sequence

RULE = NonProducts(("POST", "g*", "客*"))
SALE: dict[str, Any] = {
    "customer_id": "17850",
    "occurred_at": "2010-12-01T08:26:00+00:00",
    "event_id": "0123456789abcdef",
    "order_id": "536365",
    "product_id": "85123A",
    "country": "United Kingdom",
    "quantity": 6,
    "unit_price": 2.55,
}
TEXT = st.one_of(
    st.sampled_from(["1", "POST", "gift", "Décor", "客人" * 60, "x" * 256, "\U0001f6d2" * 256]),
    st.text("abc 19-", min_size=1, max_size=40),
    st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=20),
)
WORD = st.sampled_from(["Norway", "Spain", "Perú"]) | TEXT
MONEY = st.decimals(0, 10_000, places=5).map(float) | st.sampled_from([0, 1e-7, 1e9, 1e10])
QUANTITY = st.one_of(
    st.integers(-9, 9),
    st.decimals(-1000, 1000, places=5).map(float),
    st.sampled_from([0.00005, 0.00015, 0.00025, -0.00005, 1e9, 0.1 + 0.2, -0.0]),
)
OFFSETS = st.sampled_from(["Z", "+05:30", "-11:00", "+00:00", "+23:59"])
TIMES = st.builds(
    lambda at, offset: at.isoformat() + offset,
    st.datetimes(datetime(1969, 12, 30), datetime(2200, 1, 2)),  # noqa: DTZ001 - offset follows
    OFFSETS,
)
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "customer_id": TEXT,
    "event_id": TEXT,
    "order_id": TEXT,
    "product_id": TEXT,
    "category": WORD,
    "country": WORD,
    "quantity": QUANTITY,
    "unit_price": MONEY,
    "discount": MONEY,
    "amount": MONEY,
    "occurred_at": TIMES,
    "time_known": st.booleans(),
}
CHANGES = st.fixed_dictionaries({}, optional=FIELDS)
LEFT_OUT = st.sets(st.sampled_from(["event_id", "order_id", "product_id", "country"]))
LATER_MS = 10**13  # no event is ahead of its record
NO_LINES: list[bytes | None] = [
    None,
    b"",
    b"{",
    b'{"type":"tick","instant":"2011-01-01T00:00:00Z"}',
    b'{"type":"erasure","customer_id":"17850"}',
    json.dumps(SALE | {"discount": -1}).encode(),
    json.dumps(SALE | {"country": ""}).encode(),
]


@st.composite
def sales(draw: st.DrawFn) -> bytes:
    """A sale with some fields changed, some left out: not all are plain, and a few no lines."""
    fields = SALE | draw(CHANGES)
    for name in draw(LEFT_OUT):
        fields.pop(name, None)
    return json.dumps(fields, ensure_ascii=draw(st.booleans())).encode()


VALUES = st.lists(sales() | st.sampled_from(NO_LINES), max_size=8)


def records_of(values: Sequence[bytes | None]) -> Records:
    return Records.of([Record(b"key", value, LATER_MS + at) for at, value in enumerate(values)])


def read(values: Sequence[bytes | None], reader: EventReader) -> tuple[Batch, list[int]]:
    """The batch, and which of its rows are lines."""
    records = records_of(values)
    columns = columns_of(records)
    return reader.read(records, columns), np.flatnonzero(columns.is_line).tolist()


def made_singly(values: Sequence[bytes | None]) -> Batch:
    records = records_of(values)
    rows = [row for row, one in enumerate(decode_all(records)) if isinstance(one, Line)]
    lines = [one for one in decode_all(records) if isinstance(one, Line)]
    return events_of(lines, records.timestamps[rows].tolist(), RULE)


@given(VALUES)
def test_lines_become_the_events_that_they_become_one_by_one(values: list[bytes | None]) -> None:
    batch, rows = read(values, EventReader(RULE))
    lines, wanted = batch.take(np.array(rows, np.int64)), made_singly(values)
    assert lines.events.tolist() == wanted.events.tolist()
    assert list(lines.ids) == list(wanted.ids)
    assert lines.words == wanted.words


@given(VALUES)
def test_what_is_no_line_is_nothing(values: list[bytes | None]) -> None:
    batch, rows = read(values, EventReader())
    others = sorted(set(range(len(values))) - set(rows))
    assert len(batch) == len(values)
    assert batch.events[others].tolist() == np.zeros(len(others), batch.events.dtype).tolist()
    assert [batch.ids[row] for row in others] == [""] * len(others)


@given(VALUES, st.lists(st.integers(0, 8), max_size=3))
def test_a_reader_says_the_same_in_any_cut_and_each_word_once(
    values: list[bytes | None], cuts: list[int]
) -> None:
    whole, reader = read(values, EventReader(RULE))[0], EventReader(RULE)
    begin, words = 0, dict[int, str]()
    for end in [*sorted(min(cut, len(values)) for cut in cuts), len(values)]:
        part, _ = read(values[begin:end], reader)
        wanted = whole.events[begin:end].copy()
        wanted["recorded_ms"] -= begin * (wanted["recorded_ms"] != 0).astype(np.int64)
        assert part.events.tolist() == wanted.tolist()
        assert not words.keys() & part.words.keys()
        words |= part.words
        begin = end
    assert words == whole.words


def test_a_new_reader_names_words_again() -> None:
    value, reader = json.dumps(SALE).encode(), EventReader()
    named = [list(read([value], one)[0].words.values()) for one in (reader, reader, EventReader())]
    assert named == [["United Kingdom"], [], ["United Kingdom"]]


def test_more_products_than_are_remembered_are_judged_rightly() -> None:
    codes = [f"gift {n}" if n % 3 == 0 else f"{n}" for n in range(3000)]
    values = [json.dumps(SALE | {"product_id": code}).encode() for code in [*codes, *codes]]
    batch, _ = read(values, EventReader(RULE))
    counts = (batch.events["flags"] & PRODUCT).astype(bool).tolist()
    assert counts == [n % 3 != 0 for n in range(3000)] * 2


def test_profiles_take_a_batch_with_the_ids_of_new_customers() -> None:
    ids = ["17850", "客", "17850", "\n", "Zoë"]  # a line break is no part of an id
    changed = [SALE | {"customer_id": one, "event_id": one} for one in ids]
    values = [json.dumps(sale).encode() for sale in changed]
    batch, rows = read(values, EventReader())
    profiles = Profiles()
    profiles.fold(batch.take(np.array(rows)))
    assert [profiles.customer_id(row) for row in range(len(profiles))] == ["17850", "客", "Zoë"]


def test_a_batch_can_be_cut_and_is_still_texts_when_asked() -> None:
    values = [json.dumps(SALE | {"customer_id": f"c{n}"}).encode() for n in range(5)]
    batch, _ = read(values, EventReader())
    assert list(batch.slice(1, 4).slice(1).ids) == ["c2", "c3"]
    assert list(batch.take(np.array([4, 0])).ids) == ["c4", "c0"]
    assert batch.ids[-1] == "c4"
