from __future__ import annotations

import pytest

from producers.lines import LINES
from producers.reading.aliases import ALIASES
from producers.reading.columns import find_columns, plain
from stream.errors import SourceError

KNOWN = {
    "Online Retail": (
        "InvoiceNo StockCode Description Quantity InvoiceDate UnitPrice CustomerID Country",
        "order_id product_id - quantity occurred_at unit_price customer_id country",
    ),
    "Online Retail II": (
        "Invoice StockCode Description Quantity InvoiceDate Price Customer_ID Country",
        "order_id product_id - quantity occurred_at unit_price customer_id country",
    ),
    "CDNOW": (
        "customer_id date number_of_cds dollar_value",
        "customer_id occurred_at quantity amount",
    ),
    "a till": (
        "client_id OrderNumber sku qty order_date line_total department disc",
        "customer_id order_id product_id quantity occurred_at amount category -",
    ),
    "Instacart-like": (
        "order_id member item units timestamp amount",
        "order_id customer_id product_id quantity occurred_at amount",
    ),
}


@pytest.mark.parametrize("dataset", KNOWN)
def test_the_usual_names_are_known(dataset: str) -> None:
    columns, fields = (text.split() for text in KNOWN[dataset])
    found = find_columns("shop.csv", columns)
    expected = {field: (name,) for name, field in zip(columns, fields, strict=True) if field != "-"}
    assert found.fields == expected


def test_every_field_of_a_line_is_known_by_its_own_name_first() -> None:
    made_here = {"offset_minutes", "time_known"}
    assert set(ALIASES) == set(LINES.names) - made_here
    assert all(ranks[0] == {plain(field)} for field, ranks in ALIASES.items())


def test_no_name_means_two_fields() -> None:
    names = [name for ranks in ALIASES.values() for rank in ranks for name in rank]
    assert len(names) == len(set(names))
    assert all(name == plain(name) for name in names)


def test_the_narrower_name_wins() -> None:
    found = find_columns("s", ["date", "order_date", "customer_id", "amount"])
    assert found.of("occurred_at") == ("order_date",)


def test_two_names_of_one_rank_have_to_be_chosen_between() -> None:
    columns = ["client", "member", "date", "amount"]
    with pytest.raises(SourceError, match=r"client or member.*--map customer_id=client"):
        find_columns("s", columns)
    found = find_columns("s", columns, [("customer_id", "member")])
    assert found.of("customer_id") == ("member",)


def test_sums_and_joins_are_told() -> None:
    columns = ["household_key", "day", "trans time", "sales_value", "retail_disc", "coupon_disc"]
    told = [("discount", "retail_disc+coupon_disc"), ("occurred_at", "day+trans time")]
    found = find_columns("s", columns, told)
    assert found.of("discount") == ("retail_disc", "coupon_disc")
    assert found.of("occurred_at") == ("day", "trans time")


def test_a_column_whose_name_holds_a_plus_is_itself() -> None:
    found = find_columns("s", ["a+b", "customer", "date"], [("amount", "a+b")])
    assert found.of("amount") == ("a+b",)


def test_a_field_can_be_left_out() -> None:
    columns = ["customer", "date", "amount", "country"]
    assert "country" not in find_columns("s", columns, [("country", "")])


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (("customer", "member"), r"no field customer.*did you mean 'customer_id'"),
        (("customer_id", "membr"), r"no column 'membr'.*did you mean 'member'.*member, date"),
        (("customer_id", "member+date"), "customer_id is one column"),
    ],
)
def test_a_mapping_that_makes_no_sense_says_what_would(told: tuple[str, str], said: str) -> None:
    with pytest.raises(SourceError, match=said):
        find_columns("shop.csv", ["member", "date", "amount"], [told])


def test_what_is_needed_and_missing_is_listed_with_the_flags_to_write() -> None:
    with pytest.raises(SourceError) as failure:
        find_columns("Mall_Customers.csv", ["CustomerID", "Gender", "Age"])
    assert "occurred_at, unit_price or amount" in str(failure.value)
    assert "CustomerID, Gender, Age" in str(failure.value)
    assert "--map occurred_at=COLUMN --map unit_price=COLUMN" in str(failure.value)
