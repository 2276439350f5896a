"""The truth is what the file holds: every kind of dirt is found again and counted alike."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from producers.synthetic import Plan, truth
from producers.synthetic.files import write_shop

if TYPE_CHECKING:
    from pathlib import Path

DIRTY = Plan(
    customers=1_500,
    days=90,
    returns=0.05,
    cancellations=0.02,
    duplicates=0.02,
    late=0.03,
    out_of_order=0.03,
    too_late=0.01,
    no_customer=0.01,
    bad_date=0.01,
    not_a_number=0.01,
    negative_price=0.01,
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("shop") / "shop.csv"
    write_shop(DIRTY, out)
    return out


@cache
def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def summary(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.with_name("shop.truth.json").read_text("utf-8"))
    return found


def why_unusable(row: dict[str, str]) -> str | None:
    """As any reader would find it, without knowing what was planted."""
    if not row["customer_id"]:
        return "no_customer"
    try:
        datetime.fromisoformat(row["occurred_at"])
    except ValueError:
        return "bad_date"
    try:
        float(row["quantity"])
    except ValueError:
        return "not_a_number"
    return "negative_price" if float(row["unit_price"]) < 0 else None


def usable(path: Path) -> list[dict[str, str]]:
    return [row for row in read(path) if why_unusable(row) is None]


def test_every_row_is_accounted_for(shop: Path) -> None:
    reasons = Counter(map(why_unusable, read(shop)))
    said = summary(shop)
    assert said["rows"] == len(read(shop)) == reasons.total()
    assert said["lines"] == reasons.pop(None)
    assert said["customers"] == len({row["customer_id"] for row in usable(shop)})
    assert set(reasons) == {"no_customer", "bad_date", "not_a_number", "negative_price"}
    assert {reason: said["planted"][str(reason)] for reason in reasons} == reasons
    assert min(reasons.values()) > 50


def test_duplicates_are_exact_and_counted(shop: Path) -> None:
    lines = [tuple(row.values()) for row in usable(shop)]
    distinct = set(lines)
    assert len({line[0] for line in distinct}) == len(distinct)
    assert summary(shop)["planted"]["duplicates"] == len(lines) - len(distinct) > 50
    assert summary(shop)["distinct_lines"] == len(distinct)


def test_returns_cancellations_orders_and_money_are_counted(shop: Path) -> None:
    lines = {row["event_id"]: row for row in usable(shop)}.values()
    planted = summary(shop)["planted"]
    negative = [row for row in lines if int(row["quantity"]) < 0]
    bought = {row["order_id"] for row in lines if int(row["quantity"]) > 0}
    cancelled = [row for row in negative if row["order_id"] in bought]
    assert planted["cancellation_lines"] == len(cancelled)
    assert planted["cancelled_orders"] == len({row["order_id"] for row in cancelled})
    assert planted["returns"] == len(negative) - len(cancelled)
    assert summary(shop)["orders"] == len(bought)
    net = sum(
        round(100 * float(row["unit_price"])) * int(row["quantity"])
        - round(100 * float(row["discount"]))
        for row in lines
    )
    assert summary(shop)["net_amount"] == net / 100


def test_what_is_late_lies_behind_event_time_and_is_counted(shop: Path) -> None:
    """Event time is judged as a consumer does, by the newest line so far."""
    newest, seen, behind = None, set(), Counter[str]()
    for row in usable(shop):
        if row["event_id"] in seen:
            continue
        seen.add(row["event_id"])
        occurred = datetime.fromisoformat(row["occurred_at"])
        newest = max(newest or occurred, occurred)
        if newest - occurred > timedelta(days=7):
            behind["too_late"] += 1
        elif newest - occurred >= timedelta(minutes=5):
            behind["late"] += 1
        elif newest > occurred:
            behind["out_of_order"] += 1
    planted = summary(shop)["planted"]
    assert behind["too_late"] == planted["too_late"] > 50
    # In a small shop minutes pass before somebody else orders, and not every delay shows.
    assert 0.8 * planted["late"] < behind["late"] <= planted["late"]
    delayed = planted["late"] + planted["out_of_order"]
    assert 0.9 * planted["out_of_order"] < behind["late"] + behind["out_of_order"] <= delayed


@pytest.mark.parametrize(
    ("name", "rate"),
    [
        ("duplicates", DIRTY.duplicates),
        ("late", DIRTY.late),
        ("out_of_order", DIRTY.out_of_order),
        ("too_late", DIRTY.too_late),
        ("no_customer", DIRTY.no_customer),
        ("negative_price", DIRTY.negative_price),
    ],
)
def test_rates_are_what_was_asked_for(shop: Path, name: str, rate: float) -> None:
    among = summary(shop)["distinct_lines"]
    found = summary(shop)["planted"][name]
    # What would be too late only after the end is not planted; dirty rows copy purchases only.
    assert 0.6 * rate * among < found < rate * among + 4 * (rate * among) ** 0.5


def test_the_stints_beside_it_are_those_of_the_truth(shop: Path) -> None:
    stints = pq.read_table(shop.with_name("shop.truth.parquet")).to_pylist()
    known = truth(DIRTY)
    assert len(stints) == len(known.stints.customer)
    customers = {row["customer_id"] for row in usable(shop)}
    assert customers <= {stint["customer_id"] for stint in stints}
    assert {stint["ended"] for stint in stints} == {None, "migrated", "lapsed"}
    for stint in stints:
        assert DIRTY.start <= stint["from"] < DIRTY.ends
        assert (stint["until"] is None) == (stint["ended"] is None)


def test_a_truth_is_only_about_what_went_out(tmp_path: Path) -> None:
    plan = Plan(customers=500, days=60, transactions=1_000, bad_date=0.05)
    write_shop(plan, tmp_path / "some.csv.gz")
    with gzip.open(tmp_path / "some.csv.gz", "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    reasons = Counter(map(why_unusable, rows))
    said = json.loads((tmp_path / "some.truth.json").read_text("utf-8"))
    assert reasons[None] == said["lines"] == 1_000
    assert reasons["bad_date"] == said["planted"]["bad_date"] > 10
