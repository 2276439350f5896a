"""The features computed by pandas from all lines at once, in the order of event time.

It knows nothing of buckets, landmarks or batches; only returns are booked line by line, by the
rule that is written down: off the youngest earlier order within the horizon that covers them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from stream.profile.events import PRODUCT, TIME_KNOWN
from stream.times import DAY_MS, WEEK_MS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stream.contracts.fast import Line
    from stream.profile.events import Batch

HALF_LIFE_MS = 90 * DAY_MS
HORIZON_DAYS = 7
DECAYING = ("orders", "spend", "lines")


def frame_of(batch: Batch, lines: Sequence[Line]) -> pd.DataFrame:
    """One row an event, the first of those with the same id, by event time."""
    names = batch.events.dtype.names or ()
    frame = pd.DataFrame({name: batch.events[name] for name in names})
    frame["customer"] = list(batch.ids)
    frame["order"] = [line.order_id for line in lines]
    frame["product"] = [line.product_id for line in lines]
    frame["category"] = [line.category for line in lines]
    frame = frame.drop_duplicates("event").sort_values("occurred_ms", kind="stable")
    frame["bought"] = (frame["flags"] & PRODUCT > 0) & (frame["quantity_e4"] > 0)
    frame["returned"] = (frame["flags"] & PRODUCT > 0) & (frame["quantity_e4"] < 0)
    frame["timed"] = frame["bought"] & (frame["flags"] & TIME_KNOWN > 0)
    minutes = frame["offset_minutes"].astype(np.int64)
    clock = pd.to_datetime(frame["occurred_ms"] + minutes * 60_000, unit="ms")
    frame["night"] = frame["timed"] & ~clock.dt.hour.between(6, 21)
    frame["weekend"] = frame["bought"] & (clock.dt.day_of_week >= 5)
    frame["discounted"] = frame["bought"] & (frame["discount_e4"] > 0)
    frame["month"] = clock.dt.month
    return frame.reset_index(drop=True)


def expected(frame: pd.DataFrame, at_ms: int) -> pd.DataFrame:
    """Every exact feature of every customer at an instant after the last event."""
    booked_ms, orders = _book_returns(frame)
    frame = frame.assign(booked_ms=booked_ms)
    per = frame.groupby("customer")
    kept = orders[orders["counts"]].groupby("customer")
    out = pd.DataFrame(index=pd.Index(sorted(frame["customer"].unique()), name="customer"))
    for flag in ("bought", "returned", "timed", "night", "weekend", "discounted"):
        out[flag] = per[flag].sum()
    out["lines"] = per.size()
    out["spend"] = per["amount_e4"].sum() / 1e4
    out["units"] = frame[frame["bought"]].groupby("customer")["quantity_e4"].sum() / 1e4
    out["given_back"] = frame[frame["returned"]].groupby("customer")["amount_e4"].sum() / 1e4
    out["tenure_days"] = (at_ms - per["occurred_ms"].min()) / DAY_MS
    last_ms = frame[frame["bought"]].groupby("customer")["occurred_ms"].max()
    out["recency_days"] = ((at_ms - last_ms) / DAY_MS).reindex(out.index)
    out["recency_days"] = out["recency_days"].fillna(out["tenure_days"])
    out["orders"] = kept.size()
    for month in range(1, 13):
        of_month = orders[orders["counts"] & (orders["month"] == month)]
        out[f"month_{month}"] = of_month.groupby("customer").size()
    _add_recent(out, frame, orders[orders["counts"]], at_ms)
    return _named(out.fillna(0.0))


def _book_returns(frame: pd.DataFrame) -> tuple[pd.Series, pd.DataFrame]:
    """When each line's money counts, and every order with what is left of it."""
    booked_ms = frame["occurred_ms"].copy()
    parts = []
    for customer, lines in frame.groupby("customer"):
        bought = lines[lines["bought"]]
        orders = bought.groupby("order", sort=False).agg(
            first_ms=("occurred_ms", "first"),
            newest_ms=("occurred_ms", "max"),
            month=("month", "first"),
            timed=("timed", "first"),
            night=("night", "first"),
            weekend=("weekend", "first"),
            discounted=("discounted", "any"),
        )
        orders["net_e4"], orders["came_back"] = 0, False
        for line in lines[lines["bought"] | lines["returned"]].itertuples():
            if line.bought:
                orders.loc[line.order, "net_e4"] += line.amount_e4
                continue
            found = _undone(orders, line)
            if found is not None:
                orders.loc[found, "net_e4"] += line.amount_e4
                orders.loc[found, "came_back"] = True
                booked_ms[line.Index] = orders.loc[found, "first_ms"]
        parts.append(orders.assign(customer=customer))
    orders = pd.concat(parts)
    orders["counts"] = (orders["net_e4"] > 0) | ~orders["came_back"]
    return booked_ms, orders


def _undone(orders: pd.DataFrame, line: Any) -> Any:
    """The order that a return comes off, or none."""
    at_ms, amount_e4, own = line.occurred_ms, line.amount_e4, line.order
    live = orders[orders["newest_ms"] // DAY_MS >= at_ms // DAY_MS - HORIZON_DAYS]
    live = live[live["first_ms"] <= at_ms]
    if own in live.index:
        return own
    covering = live[live["net_e4"] >= -amount_e4]
    if amount_e4 >= 0 or covering.empty:
        return None
    youngest = covering[covering["first_ms"] == covering["first_ms"].max()]
    return youngest.index[-1]


def _add_recent(out: pd.DataFrame, frame: pd.DataFrame, kept: pd.DataFrame, at_ms: int) -> None:
    for days, weeks in ((30, 5), (90, 13)):
        since = at_ms // WEEK_MS - weeks + 1
        recent = kept[kept["first_ms"] // WEEK_MS >= since]
        out[f"orders_w{days}"] = recent.groupby("customer").size()
        paid = frame[frame["booked_ms"] // WEEK_MS >= since]
        out[f"spend_w{days}"] = paid.groupby("customer")["amount_e4"].sum() / 1e4
    weight = np.exp2((kept["first_ms"] - at_ms) / HALF_LIFE_MS)
    out["orders_d90"] = weight.groupby(kept["customer"]).sum()
    for habit in ("timed", "night", "weekend", "discounted"):
        out[f"{habit}_d90"] = weight.where(kept[habit], 0.0).groupby(kept["customer"]).sum()
    money = np.exp2((frame["booked_ms"] - at_ms) / HALF_LIFE_MS) * frame["amount_e4"] / 1e4
    out["spend_d90"] = money.groupby(frame["customer"]).sum()
    fades = np.exp2((frame["occurred_ms"] - at_ms) / HALF_LIFE_MS).where(frame["bought"], 0.0)
    out["lines_d90"] = fades.groupby(frame["customer"]).sum()
    last_ms = frame[frame["bought"]].groupby("customer")["occurred_ms"].max()
    half_lives = ((at_ms - last_ms) / HALF_LIFE_MS).reindex(out.index)
    first_ms = frame.groupby("customer")["occurred_ms"].min()
    known = ((at_ms - first_ms) / HALF_LIFE_MS).where(half_lives.notna())
    _add_steady(out, half_lives.fillna(0.0), known.fillna(np.inf))


def _add_steady(out: pd.DataFrame, half_lives: pd.Series, known: pd.Series) -> None:
    """What decays, as it was at the last purchase, by how long the silence since then is, over how
    much of it is there by now."""
    orders = out["orders_d90"].fillna(0.0) * np.exp2(half_lives)
    missed = orders * half_lives * np.log(2.0)
    kept = np.minimum(1.0, orders.clip(lower=1.0) * np.exp(-missed)) * np.exp2(half_lives)
    for what in DECAYING:
        out[f"steady_{what}_d90"] = out[f"{what}_d90"] * kept / (1 - np.exp2(-known - 1.5))


def _named(out: pd.DataFrame) -> pd.DataFrame:
    def share(part: str, whole: str) -> pd.Series:
        return (out[part] / out[whole].where(out[whole] > 0)).fillna(0.0)

    direct = ["recency_days", "tenure_days", "orders", "lines", "units", "spend"]
    direct += [f"{what}_w{days}" for what in ("orders", "spend") for days in (30, 90)]
    direct += [f"{fades}{what}_d90" for fades in ("", "steady_") for what in DECAYING]
    named = out[direct].copy()
    named["purchases"], named["returns"] = out["bought"], out["returned"]
    named["returned_spend"] = out["given_back"]
    named["gross_spend"] = out["spend"] - out["given_back"]
    named["return_ratio"] = share("returned", "lines")
    named["average_order_value"] = share("spend", "orders")
    named["basket_size"] = share("units", "orders")
    named["night_ratio"] = share("night", "timed")
    named["weekend_ratio"] = share("weekend", "bought")
    named["discount_ratio"] = share("discounted", "bought")
    named["night_share_d90"] = share("night_d90", "timed_d90")
    named["weekend_share_d90"] = share("weekend_d90", "orders_d90")
    named["discount_share_d90"] = share("discounted_d90", "orders_d90")
    for month in range(1, 13):
        named[f"month_{month:02}_share"] = share(f"month_{month}", "orders")
    return named
