"""Snapshots that expect something of their customers: of each the same, and no risk of silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snapshot.enriching import Enriched, Scores
from stream.contracts.insight_report import InsightReport
from stream.contracts.scores import NUMBERS
from stream.model.change import instant
from tests.snapshot.history.moments import moment, reconciled
from tests.snapshot.logs import NOW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from snapshot.history import History


def expecting(
    history: History, instant_ms: int, ids: Sequence[str], clv: float | None = 40.0
) -> None:
    """Keeps a snapshot of these customers; without a lifetime value nothing could be told."""
    count, of = len(ids), moment(instant_ms, ids)
    numbers = {name: np.full(count, np.nan) for name in NUMBERS}
    products: tuple[str, ...] = ()
    if clv is not None:
        numbers |= {name: np.full(count, clv) for name in ("clv", "clv_low", "clv_high")}
        numbers["probability_alive"] = np.full(count, 0.75)
        products = ("p1", "p2")
    lists: dict[str, list[tuple[str, ...]]] = {
        "recommended": [products] * count,
        "recommended_new": [()] * count,
    }
    report = InsightReport(instant=instant(instant_ms), created_at=NOW, customers=count)
    history.write(of, reconciled(of), Enriched(Scores(numbers, lists), report))
