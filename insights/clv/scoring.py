"""Customer lifetime value: purchases still to come, times what one comes to, with an interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from insights.clv.bg_nbd import BgNbd, fit_bg_nbd
from insights.clv.gamma_gamma import GammaGamma, fit_gamma_gamma
from insights.clv.spread import quantiles

if TYPE_CHECKING:
    from insights.arrays import Floats
    from insights.clv.purchases import Purchases

YEAR_WEEKS = 52.0
COVERS = 0.8
"""How often the interval is to hold what a customer then spends."""

AT_ONCE = 200_000


class Lifetime(NamedTuple):
    """Both models, fitted on the same customers."""

    bg_nbd: BgNbd
    gamma_gamma: GammaGamma


class Scores(NamedTuple):
    """A row a customer, for the weeks asked for; money is not discounted."""

    probability_alive: Floats
    purchases: Floats
    purchase_value: Floats
    clv: Floats
    low: Floats
    high: Floats


def fit_lifetime(known: Purchases) -> Lifetime:
    """InputError where there are too few customers to say."""
    return Lifetime(fit_bg_nbd(known), fit_gamma_gamma(known))


def score(model: Lifetime, known: Purchases, weeks: float = YEAR_WEEKS) -> Scores:
    """So many customers at once that memory stays small."""
    count = len(known.age)
    parts = [
        _score(model, known._replace(**_slice(known, begin)), weeks)
        for begin in range(0, max(count, 1), AT_ONCE)
    ]
    return Scores(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _slice(known: Purchases, begin: int) -> dict[str, Floats]:
    return {
        name: column[begin : begin + AT_ONCE]
        for name, column in zip(known._fields, known, strict=True)
    }


def _score(model: Lifetime, known: Purchases, weeks: float) -> Scores:
    bg_nbd, gamma_gamma = model
    bought, value = bg_nbd.expected(known, weeks), gamma_gamma.value(known)
    tails = ((1 - COVERS) / 2, (1 + COVERS) / 2)
    low, high = (value * times for times in quantiles(bg_nbd, gamma_gamma, known, weeks, tails))
    clv = bought * value
    return Scores(
        bg_nbd.alive(known), bought, value, clv, np.minimum(low, clv), np.maximum(high, clv)
    )
