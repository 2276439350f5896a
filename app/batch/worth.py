"""What each customer of a run is expected to spend, where there are enough to say."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from insights.clv.purchases import NEEDED, purchases
from insights.clv.scoring import COVERS, YEAR_WEEKS, fit_lifetime, score
from insights.reporting.html import paragraph, table
from snapshot.naming.words import number, percent
from stream.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from snapshot.table import CustomerTable
    from stream.model.arrays import Floats


class Worth(NamedTuple):
    """A row a customer; not a number where nobody can say."""

    clv: Floats
    clv_low: Floats
    clv_high: Floats
    probability_alive: Floats
    problem: str = ""
    """Why all of it is missing."""


COLUMNS = Worth._fields[:-1]


def worth_of(customers: CustomerTable) -> Worth:
    """The models are fitted on these customers; who never bought has no row to be scored by."""
    features: Mapping[str, Floats] = {name: customers.columns([name])[:, 0] for name in NEEDED}
    bought = features["orders"] > 0
    clv, low, high, alive = (np.full(len(customers), np.nan) for _ in COLUMNS)
    known = purchases(features).of(bought)
    try:
        found = score(fit_lifetime(known), known)
    except InputError as error:
        return Worth(clv, low, high, alive, str(error))
    clv[bought], low[bought], high[bought] = found.clv, found.low, found.high
    alive[bought] = found.probability_alive
    return Worth(clv, low, high, alive)


def worth_table(worth: Worth, segments: Sequence[str | None], names: Sequence[str]) -> str:
    """A row a segment: what its customers are expected to spend in a year."""
    if worth.problem:
        return paragraph(f"What customers will spend can't be said: {worth.problem}.")
    held = np.array([segment or "" for segment in segments])
    rows = [_row(worth, name, (held == name) & ~np.isnan(worth.clv)) for name in names]
    head = ["segment", "customers", "a customer", "together", "still customers"]
    note = (
        f"Expected spend over {YEAR_WEEKS:g} weeks, not discounted, by BG/NBD and Gamma-Gamma "
        f"fitted on these customers. A single customer's interval, in the file, holds with "
        f"{percent(COVERS)}."
    )
    return table(head, rows) + paragraph(note, "note")


def _row(worth: Worth, name: str, there: np.ndarray) -> list[str]:
    count = int(there.sum())
    if not count:
        return [name, "0", "–", "–", "–"]
    clv, alive = worth.clv[there], worth.probability_alive[there]
    return [
        name,
        f"{count:,}",
        number(float(clv.mean())),
        number(float(clv.sum())),
        percent(float(alive.mean())),
    ]
