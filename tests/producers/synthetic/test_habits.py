"""What was planted is found in the lines: each kind's rhythm, basket, hours and the rest."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from producers.lines import LINES
from producers.synthetic import Plan
from producers.synthetic.kinds import CATEGORIES, KINDS, Kind
from producers.synthetic.market import COUNTRIES
from producers.synthetic.orders import NIGHT_HOURS
from producers.synthetic.retailer import Retailer

if TYPE_CHECKING:
    import pandas as pd

PLAN = Plan(customers=6_000, days=120, returns=0.05)
DAYS_PER_MONTH = 30.4375
EACH = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


@cache
def shop() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Every line once, with the kind its customer was when it happened; and the stints."""
    retailer = Retailer(PLAN)
    frame = pa.Table.from_batches(list(retailer.lines()), schema=LINES).to_pandas()
    frame = frame.drop_duplicates("event_id")
    stints = retailer.truth().table().to_pandas()
    stints["until"] = stints["until"].fillna(PLAN.ends)
    shift = frame.offset_minutes.astype("int64") * 60_000_000_000
    frame["local"] = frame.occurred_at.dt.tz_localize(None) + shift.astype("timedelta64[ns]")
    frame["day"] = frame.local.dt.date
    return frame, stints


@cache
def bought() -> pd.DataFrame:
    frame, stints = shop()
    lines = frame[frame.quantity > 0]
    joined = lines.merge(stints, on="customer_id")
    joined = joined[(joined["from"] <= joined.day) & (joined.day < joined["until"])]
    assert len(joined) == len(lines), "everybody is exactly one kind on a day they buy"
    return joined


@cache
def orders() -> pd.DataFrame:
    lines = bought().assign(money_off=lambda each: each.discount > 0)
    return lines.groupby("order_id").agg(
        kind=("kind", "first"),
        local=("local", "first"),
        lines=("event_id", "size"),
        money_off=("money_off", "all"),
    )


def of(kind: Kind, frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame.kind == kind.name]


def within(found: float, planted: float, sigmas: float, error: float) -> None:
    assert abs(found - planted) <= sigmas * error, f"found {found}, planted {planted}"


@EACH
def test_the_share_of_newcomers(kind: Kind) -> None:
    _, stints = shop()
    first = stints.sort_values("from").drop_duplicates("customer_id")
    found = (first.kind == kind.name).mean()
    planted = kind.share / sum(each.share for each in KINDS)
    within(found, planted, 4, (planted * (1 - planted) / len(first)) ** 0.5)


@EACH
def test_orders_per_month(kind: Kind) -> None:
    """Of customers there from the start: a newcomer has a first order besides the rhythm."""
    _, stints = shop()
    settled = of(kind, stints[stints["from"] == PLAN.start])
    months = (settled["until"] - settled["from"]).map(lambda each: each.days).sum()
    theirs = of(kind, bought()).merge(settled[["customer_id", "from"]], on=["customer_id", "from"])
    found = theirs.order_id.nunique() / months * DAYS_PER_MONTH
    spread = (1 / theirs.order_id.nunique() + 1 / 6 / len(settled)) ** 0.5  # orders, customers
    within(found / kind.orders_per_month, 1, 4, spread)


@EACH
def test_lines_and_units(kind: Kind) -> None:
    theirs = of(kind, orders())
    spread = max(kind.lines_per_order - 1, 0.01) ** 0.5
    within(theirs.lines.mean(), kind.lines_per_order, 4, spread / len(theirs) ** 0.5)
    lines = of(kind, bought())
    spread = (kind.units_per_line - 1) ** 0.5
    within(lines.quantity.mean(), kind.units_per_line, 4, spread / len(lines) ** 0.5)


@EACH
def test_nights_weekends_and_discounts(kind: Kind) -> None:
    theirs = of(kind, orders())
    planted = {
        "night": (theirs.local.dt.hour.isin(NIGHT_HOURS), kind.night_share),
        "weekend": (theirs.local.dt.day_of_week >= 5, kind.weekend_share),
        "discount": (theirs.money_off, kind.discount_share),
    }
    for found, share in planted.values():
        # A few weekdays more or fewer than whole weeks shift the weekend's share a little.
        within(found.mean(), share, 4, (share * (1 - share) / len(theirs)) ** 0.5 + 0.004)


@EACH
def test_favourite_categories(kind: Kind) -> None:
    shares = of(kind, bought()).category.value_counts(normalize=True)
    everyone = bought().category.value_counts(normalize=True)
    assert set(shares.index) == set(CATEGORIES)
    for category in kind.favourites:
        assert shares[category] > 1.2 * everyone[category]


def test_dear_and_cheap_tastes() -> None:
    price = bought().groupby("kind").unit_price.median()
    assert price["champions"] > 1.15 * price["regulars"]
    assert price["discount_hunters"] < 0.8 * price["regulars"]


@EACH
def test_lapses(kind: Kind) -> None:
    _, stints = shop()
    theirs = of(kind, stints)
    months = (theirs["until"] - theirs["from"]).map(lambda each: each.days).sum() / DAYS_PER_MONTH
    lapsed = (theirs.ended == "lapsed").sum()
    hazard = 1 - (1 - kind.lapse_per_month) ** (1 / DAYS_PER_MONTH)
    expected = hazard * months * DAYS_PER_MONTH
    within(lapsed, expected, 4, expected**0.5 + 1)


def test_nobody_buys_after_they_lapsed() -> None:
    _, stints = shop()
    lapsed = stints[stints.ended == "lapsed"].set_index("customer_id")["until"]
    last = bought().groupby("customer_id").day.max()
    both = last.to_frame().join(lapsed, how="inner")
    assert len(both) > 100
    assert (both.day < both["until"]).all()


def test_migrations_come_at_their_rate_and_follow_on_each_other() -> None:
    _, stints = shop()
    months = (stints["until"] - stints["from"]).map(lambda each: each.days).sum() / DAYS_PER_MONTH
    moved = (stints.ended == "migrated").sum()
    expected = months * PLAN.migration
    within(moved, expected, 5, expected**0.5)
    stints = stints.sort_values(["customer_id", "from"])
    following = stints.groupby("customer_id")["from"].shift(-1)
    has_next = following.notna()
    assert (following[has_next] == stints["until"][has_next]).all()
    next_kind = stints.groupby("customer_id").kind.shift(-1)
    assert (next_kind[has_next] != stints.kind[has_next]).all()


def test_newcomers_order_on_the_day_they_come() -> None:
    _, stints = shop()
    first = stints.sort_values("from").drop_duplicates("customer_id")
    newcomers = first[first["from"] > PLAN.start].set_index("customer_id")["from"]
    first_order = bought().groupby("customer_id").day.min()
    assert (first_order[newcomers.index] == newcomers).all()


def test_returns_bring_back_what_was_bought_at_what_was_paid() -> None:
    frame, _ = shop()
    back = frame[frame.order_id.str.startswith("r")]
    sold = frame[frame.order_id.str.startswith("o") & (frame.quantity > 0)]
    back = back.assign(event_id="o" + back.event_id.str[1:])
    pairs = back.merge(sold, on="event_id", suffixes=("_back", ""))
    assert len(pairs) == len(back) > 500
    assert (pairs.customer_id_back == pairs.customer_id).all()
    assert (pairs.product_id_back == pairs.product_id).all()
    assert (-pairs.quantity_back <= pairs.quantity).all()
    paid = pairs.unit_price * pairs.quantity - pairs.discount
    returned = -pairs.unit_price_back * pairs.quantity_back
    whole = -pairs.quantity_back == pairs.quantity
    assert (returned[whole] - paid[whole]).abs().max() < 1e-6
    assert (returned <= paid + 1e-6).all()
    after = pairs.occurred_at_back - pairs.occurred_at
    assert after.min() >= timedelta(days=1)
    assert after.max() <= timedelta(days=30)
    hunters, regulars = (
        back.customer_id.isin(bought()[bought().kind == kind].customer_id).mean()
        / (bought().kind == kind).mean()
        for kind in ("discount_hunters", "regulars")
    )
    assert hunters > 1.5 * regulars


def test_a_cancelled_order_comes_to_nothing_within_half_an_hour() -> None:
    frame, _ = shop()
    taken_back = frame[frame.event_id.str.endswith("c")].order_id.unique()
    cancelled = frame[frame.order_id.isin(taken_back)].assign(
        money=lambda each: each.unit_price * each.quantity - each.discount
    )
    by_order = cancelled.groupby("order_id")
    assert by_order.money.sum().abs().max() < 1e-6
    assert (by_order.quantity.sum() == 0).all()
    took = by_order.occurred_at.max() - by_order.occurred_at.min()
    assert took.min() >= timedelta(minutes=1)
    assert took.max() <= timedelta(minutes=30)


def test_countries_have_their_shares_and_their_own_clocks() -> None:
    frame, _ = shop()
    shares = frame.drop_duplicates("customer_id").country.value_counts(normalize=True)
    for country in COUNTRIES:
        within(shares[country.name], country.share, 4, 0.01)
    offsets = frame.groupby("country").offset_minutes.unique()
    assert set(offsets["Japan"]) == {540}
    assert set(offsets["United States"]) == {-300, -240}
    assert set(offsets["United Kingdom"]) == {0, 60}
