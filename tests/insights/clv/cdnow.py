"""The CDNOW sample as its papers cut it: nine months to fit on, nine to hold out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd
import pytest

from insights.clv.purchases import Purchases

if TYPE_CHECKING:
    import numpy as np

FILE = Path(__file__).parents[4] / "shared" / "data" / "cdnow_sample.csv"
SPLIT = pd.Timestamp("1997-09-30")
HOLDOUT_WEEKS = 39.0


class Cdnow(NamedTuple):
    known: Purchases
    """By the split; `value` is the mean of repeat purchases, as the paper has it."""

    actual: np.ndarray
    """Purchases after it."""


def cdnow() -> Cdnow:
    if not FILE.exists():
        pytest.skip("the CDNOW sample is not beside this checkout")
    lines = pd.read_csv(FILE, dtype={"customer_id": str})
    lines["date"] = pd.to_datetime(lines["date"].astype(str))
    days = lines.groupby(["customer_id", "date"])["dollar_value"].sum().reset_index()
    before, after = days[days["date"] <= SPLIT], days[days["date"] > SPLIT]
    of = before.groupby("customer_id")["date"]
    first, last, count = of.min(), of.max(), of.size()
    again = before[before["date"] > before["customer_id"].map(first)]
    value = again.groupby("customer_id")["dollar_value"].mean().reindex(count.index).fillna(0.0)
    later = after.groupby("customer_id").size().reindex(count.index).fillna(0)
    known = Purchases(
        (count - 1).to_numpy(float),
        ((last - first).dt.days / 7).to_numpy(float),
        ((SPLIT - first).dt.days / 7).to_numpy(float),
        value.to_numpy(float),
    )
    return Cdnow(known, later.to_numpy(float))
