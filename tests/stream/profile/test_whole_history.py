"""The streamed profile is what pandas makes of the whole history, feature by feature."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from producers.synthetic import Plan
from producers.synthetic import lines as synthetic_lines
from stream.contracts.fast import Line
from stream.profile.catalogue import catalogue, features, labels
from stream.profile.events import Batch, events_of
from stream.profile.fold import DUPLICATE, FOLDED
from stream.profile.state import Profiles
from tests.stream.profile.whole_history import expected, frame_of

if TYPE_CHECKING:
    from collections.abc import Sequence

RETAIL = Path(__file__).resolve().parents[3] / "../shared/data/online_retail.csv.gz"
WHALES = (16446, 12346)
BY_RETURNS = {"orders", "average_order_value", "basket_size", "spend_d90"}
BY_RETURNS |= {f"{what}_w{days}" for what in ("orders", "spend") for days in (30, 90)}
BY_RETURNS |= {f"{what}_d90" for what in ("orders", "night_share", "weekend_share")}
BY_RETURNS |= {f"steady_{what}_d90" for what in ("orders", "spend", "lines")}
BY_RETURNS |= {"discount_share_d90"} | {f"month_{month:02}_share" for month in range(1, 13)}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SKETCHED = {"distinct_products", "distinct_categories", "interpurchase_days", "regularity"}
DERIVED = {"seasonality", "peak_month"}


def streamed(batch: Batch, size: int = 997) -> tuple[Profiles, list[int]]:
    profiles, outcomes = Profiles(), []
    for start in range(0, len(batch), size):
        outcomes += profiles.fold(batch.slice(start, start + size)).outcomes.tolist()
    return profiles, outcomes


def as_table(profiles: Profiles, at_ms: int, names: Sequence[str]) -> pd.DataFrame:
    rows = np.arange(len(profiles))
    ids = [profiles.customer_id(row) for row in rows.tolist()]
    return pd.DataFrame(features(profiles, rows, at_ms, names), ids, list(names)).sort_index()


def differing(found: pd.DataFrame, wanted: pd.DataFrame) -> pd.DataFrame:
    """Where the two differ by more than a billionth."""
    assert list(found.index) == list(wanted.index)
    apart = (found - wanted).abs()
    differs: pd.DataFrame = apart > 1e-9 + 1e-9 * wanted.abs()
    return differs


@pytest.fixture(scope="module")
def retail() -> tuple[Batch, list[Line]]:
    if not RETAIL.exists():
        pytest.skip(f"{RETAIL} isn't there")
    table = pd.read_csv(
        RETAIL, dtype={"CustomerID": "Int64", "InvoiceNo": str, "StockCode": str}
    ).dropna(subset="CustomerID")
    chosen = (table["CustomerID"] % 17 == 0) | table["CustomerID"].isin(WHALES)
    table = table[chosen & (table["UnitPrice"] >= 0)]
    times = pd.to_datetime(table["InvoiceDate"]).dt.tz_localize("UTC").dt.to_pydatetime()
    fields = ("InvoiceNo", "StockCode", "Quantity", "UnitPrice", "CustomerID", "Country")
    lines = [
        Line(
            customer_id=str(customer),
            occurred_at=at,
            event_id=f"line {number}",
            order_id=order,
            product_id=product,
            country=country,
            quantity=float(quantity),
            unit_price=price,
        )
        for number, (at, order, product, quantity, price, customer, country) in enumerate(
            zip(times, *(table[name] for name in fields), strict=True)
        )
    ]
    return events_of(lines, [0] * len(lines)), lines


def recorded(batch: Batch) -> Batch:
    batch.events["recorded_ms"] = batch.events["occurred_ms"]
    return batch


def test_online_retail_streamed_is_online_retail_whole(
    retail: tuple[Batch, list[Line]],
) -> None:
    batch, lines = recorded(retail[0]), retail[1]
    at_ms = int(batch.events["occurred_ms"].max())
    profiles, outcomes = streamed(batch)
    assert set(outcomes) == {FOLDED}
    wanted = expected(frame_of(batch, lines), at_ms)
    differs = differing(as_table(profiles, at_ms, list(wanted)), wanted)
    assert not differs.to_numpy().any(), differs.sum()[differs.sum() > 0]


def test_the_two_giant_orders_leave_no_whale_behind(retail: tuple[Batch, list[Line]]) -> None:
    batch = recorded(retail[0])
    at_ms = int(batch.events["occurred_ms"].max())
    names = ["orders", "spend", "spend_d90", "orders_d90", "spend_w90", "units"]
    whales = as_table(streamed(batch)[0], at_ms, names).loc[["16446", "12346"]]
    assert whales["units"].tolist() == [80_997, 74_215]
    assert whales["orders"].tolist() == [1, 0]
    assert whales["spend"].tolist() == [2.9, 0]
    assert whales["spend_d90"].max() < 2.9
    assert whales.loc["12346", ["spend_d90", "orders_d90", "spend_w90"]].tolist() == [0, 0, 0]


def test_sketches_are_as_near_as_they_say(retail: tuple[Batch, list[Line]]) -> None:
    batch, lines = recorded(retail[0]), retail[1]
    frame = frame_of(batch, lines)
    bought = frame[frame["bought"]].groupby("customer")
    at_ms = int(frame["occurred_ms"].max())
    found = as_table(streamed(batch)[0], at_ms, ["distinct_products", "interpurchase_days"])
    truth = bought["product"].nunique().reindex(found.index).fillna(0)
    few = truth <= 300
    assert few.mean() > 0.9
    error = (found["distinct_products"] - truth).abs()[few]
    assert (error <= 2 + 0.20 * truth[few]).mean() > 0.98
    assert (error <= 2 + 0.40 * truth[few]).all()
    assert found["distinct_products"].max() <= 622
    firsts = frame[frame["bought"]].groupby(["customer", "order"])["occurred_ms"].min()
    gaps = firsts.sort_values().groupby("customer").diff().dropna() / 86_400_000
    mean_gap = gaps[gaps > 0].groupby("customer").mean()
    assert found["interpurchase_days"][mean_gap.index].to_numpy() == pytest.approx(
        mean_gap.to_numpy(), rel=0.02, abs=0.02
    )


PLAN = Plan(
    customers=150,
    days=150,
    start=date(2025, 3, 1),
    returns=0.05,
    cancellations=0.03,
    duplicates=0.02,
    late=0.03,
    out_of_order=0.05,
)


@pytest.fixture(scope="module")
def synthetic() -> tuple[Batch, list[Line]]:
    lines = [line_of(row) for part in synthetic_lines(PLAN) for row in part.to_pylist()]
    return recorded(events_of(lines, [0] * len(lines))), lines


def line_of(row: dict[str, object]) -> Line:
    offset = timezone(timedelta(minutes=int(str(row.pop("offset_minutes")))))
    at = row.pop("occurred_at")
    assert isinstance(at, datetime)
    return Line(occurred_at=at.astimezone(offset), **row)  # type: ignore[arg-type] # a row of LINES


def test_duplicates_and_disorder_leave_what_the_whole_history_says(
    synthetic: tuple[Batch, list[Line]],
) -> None:
    batch, lines = synthetic
    at_ms = int(batch.events["occurred_ms"].max())
    profiles, outcomes = streamed(batch)
    repeated = len(batch) - len(np.unique(batch.events["event"]))
    assert outcomes.count(DUPLICATE) == repeated > 20
    assert outcomes.count(FOLDED) == len(batch) - repeated
    frame = frame_of(batch, lines)
    assert (np.diff(batch.events["occurred_ms"]) < 0).any()
    wanted = expected(frame, at_ms)
    differs = differing(as_table(profiles, at_ms, list(wanted)), wanted)
    brought_back = wanted["returns"] > 0
    assert 0.2 < brought_back.mean() < 0.9
    assert not differs[~brought_back].to_numpy().any(), differs.sum()[differs.sum() > 0]
    assert not differs.drop(columns=list(BY_RETURNS)).to_numpy().any()
    # A return that overtakes its purchase, or comes with it late, may come off another order.
    assert differs[list(BY_RETURNS)].any(axis=1).mean() < 0.1


def test_the_favourite_category_is_never_far_from_the_truth(
    synthetic: tuple[Batch, list[Line]],
) -> None:
    batch, lines = synthetic
    profiles, _ = streamed(batch)
    frame = frame_of(batch, lines)
    counts = frame[frame["bought"]].groupby(["customer", "category"]).size()
    for row in range(len(profiles)):
        if profiles.customer_id(row) in counts.index.get_level_values("customer"):
            of_one = counts[profiles.customer_id(row)]
            found = labels(profiles, row)["preferred_category"]
            assert of_one.max() - of_one.get(found, 0) <= of_one.sum() / 4
            assert labels(profiles, row)["country"] is not None


def test_every_feature_but_the_sketched_has_its_oracle(
    synthetic: tuple[Batch, list[Line]],
) -> None:
    batch, lines = synthetic
    wanted = expected(frame_of(batch, lines), int(batch.events["occurred_ms"].max()))
    assert {feature.name for feature in catalogue()} == {*wanted, *SKETCHED, *DERIVED}
