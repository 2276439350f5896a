"""A whole table valued: the models fitted on those who bought, and what they say of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from insights.clv.purchases import purchases
from insights.clv.scoring import YEAR_WEEKS, fit_lifetime, score

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from insights.arrays import Floats
    from insights.clv.scoring import Lifetime

FITTED_ON = 20_000
"""Customers at most, drawn evenly: more of them no longer move the parameters."""


class Valued(NamedTuple):
    """`numbers` has a row a customer of the table, by the names that they are published under."""

    fitted: Lifetime
    customers: int
    """How many it was fitted on."""

    numbers: Mapping[str, Floats]


def valued(
    features: Mapping[str, Floats], weeks: float = YEAR_WEEKS, most: int = FITTED_ON
) -> Valued:
    """Who never bought, or brought all of it back, is not scored: NaN, as what can't be told.

    `features` are those of `insights.clv.purchases.NEEDED`. InputError where there are too few
    customers to say.
    """
    bought = features["orders"] >= 1
    of_buyers = purchases(features).of(bought)
    sample = of_buyers.drawn(most)
    fitted = fit_lifetime(sample)
    found = score(fitted, of_buyers, weeks)
    columns = {
        "clv": found.clv,
        "clv_low": found.low,
        "clv_high": found.high,
        "probability_alive": found.probability_alive,
    }
    numbers = {name: _of_all(column, bought) for name, column in columns.items()}
    return Valued(fitted, len(sample.age), numbers)


def _of_all(column: Floats, bought: NDArray[np.bool_]) -> Floats:
    """What is no number could not be told either."""
    everybody = np.full(len(bought), np.nan)
    everybody[bought] = np.where(np.isfinite(column), column, np.nan)
    return everybody
