"""What becomes of one record: what its shape says, and never an error."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bridging.mapping import BridgedLine, LeftOut, Mapper, Origin
from app.bridging.shape import Shape, shape_of
from app.bridging.times import Times
from stream.contracts.fast import Line, decode
from stream.contracts.refusal import Refused

ORIGIN = Origin("orders", 2, 40, 1_790_000_000_000)
NEEDED = ["customer_id=c", "occurred_at=t", "amount=a"]
WELL = {"c": "c1", "t": "2026-09-01T10:00:00+02:00", "a": 5}


def lines(shape: Shape, record: object) -> list[Line]:
    value = record if isinstance(record, bytes) else json.dumps(record).encode()
    found = Mapper(shape, "shop").lines(value, ORIGIN)
    assert isinstance(found, list), found
    decoded = [decode(line.value) for line in found]
    assert all(isinstance(line, Line) for line in decoded)
    return [line for line in decoded if isinstance(line, Line)]


def refused(shape: Shape, record: object) -> str:
    value = record if isinstance(record, bytes) else json.dumps(record).encode()
    found = Mapper(shape, "shop").lines(value, ORIGIN)
    assert isinstance(found, Refused), found
    return f"{found.reason}: {found.detail}"


def test_fields_are_found_at_their_places_and_constants_stand_in() -> None:
    shape = shape_of(
        [
            *("customer_id=user.ids.1", "occurred_at=at", "unit_price=pence/100"),
            *("quantity=-returned", r"product_id=meta.app\.sku", "country=to.country"),
        ],
        ["country=GB", "discount=0.5", "time_known=false"],
        times=Times("s"),
    )
    record = {
        "user": {"ids": ["x", 17850]},
        "at": 1_789_000_000,
        "pence": "255",
        "returned": 3,
        "meta": {"app.sku": "85123A"},
        "to": None,
    }
    [line] = lines(shape, record)
    assert (line.customer_id, line.product_id, line.country) == ("17850", "85123A", "GB")
    assert (line.quantity, line.unit_price, line.discount) == (-3.0, 2.55, 0.5)
    assert line.time_known is False
    [elsewhere] = lines(shape, record | {"to": {"country": "FR"}})
    assert elsewhere.country == "FR"


def test_each_element_of_a_list_is_a_line_with_an_id_of_its_own() -> None:
    shape = shape_of(
        ["customer_id=c", "occurred_at=t", "order_id=id", "amount=rows.a", "product_id=rows.p"],
        each="rows",
    )
    record = WELL | {"id": 7, "rows": [{"a": 1, "p": "x"}, {"a": 2, "p": "y"}, {"a": 2, "p": "y"}]}
    found = lines(shape, record)
    assert [(line.order_id, line.amount, line.product_id) for line in found] == [
        *(("7", 1.0, "x"), ("7", 2.0, "y"), ("7", 2.0, "y"))
    ]
    assert len({line.event_id for line in found}) == 3
    assert lines(shape, record) == found, "the same again"


def test_an_id_of_the_whole_record_is_told_apart_by_its_lines() -> None:
    shape = shape_of(
        ["customer_id=c", "occurred_at=t", "event_id=id", "amount=rows.a"], each="rows"
    )
    found = lines(shape, WELL | {"id": "e1", "rows": [{"a": 1}, {"a": 1}]})
    assert len({line.event_id for line in found}) == 2
    whole = shape_of([*NEEDED, "event_id=id"])
    assert [line.event_id for line in lines(whole, WELL | {"id": "e1"})] == ["e1"]


def test_ids_that_are_made_differ_by_bridge_topic_and_place() -> None:
    shape, value = shape_of(NEEDED), json.dumps(WELL).encode()
    places = [
        ORIGIN,
        ORIGIN._replace(topic="o"),
        ORIGIN._replace(offset=1),
        ORIGIN._replace(partition=1),
    ]
    ids = set()
    for name in ("shop", "other"):
        for place in places:
            found = Mapper(shape, name).lines(value, place)
            assert isinstance(found, list)
            ids.add(msgspec.json.decode(found[0].value)["event_id"])
    assert len(ids) == 8


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"c": None}, "missing_field: c (customer_id) is missing"),
        ({"c": True}, "invalid_field: c (customer_id) should be a text or a whole number"),
        ({"c": 1.5}, "invalid_field: c (customer_id) should be a text or a whole number"),
        ({"c": ""}, "invalid_field: customer_id String should have at least 1"),
        ({"c": "a\nb"}, "invalid_field: customer_id"),
        ({"t": None}, "missing_field: t (occurred_at) is missing"),
        ({"t": 5}, "invalid_field: t (occurred_at) should be a text; for a number say --time-"),
        ({"t": "2026-09-01T10:00"}, "t (occurred_at) should say its offset from UTC: or say --ti"),
        ({"t": "1969-09-01T10:00Z"}, "out_of_range: occurred_at should lie from 1970 to 2199"),
        ({"t": "2026-12-01T10:00Z"}, "in_the_future"),
        ({"a": "12,50"}, "invalid_field: a (amount) should be a number"),
        ({"a": "nan"}, "invalid_field: a (amount) should be a number"),
        ({"a": 1e300}, "out_of_range: amount"),
        ({"a": None}, "missing_field: unit_price or amount is missing"),
        ({"a": [1]}, "invalid_field: a (amount) should be a number"),
    ],
)
def test_what_is_wrong_is_said_by_the_users_own_names(change: dict[str, Any], said: str) -> None:
    assert said in refused(shape_of(NEEDED), WELL | change)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (b"", "no value"),
        (b"[1]", "not an object"),
        (b"{", "not_json"),
        (b'{"a": "\xff"}', "UTF-8"),
        (b'{"a":' * 10_000, "nested too deeply"),
        (b'{"a": "\\ud800"}', "not_json"),
    ],
)
def test_what_is_no_object_is_refused(value: bytes, said: str) -> None:
    assert said in refused(shape_of(NEEDED), value)


def test_an_order_is_taken_whole_or_not_at_all() -> None:
    shape = shape_of(["customer_id=c", "occurred_at=t", "amount=rows.a"], each="rows")
    assert "line 1: rows.a (amount) should be a number" in refused(
        shape, WELL | {"rows": [{"a": 1}, {"a": "x"}]}
    )
    assert "rows should be a list" in refused(shape, WELL | {"rows": {}})
    assert "rows is missing" in refused(shape, WELL)
    assert "at most 10000 lines" in refused(shape, WELL | {"rows": [{}] * 10_001})


def test_what_is_not_asked_for_is_left_out() -> None:
    shape = shape_of(
        NEEDED, only=["kind=placed", "kind=paid", "test=false"], since_ms=1_788_000_000_000
    )
    mapper = Mapper(shape, "shop")

    def found(**more: object) -> object:
        return mapper.lines(json.dumps(WELL | more).encode(), ORIGIN)

    assert isinstance(found(kind="paid", test=False), list)
    assert found(kind="paid", test=True) is LeftOut.OTHER
    assert found(kind="sent", test=False) is LeftOut.OTHER
    assert found(test=False) is LeftOut.OTHER
    assert found(kind="paid", test=False, t="2026-08-01T10:00Z") is LeftOut.BEFORE
    empty = Mapper(shape_of(["customer_id=c", "occurred_at=t", "amount=r.a"], each="r"), "shop")
    assert empty.lines(json.dumps(WELL | {"r": []}).encode(), ORIGIN) is LeftOut.EMPTY


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ctarq"), inner, max_size=4)
    ),
    max_leaves=8,
)
SHAPES = [
    shape_of([*NEEDED, "quantity=-q/3", "event_id=r.c"], times=Times("ms")),
    shape_of(["customer_id=r.c", "occurred_at=t", "amount=r.a"], each="r", times=Times("s")),
    shape_of(["customer_id=r", "occurred_at=t", "unit_price=a/100"], each="r"),
    shape_of(NEEDED, only=["q=null"], times=Times("%Y", "Europe/London", "Asia/Tokyo")),
]


@given(
    shape=st.sampled_from(SHAPES),
    record=st.fixed_dictionaries({}, optional=dict.fromkeys("ctarq", JSON)) | JSON,
)
def test_every_record_is_lines_left_out_or_refused_and_every_line_a_transaction(
    shape: Shape, record: object
) -> None:
    found = Mapper(shape, "shop").lines(json.dumps(record).encode(), ORIGIN)
    if isinstance(found, list):
        for line in found:
            decoded = decode(line.value)
            assert isinstance(decoded, Line)
            assert decoded.customer_id.encode() == line.key
            assert isinstance(line, BridgedLine)
    else:
        assert isinstance(found, Refused | LeftOut)


@given(st.binary(max_size=60))
def test_bytes_of_any_kind_are_refused_quietly(value: bytes) -> None:
    assert isinstance(Mapper(SHAPES[0], "shop").lines(value, ORIGIN), Refused)
