"""Lines become numbers and hashes, exactly."""

from __future__ import annotations

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from stream.profile.catalogue import labels
from stream.profile.events import (
    PRODUCT,
    TIME_KNOWN,
    code_of,
    events_of,
    hash_of,
    order_hash,
)
from stream.profile.products import NonProducts
from stream.profile.state import Profiles
from tests.stream.profile.some_lines import line


def test_a_line_becomes_an_event() -> None:
    at = datetime.fromisoformat("2010-12-01T08:26:00.250+05:30")
    sale = line(
        occurred_at=at, event_id="e1", category="Décor", country="Peru", discount=0.3, quantity=0.75
    )
    made = events_of([sale], [7])
    event = dict(zip(made.events.dtype.names or (), made.events[0].tolist(), strict=True))
    assert event == {
        "customer": hash_of("17850"),
        "order": order_hash("17850", "536365"),
        "event": hash_of("e1"),
        "product": hash_of("85123A"),
        "occurred_ms": 1_291_172_160_250,
        "recorded_ms": 7,
        "amount_e4": 16_125,
        "discount_e4": 3_000,
        "quantity_e4": 7_500,
        "category": code_of("Décor"),
        "country": code_of("Peru"),
        "offset_minutes": 330,
        "flags": TIME_KNOWN | PRODUCT,
    }
    assert made.ids == ["17850"]
    assert made.words == {code_of("Décor"): "Décor", code_of("Peru"): "Peru"}


def test_what_a_line_does_not_say_is_0() -> None:
    made = events_of([line(product_id=None, time_known=False)], [0]).events
    assert [made[name][0] for name in ("product", "category", "country")] == [0, 0, 0]
    assert made["flags"][0] == PRODUCT


def test_another_customers_order_of_the_same_name_is_another_order() -> None:
    made = events_of([line(), line(customer_id="2"), line(product_id="1")], [0, 0, 0]).events
    assert made["order"][0] == made["order"][2] != made["order"][1]


def test_the_list_of_non_products_can_be_set() -> None:
    codes = ["POST", "gift_0001_20", "DCGS0003", "85123A", "22423"]
    lines = [line(product_id=code) for code in codes]
    usual = events_of(lines, [0] * 5).events["flags"] & PRODUCT
    assert usual.tolist() == [0, 0, 0, PRODUCT, PRODUCT]
    own = events_of(lines, [0] * 5, NonProducts(("224*",))).events["flags"] & PRODUCT
    assert own.tolist() == [PRODUCT] * 4 + [0]


@given(st.lists(st.decimals(-100_000, 100_000, places=4), max_size=30))
def test_sums_of_money_and_quantities_are_exact(quantities: list[object]) -> None:
    numbers = [float(str(quantity)) for quantity in quantities]
    made = events_of([line(quantity=q, unit_price=1.0) for q in numbers], [0] * len(numbers))
    wanted = [round(float(str(q)) * 10_000) for q in quantities]
    assert made.events["quantity_e4"].tolist() == wanted
    assert made.events["amount_e4"].tolist() == wanted


def test_the_country_is_that_of_the_last_purchase_in_any_order_of_arrival() -> None:
    times = ["2011-01-01T09:00:00Z", "2011-01-03T09:00:00Z", "2011-01-02T09:00:00Z"]
    lines = [
        line(occurred_at=datetime.fromisoformat(at), country=country, order_id=at)
        for at, country in zip(times, ["Norway", "Spain", "Italy"], strict=True)
    ]
    for arrived in (lines, lines[::-1]):
        profiles = Profiles()
        profiles.fold(events_of(arrived, [2**60] * 3))
        assert labels(profiles, 0) == {"country": "Spain", "preferred_category": None}


def test_a_batch_can_be_cut() -> None:
    made = events_of([line(customer_id=str(n)) for n in range(5)], [0] * 5)
    part = made.slice(1, 3)
    assert (len(part), part.ids) == (2, ["1", "2"])
    assert part.events["customer"].tolist() == [hash_of("1"), hash_of("2")]
