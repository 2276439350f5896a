"""What each customer of a run is expected to spend, where there are enough to say."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from app.enriching.past import columns
from insights.clv.purchases import NEEDED
from insights.clv.scoring import COVERS, YEAR_WEEKS
from insights.clv.valuing import valued
from insights.reporting.html import paragraph, table
from snapshot.naming.words import number, percent
from stream.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from snapshot.moment import Moment
    from stream.model.arrays import Floats


COLUMNS = ("clv", "clv_low", "clv_high", "probability_alive")


class Worth(NamedTuple):
    """Of each customer of the run."""

    numbers: Mapping[str, Floats]
    """By column; not a number where nobody can say."""

    problem: str = ""
    """Why all of it is missing."""


def worth_of(moment: Moment) -> Worth:
    """The models are fitted on these customers."""
    try:
        return Worth(valued(columns(moment, NEEDED)).numbers)
    except InputError as error:
        return Worth(dict.fromkeys(COLUMNS, np.full(len(moment), np.nan)), str(error))


def worth_table(worth: Worth, segments: Sequence[str | None], names: Sequence[str]) -> str:
    """A row a segment: what its customers are expected to spend in a year."""
    if worth.problem:
        return paragraph(f"What customers will spend can't be said: {worth.problem}.")
    held = np.array([segment or "" for segment in segments])
    rows = [_row(worth, name, (held == name) & ~np.isnan(worth.numbers["clv"])) for name in names]
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
    clv, alive = (worth.numbers[name][there] for name in ("clv", "probability_alive"))
    return [
        name,
        f"{count:,}",
        number(float(clv.mean())),
        number(float(clv.sum())),
        percent(float(alive.mean())),
    ]
