"""The demonstration's two tables: the stream by week, and by the kinds that hide in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc
from rich.table import Table

from producers.synthetic.kinds import KINDS

if TYPE_CHECKING:
    import pyarrow as pa

BAR_CELLS = 28
SHARES = ("night", "weekend", "discount", "return")


def by_week(facts: pa.Table) -> Table:
    """Lines, customers and money of each week, with a bar for the money."""
    weeks = (
        facts.append_column("count", facts["amount"])
        .group_by("week")
        .aggregate([("count", "count"), ("customer", "count_distinct"), ("amount", "sum")])
    )
    rows = sorted(weeks.to_pylist(), key=lambda row: row["week"])
    most = max(row["amount_sum"] for row in rows)
    table = Table("week", "lines", "customers", "money", "", box=None, padding=(0, 0, 0, 3))
    for row in rows:
        bar = "█" * max(1, round(BAR_CELLS * row["amount_sum"] / most))
        counts = (f"{row['count_count']:,}", f"{row['customer_count_distinct']:,}")
        table.add_row(row["week"], *counts, f"{row['amount_sum']:,.0f}", bar)
    return table


def by_kind(facts: pa.Table) -> Table:
    """How each planted kind differs in what a segmentation can see."""
    table = Table(box=None, padding=(0, 0, 0, 2), caption="orders and money: of each customer")
    for heading in ("kind", "customers", "orders", "money", *SHARES):
        table.add_column(heading, justify="left" if heading == "kind" else "right", no_wrap=True)
    for kind in KINDS:
        lines = facts.filter(pc.equal(facts["kind"], kind.name))
        if len(lines):
            table.add_row(kind.name.replace("_", " "), *_figures(lines))
    return table


def _figures(lines: pa.Table) -> list[str]:
    customers = pc.count_distinct(lines["customer"]).as_py()
    orders = pc.count_distinct(lines["order"]).as_py()
    money = pc.sum(lines["amount"]).as_py()
    return [
        f"{customers:,}",
        f"{orders / customers:.1f}",
        f"{money / customers:,.0f}",
        *(f"{_share(lines[name]):.0%}" for name in SHARES),
    ]


def _share(flags: Any) -> float:
    return float(pc.mean(pc.cast(flags, "float64")).as_py())
