"""A mapping that can't work is refused before anything is read."""

from __future__ import annotations

import pytest

from app.bridging.address import Address
from app.bridging.shape import shape_of
from app.bridging.times import Times
from stream.errors import SettingsError

NEEDED = ["customer_id=c", "occurred_at=t", "amount=a"]


@pytest.mark.parametrize(
    ("maps", "constants", "said"),
    [
        ([], [], "nothing says customer_id, occurred_at, unit_price or amount"),
        (NEEDED[:2], [], "nothing says unit_price or amount"),
        ([*NEEDED, "who=x"], [], "there is no field 'who'"),
        ([*NEEDED, "amount=b"], [], "--map amount is there twice"),
        ([*NEEDED, "quantity"], [], "'quantity' is no --map FIELD=PATH"),
        ([*NEEDED, "order_id=a..b"], [], "'a..b' is no path"),
        ([*NEEDED, "discount=a/0"], [], "should divide by a number"),
        ([*NEEDED, "discount=a/b"], [], "should divide by a number"),
        (NEEDED, ["customer_id=5"], "would be the same for all lines"),
        (NEEDED, ["quantity=many"], "--constant quantity should be a number"),
        (NEEDED, ["time_known=yes"], "should be true or false"),
    ],
)
def test_what_is_wrong_with_a_mapping_is_said(
    maps: list[str], constants: list[str], said: str
) -> None:
    with pytest.raises(SettingsError, match=said.replace("(", r"\(")):
        shape_of(maps, constants)


def test_a_constant_amount_is_enough() -> None:
    assert shape_of(NEEDED[:2], ["amount=9.5"]).constants == {"amount": 9.5}


@pytest.mark.parametrize(
    "text",
    [
        *("orders", "kafka://orders", "kafka:///orders", "http://host/orders"),
        *("kafka://host:9092/", "kafka://host:9092/a b", "sqlite://shop.db/orders", "sqlite:///x"),
    ],
)
def test_what_is_no_address_of_a_topic_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="--from"):
        Address.of(text)


def test_credentials_in_an_address_are_refused_and_not_said_again() -> None:
    with pytest.raises(SettingsError, match="bridge_kafka") as caught:
        Address.of("kafka://me:hunter2@host:9092/orders")
    assert "hunter2" not in str(caught.value)


def test_a_form_of_times_that_is_none_is_refused() -> None:
    with pytest.raises(SettingsError, match="--time-format"):
        Times("iso8601")
    with pytest.raises(SettingsError, match="did you mean Europe/London"):
        Times(zone="Europe/Londn")
