"""All of Online Retail as events, and what returns are when each is booked at its purchase."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from stream.profile.events import EVENT, PRODUCT, TIME_KNOWN, hash_of
from stream.profile.products import NonProducts
from stream.times import DAY_MS

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from stream.profile.layout import Rows

RETAIL = Path(__file__).resolve().parents[3] / "../shared/data/online_retail.csv.gz"
HALF_LIFE_MS = 90 * DAY_MS


def retail_lines() -> pd.DataFrame:
    """Every line with a customer, in the order of time."""
    if not RETAIL.exists():
        pytest.skip(f"{RETAIL} isn't there")
    names = {"InvoiceNo": "order", "StockCode": "product", "CustomerID": "customer"}
    lines = pd.read_csv(RETAIL, dtype=dict.fromkeys(names, "str"))
    lines = lines.rename(columns=names).dropna(subset="customer")
    lines = lines[lines["UnitPrice"] >= 0].copy()
    lines["at_ms"] = pd.to_datetime(lines["InvoiceDate"]).astype("datetime64[ms]").astype("int64")
    lines["quantity_e4"] = lines["Quantity"] * 10_000
    lines["amount_e4"] = (lines["Quantity"] * lines["UnitPrice"] * 10_000).round().astype("int64")
    rule = NonProducts()
    lines["is_product"] = _each(lines["product"], rule.is_product).astype(np.bool_)
    return lines.sort_values("at_ms", kind="stable").reset_index(drop=True)


def as_events(lines: pd.DataFrame) -> Rows:
    made = np.zeros(len(lines), EVENT)
    made["customer"] = _each(lines["customer"], hash_of)
    made["order"] = _each(lines["customer"] + " " + lines["order"], hash_of)
    made["event"] = np.arange(1, len(lines) + 1)
    made["product"] = _each(lines["product"], hash_of)
    made["occurred_ms"] = made["recorded_ms"] = lines["at_ms"]
    made["amount_e4"], made["quantity_e4"] = lines["amount_e4"], lines["quantity_e4"]
    made["flags"] = TIME_KNOWN + PRODUCT * lines["is_product"]
    return made


def _each(texts: pd.Series, of: Callable[[str], int]) -> NDArray[np.uint64]:
    """What a text becomes, asked once a text."""
    codes, unique = pd.factorize(texts)
    found: NDArray[np.uint64] = np.array([of(text) for text in unique], np.uint64)[codes]
    return found


def matched(lines: pd.DataFrame, at_ms: int) -> pd.DataFrame:
    """The value lens's features at an instant, were every return booked at the newest earlier
    purchases of the same product, however long ago; by itself where there are none."""
    bookings = pd.DataFrame(_bookings(lines), columns=["customer", "order", "at_ms", "money_e4"])
    bought = lines[lines["is_product"] & (lines["quantity_e4"] > 0)]
    faded = np.exp2((bookings["at_ms"] - at_ms) / HALF_LIFE_MS) * bookings["money_e4"] / 1e4
    out = pd.DataFrame({"spend_d90": faded.groupby(bookings["customer"]).sum()})
    kept = bookings.groupby("order")["money_e4"].sum()
    orders = bought.groupby(["customer", "order"])["at_ms"].min().reset_index()
    gross = bought.groupby("order")["amount_e4"].sum()
    net, all_of_it = orders["order"].map(kept), orders["order"].map(gross)
    counts = np.exp2((orders["at_ms"] - at_ms) / HALF_LIFE_MS)
    counts = counts.where((net > 0) | (net == all_of_it), 0.0)
    out["orders_d90"] = counts.groupby(orders["customer"]).sum()
    fades = np.exp2((bought["at_ms"] - at_ms) / HALF_LIFE_MS)
    out["lines_d90"] = fades.groupby(bought["customer"]).sum()
    last_ms = bought.groupby("customer")["at_ms"].max()
    out["recency_days"] = (at_ms - last_ms) / DAY_MS
    return out.fillna({"orders_d90": 0.0, "lines_d90": 0.0, "recency_days": 999.0})


def _bookings(lines: pd.DataFrame) -> list[tuple[str, str, int, float]]:
    """Money by the order it belongs to, and the time that counts."""
    found: list[tuple[str, str, int, float]] = []
    stacks: dict[tuple[str, str], list[list[float]]] = {}
    columns = ("customer", "order", "product", "at_ms", "quantity_e4", "amount_e4", "is_product")
    orders: list[str] = []
    for customer, order, product, at_ms, quantity, amount, is_product in zip(
        *(lines[name].tolist() for name in columns), strict=True
    ):
        stack = stacks.setdefault((customer, product), [])
        left = -quantity if is_product else 0
        while left > 0 and stack:
            purchase = stack[-1]
            taken = min(left, purchase[0])
            share = amount * taken / -quantity
            found.append((customer, orders[int(purchase[2])], int(purchase[1]), share))
            left -= taken
            purchase[0] -= taken
            if purchase[0] == 0:
                stack.pop()
        if quantity > 0 or not is_product or left > 0:
            rest = amount if left <= 0 else amount * left / -quantity
            found.append((customer, order, at_ms, rest))
        if quantity > 0 and is_product:
            stack.append([quantity, at_ms, len(orders)])
            orders.append(order)
    return found
