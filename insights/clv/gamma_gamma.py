"""Gamma-Gamma: what a purchase comes to, for a customer of whom few are known.

Fader and Hardie, "The Gamma-Gamma Model of Monetary Value" (2013): purchases vary around a mean
of the customer's own, means vary among customers, and the fewer there are the more is borrowed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import gammaln

from insights.clv.likeliest import likeliest

if TYPE_CHECKING:
    from insights.arrays import Floats
    from insights.clv.purchases import Purchases

START_SHAPES = (6.0, 4.0)
MOST_SPREAD = 1e-9


class GammaGamma(NamedTuple):
    """Shape of a customer's purchases, shape and scale of what differs between customers."""

    p: float
    q: float
    v: float

    def value(self, known: Purchases) -> Floats:
        """What a customer's next purchase comes to on average."""
        x = np.where(known.value > 0, known.repeats, 0.0)
        mean = self.p * (self.v + x * known.value) / np.maximum(self.p * x + self.q - 1, 1e-9)
        return np.asarray(mean)

    def log_likelihoods(self, known: Purchases) -> Floats:
        """Of customers who bought again, at a price."""
        p, q, v = self
        x, mean = known.repeats, known.value
        return np.asarray(
            gammaln(p * x + q)
            - gammaln(p * x)
            - gammaln(q)
            + q * np.log(v)
            + (p * x - 1) * np.log(mean)
            + p * x * np.log(x)
            - (p * x + q) * np.log(x * mean + v)
        )


def fit_gamma_gamma(known: Purchases) -> GammaGamma:
    """The likeliest parameters; q stays above 1, or the mean purchase had no end."""
    paying = known.of((known.repeats > 0) & (known.value > 0))
    scale = float(np.mean(paying.value)) if len(paying.value) else 1.0
    if len(paying.value) == 0 or np.ptp(paying.value) <= MOST_SPREAD * scale:
        return _all_alike(scale)
    unit = paying._replace(value=paying.value / scale)  # so that one start does for any currency

    def likelihood(parameters: Floats) -> float:
        p, above_one, v = parameters
        return float(np.mean(GammaGamma(p, 1 + above_one, v).log_likelihoods(unit)))

    p, q = START_SHAPES
    found = likeliest(likelihood, np.array([p, q - 1, (q - 1) / p]), "Gamma-Gamma")
    return GammaGamma(found[0], 1 + found[1], found[2] * scale)


def _all_alike(value: float) -> GammaGamma:
    """Every purchase comes to the same, or there is nothing to learn from."""
    many = 1e6
    return GammaGamma(p=1.0, q=1 + many, v=many * value)
