"""Kinds of customers that were planted, found again by the lens that they differ in."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow.parquet as pq

from benchmarks.quality.aims import Aim, Table
from benchmarks.quality.lived import lived
from producers.synthetic import Plan
from producers.synthetic.files import Written, write_shop
from producers.synthetic.kinds import KINDS
from stream.settings import Settings

if TYPE_CHECKING:
    from benchmarks.quality.lived import Lived

AIMS = (
    Aim("ari", "adjusted Rand index of segments and planted kinds", 0.9),
    Aim("k", "segments, told to be as many as kinds"),
    Aim("customers", "customers compared"),
)
FEWEST_ORDERS = 5
"""Whoever ordered less often has not shown yet what they are."""


class Planted(NamedTuple):
    """A lens, and the kinds that it should tell apart."""

    lens: str
    kinds: tuple[str, ...]

    @property
    def settings(self) -> Settings:
        return Settings.model_validate({"lenses": {self.lens: {"k": len(self.kinds)}}})


BY_VALUE = Planted("value", ("champions", "occasional"))
SHOPS = (
    BY_VALUE,
    Planted("habits", ("regulars", "night_owls", "weekenders", "discount_hunters")),
)
CUSTOMERS, DAYS = 1_500, 240


def measured() -> Table:
    says = (
        "Shops of equally many customers of each kind, there from the first day on, who don't "
        "change, lived through as any other; the published segments at the end of customers with "
        f"{FEWEST_ORDERS} orders and more."
    )
    columns = {f"{one.lens}: {', '.join(one.kinds)}": _figures(one) for one in SHOPS}
    return Table("Finding what was planted", says, AIMS, columns)


def shop_of(planted: Planted, file: Path, customers: int = CUSTOMERS, days: int = DAYS) -> Written:
    """Such a shop as a file."""
    plan = Plan(
        customers=customers,
        days=days,
        migration=0.0,
        established=1.0,
        shares={kind.name: float(kind.name in planted.kinds) for kind in KINDS},
    )
    written, _ = write_shop(plan, file, force=True)
    return written


def _figures(planted: Planted) -> dict[str, float | None]:
    from sklearn.metrics import adjusted_rand_score

    with TemporaryDirectory() as folder:
        file = Path(folder) / "shop.parquet"
        truth = pq.read_table(shop_of(planted, file).stints)
        life = lived(planted.lens, str(file), planted.settings)
    kinds = dict(zip(truth["customer_id"].to_pylist(), truth["kind"].to_pylist(), strict=True))
    segments, real = _compared(life, planted.lens, kinds)
    return {
        "ari": float(adjusted_rand_score(real, segments)),
        "k": float(len(planted.kinds)),
        "customers": float(len(real)),
    }


def _compared(life: Lived, lens: str, kinds: dict[str, str]) -> tuple[list[int], list[str]]:
    at, table = life.end.lenses[lens], life.end.table
    learned = set(at.running[0].segments)
    codes = [code for code, segment in enumerate(at.segments) if segment.id in learned]
    often = table.columns(["orders"])[:, 0] >= FEWEST_ORDERS
    rows = np.flatnonzero(often & np.isin(at.published, codes)).tolist()
    return at.published[rows].tolist(), [kinds[table.ids[row]] for row in rows]
