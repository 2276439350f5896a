from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from producers.replaying.encode import encoded
from producers.replaying.identify import Identifier
from stream.contracts.bounds import FIRST_INSTANT
from stream.contracts.instant import milliseconds, offset_minutes
from stream.contracts.transaction import Transaction
from tests.producers.some_lines import ORDINARY, any_line, sourced

EVERYTHING = {
    "customer_id": "17850",
    "occurred_at": 1291191960000,
    "order_id": "536365",
    "product_id": "85123A",
    "category": "lights",
    "country": "United Kingdom",
    "quantity": 6.0,
    "unit_price": 2.55,
    "discount": 0.5,
    "amount": 14.8,
    "event_id": "e1",
    "time_known": False,
}


def messages(rows: list[dict[str, Any]]) -> list[str]:
    lines, _ = Identifier().identified(sourced(rows))
    texts: list[str] = encoded(lines).to_pylist()
    return texts


@given(st.lists(any_line(), min_size=1, max_size=4))
@example([{**ORDINARY, "occurred_at": 1500, "offset_minutes": -1}])
def test_every_line_is_read_back_as_it_was(rows: list[dict[str, Any]]) -> None:
    rows.sort(key=lambda row: row["occurred_at"])
    for row, message in zip(rows, messages(rows), strict=True):
        back = Transaction.from_json(message.encode())
        assert milliseconds(back.occurred_at) == row["occurred_at"]
        assert offset_minutes(back.occurred_at) == row["offset_minutes"]
        for name in ("customer_id", "product_id", "category", "country"):
            assert getattr(back, name) == row[name], name
        for name in ("quantity", "discount", "time_known"):
            assert getattr(back, name) == row[name], name
        for name in ("order_id", "event_id", "unit_price", "amount"):
            assert row[name] is None or getattr(back, name) == row[name], name


@given(any_line())
def test_ids_made_here_are_those_the_contract_would_have_made(row: dict[str, Any]) -> None:
    [message] = messages([row])
    without = json.loads(message)
    if row["event_id"] is None:
        del without["event_id"]
    if row["order_id"] is None:
        del without["order_id"]
    assert Transaction.from_json(json.dumps(without).encode()) == Transaction.from_json(
        message.encode()
    )


@given(st.lists(any_line(), min_size=2, max_size=6), st.data())
def test_a_line_is_the_same_bytes_whatever_lines_are_beside_it(
    rows: list[dict[str, Any]], data: st.DataObject
) -> None:
    rows = [{**row, "event_id": str(i), "order_id": "o"} for i, row in enumerate(rows)]
    alone = data.draw(st.integers(0, len(rows) - 1))
    assert messages([rows[alone]]) == [messages(rows)[alone]]


def test_a_line_with_everything_reads_well() -> None:
    assert messages([EVERYTHING]) == [
        '{"schema_version":1,"event_id":"e1","customer_id":"17850","order_id":"536365",'
        '"product_id":"85123A","category":"lights","country":"United Kingdom","quantity":6,'
        '"unit_price":2.55,"amount":14.8,"discount":0.5,'
        '"occurred_at":"2010-12-01T08:26:00+00:00","time_known":false}'
    ]


def test_what_says_nothing_is_left_out() -> None:
    [message] = messages([{"event_id": "e1", "order_id": "o1"}])
    assert set(json.loads(message)) == {
        "schema_version",
        "event_id",
        "customer_id",
        "order_id",
        "quantity",
        "unit_price",
        "occurred_at",
    }


@pytest.mark.parametrize("text", ['say "hi"', "back\\slash", "tab\tnew\nline\x00\x1f", "\x7fé €😀"])
def test_any_character_is_valid_json(text: str) -> None:
    names = ("customer_id", "order_id", "product_id", "category", "country", "event_id")
    [message, _] = messages([dict.fromkeys(names, text), {"country": "plain"}])
    assert [json.loads(message)[name] for name in names] == [text] * len(names)


def test_the_first_instant_is_1970() -> None:
    [message] = messages([{}])
    assert Transaction.from_json(message.encode()).occurred_at == FIRST_INSTANT
