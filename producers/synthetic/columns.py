"""Rows of numbers into Arrow columns with their names, ids and money: the schema `LINES`.

Text is made column by column in Arrow; a Python object for each line would cost more than
everything else together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from producers.lines import LINES
from producers.synthetic.kinds import CATEGORIES
from producers.synthetic.market import COUNTRIES, PRODUCTS, Market
from producers.synthetic.rows import DIRTY, Mark, Rows, has

if TYPE_CHECKING:
    import numpy.typing as npt

    from producers.synthetic.plan import Plan

PLACES = 9  # of an order's number, so that ids of equal length sort as they came
# What a row is, as the letter its ids begin and end with; dirty ones have ids of their own.
BEGINS = pa.array(["o", "r", "o", "x", "x", "x", "x"])
ENDS = pa.array(["", "", "c", "a", "b", "c", "d"])


class Wording:
    """The words of one shop: its customers, products, categories and countries."""

    def __init__(self, plan: Plan, market: Market, home: npt.NDArray[np.uint8]) -> None:
        self._home = home
        places = len(str(plan.customers))
        self._customers = _numbered("c", np.arange(1, plan.customers + 1), places)
        self._products = _numbered("p", np.arange(1, PRODUCTS + 1), len(str(PRODUCTS)))
        self._categories = pa.array(CATEGORIES).take(pa.array(market.category))
        self._countries = pa.array([country.name for country in COUNTRIES])

    def customers(self, numbers: npt.NDArray[np.integer]) -> pa.Array:
        return self._customers.take(pa.array(numbers))

    def lines(self, rows: Rows) -> pa.RecordBatch:
        """The rows as lines. A dirty one looks like the good row it was copied from."""
        product = pa.array(rows["product"])
        order_id, event_id = _ids(rows)
        nothing = pa.nulls(len(rows), pa.float64())
        columns = {
            "customer_id": self.customers(rows["customer"]),
            "occurred_at": pa.array(rows["occurred_s"] * 1000).cast(pa.timestamp("ms", "UTC")),
            "offset_minutes": pa.array(rows["offset_minutes"]),
            "time_known": pa.array(np.ones(len(rows), dtype=np.bool_)),
            "order_id": order_id,
            "product_id": self._products.take(product),
            "category": self._categories.take(product),
            "country": self._countries.take(pa.array(self._home[rows["customer"]])),
            "quantity": pa.array(rows["quantity"].astype(np.float64)),
            "unit_price": pa.array(rows["price_cents"] / 100),
            "discount": pa.array(rows["discount_cents"] / 100),
            "amount": nothing,
            "event_id": event_id,
        }
        return pa.record_batch([columns[name] for name in LINES.names], schema=LINES)


def _ids(rows: Rows) -> tuple[pa.Array, pa.Array]:
    """A return is an order of its own; a cancellation takes back lines of the same order."""
    what = pa.array(_what(rows))
    number = _numbered("", rows["order"], PLACES)
    line = pc.cast(pa.array(rows["line"]), pa.string())
    begins, no_text = BEGINS.take(what), pa.scalar("")
    event_id = pc.binary_join_element_wise(
        pc.binary_join_element_wise(begins, number, "-", line, no_text), ENDS.take(what), no_text
    )
    order_id = pc.binary_join_element_wise(begins, number, no_text)
    return pc.if_else(pa.array(has(rows, Mark.RETURN)), event_id, order_id), event_id


def _what(rows: Rows) -> npt.NDArray[np.int8]:
    """The place of each row in `BEGINS` and `ENDS`."""
    what = np.zeros(len(rows), dtype=np.int8)
    for place, mark in enumerate((Mark.RETURN, Mark.CANCELLATION, *DIRTY), start=1):
        what[has(rows, mark)] = place
    return what


def _numbered(letter: str, numbers: npt.NDArray[np.integer], places: int) -> pa.Array:
    digits = pc.utf8_lpad(pc.cast(pa.array(numbers), pa.string()), places, "0")
    return pc.binary_join_element_wise(pa.scalar(letter), digits, pa.scalar(""))
