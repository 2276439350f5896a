"""Each way of being wrong has its reason and a message that names the field."""

import json
from typing import Any

import pytest

from stream.contracts.commands import Erasure, Promote, Tick
from stream.contracts.judge import diagnose
from stream.contracts.refusal import RefusalReason, Refused
from stream.contracts.transaction import Transaction

GOOD = {"customer_id": "c1", "occurred_at": "2011-03-04T05:06:07Z", "unit_price": 2.5}
WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"customer_id": None}, "invalid_field", "customer_id should be a valid string"),
    ({"customer_id": 17850}, "invalid_field", "customer_id should be a valid string"),
    ({"customer_id": ""}, "invalid_field", "customer_id"),
    ({"customer_id": "x" * 257}, "invalid_field", "customer_id"),
    ({"customer_id": "a\x1fb"}, "invalid_field", "customer_id"),
    ({"country": "a\x9bb"}, "invalid_field", "country"),
    ({"occurred_at": "2011-03-04T05:06:07"}, "invalid_field", "occurred_at should say its offset"),
    ({"occurred_at": 1299215167}, "invalid_field", "occurred_at"),
    ({"occurred_at": "1299215167"}, "invalid_field", "occurred_at should be an ISO-8601 time"),
    ({"occurred_at": "yesterday"}, "invalid_field", "occurred_at should be an ISO-8601 time"),
    ({"occurred_at": "2011-02-29T00:00:00Z"}, "invalid_field", "occurred_at"),
    ({"occurred_at": "2011-03-04T05:06:07+00:00:30"}, "invalid_field", "occurred_at"),
    ({"occurred_at": "1969-12-31T23:59:59.999Z"}, "out_of_range", "occurred_at"),
    ({"occurred_at": "1970-01-01T00:59:59+01:00"}, "out_of_range", "occurred_at"),
    ({"occurred_at": "2200-01-01T00:00:00Z"}, "out_of_range", "occurred_at"),
    ({"occurred_at": "0001-01-01T00:00:00+10:00"}, "out_of_range", "occurred_at"),
    ({"occurred_at": "9999-12-31T23:59:59-10:00"}, "out_of_range", "occurred_at"),
    ({"unit_price": -0.01}, "negative_price", "unit_price"),
    ({"unit_price": None, "amount": -5}, "negative_price", "amount plus discount"),
    ({"unit_price": 1.1e10}, "out_of_range", "unit_price"),
    ({"unit_price": "2.5"}, "invalid_field", "unit_price should be a valid number"),
    ({"unit_price": True}, "invalid_field", "unit_price"),
    ({"unit_price": None}, "missing_field", "unit_price or amount is missing"),
    ({"discount": -1}, "out_of_range", "discount"),
    ({"discount": None}, "invalid_field", "discount"),
    ({"quantity": 1e10}, "out_of_range", "quantity"),
    ({"quantity": 1e9, "unit_price": 11}, "out_of_range", "quantity times unit_price"),
    ({"quantity": 1e-9, "unit_price": None, "amount": 11}, "out_of_range", "amount divided by"),
    ({"amount": -1.1e10}, "out_of_range", "amount"),
    ({"time_known": "no"}, "invalid_field", "time_known"),
    ({"schema_version": 0}, "out_of_range", "schema_version"),
    ({"type": "sale"}, "unknown_type", "transaction, erasure, tick, promote"),
    ({"type": 7}, "unknown_type", "type"),
    ({"type": "tick"}, "missing_field", "instant is missing"),
    ({"type": "promote", "version": 0, "instant": "2011-01-01T00:00Z"}, "out_of_range", "version"),
    ({"type": "erasure", "customer_id": ""}, "invalid_field", "customer_id"),
]


@pytest.mark.parametrize(("change", "reason", "detail"), WRONG)
def test_what_is_wrong_is_named(change: dict[str, Any], reason: str, detail: str) -> None:
    refused = diagnose(json.dumps(GOOD | change).encode())
    assert isinstance(refused, Refused)
    assert refused.reason == reason
    assert detail in refused.detail


@pytest.mark.parametrize("field", ["customer_id", "occurred_at"])
def test_a_missing_field_is_named(field: str) -> None:
    rest = {name: value for name, value in GOOD.items() if name != field}
    assert diagnose(json.dumps(rest).encode()) == Refused(
        RefusalReason.MISSING_FIELD, f"{field} is missing"
    )


@pytest.mark.parametrize(
    "value",
    [
        None,
        b"",
        b" ",
        b"null",
        b"5",
        b"[]",
        b"{",
        b'{"customer_id":"c1",}',
        b"\xff",
        b'{"a":"\xff"}',
        b"{'a':1}",
        b'{"a":NaN}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        '{"customer_id":"c1"}'.encode("utf-16"),
    ],
)
def test_what_is_no_json_object_is_said_to_be_none(value: bytes | None) -> None:
    refused = diagnose(value)
    assert isinstance(refused, Refused)
    assert refused.reason is RefusalReason.NOT_JSON
    assert refused.detail


def test_all_problems_are_named_but_no_value_is() -> None:
    refused = diagnose(b'{"customer_id":17850,"occurred_at":"17850","unit_price":-17850}')
    assert isinstance(refused, Refused)
    assert refused.reason is RefusalReason.INVALID_FIELD
    assert [refused.detail.count(name) for name in GOOD] == [1, 1, 1]
    assert "17850" not in refused.detail


def test_commands_are_told_by_their_type() -> None:
    instant = '"instant":"2011-01-01T00:00:00Z"'
    assert isinstance(diagnose(f'{{"type":"tick",{instant}}}'.encode()), Tick)
    promote = diagnose(f'{{"type":"promote","version":3,{instant},"more":1}}'.encode())
    assert isinstance(promote, Promote)
    assert promote.version == 3
    erasure = diagnose(b'{"type":"erasure","customer_id":"c1"}')
    assert erasure == Erasure(customer_id="c1")


def test_a_line_without_a_price_of_its_own_gets_one() -> None:
    line = diagnose(
        b'{"customer_id":"c","occurred_at":"2011-01-01T00:00:00Z",'
        b'"quantity":4,"amount":9,"discount":1}'
    )
    assert isinstance(line, Transaction)
    assert (line.unit_price, line.amount) == (2.5, 9)


def test_nothing_for_something_has_no_price() -> None:
    line = diagnose(
        b'{"customer_id":"c","occurred_at":"2011-01-01T00:00:00Z","quantity":0,"amount":9}'
    )
    assert isinstance(line, Transaction)
    assert (line.unit_price, line.amount) == (None, 9)


def test_an_amount_that_was_said_is_kept() -> None:
    line = diagnose(json.dumps(GOOD | {"quantity": 3, "amount": 7}).encode())
    assert isinstance(line, Transaction)
    assert (line.unit_price, line.amount) == (2.5, 7)


def test_a_later_version_is_read() -> None:
    line = diagnose(json.dumps(GOOD | {"schema_version": 9, "loyalty": {"points": 3}}).encode())
    assert isinstance(line, Transaction)
    assert line.schema_version == 9
