"""BG/NBD: customers buy at a rate of their own until, after some purchase, they stop for good.

Fader, Hardie and Lee, "Counting Your Customers the Easy Way", Marketing Science 24 (2005).
Rates are Gamma(r, alpha) among customers, chances to stop after a purchase Beta(a, b).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import betaln, gammaln, hyp2f1

from insights.clv.likeliest import likeliest
from stream.errors import InputError

if TYPE_CHECKING:
    from insights.arrays import Floats
    from insights.clv.purchases import Purchases

LEAST_CUSTOMERS, LEAST_REPEATING = 100, 30
START = np.array([0.5, 5.0, 0.8, 2.5])


class BgNbd(NamedTuple):
    """Time in weeks.

    >>> from insights.clv.purchases import Purchases
    >>> one = Purchases(*(np.array([number]) for number in (2.0, 30.43, 38.86, 20.0)))
    >>> model = BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> round(float(model.expected(one, 39.0)[0]), 3), round(float(model.alive(one)[0]), 3)
    (1.226, 0.727)
    """

    r: float
    alpha: float
    a: float
    b: float

    def alive(self, known: Purchases) -> Floats:
        """The probability that a customer has not stopped; who bought once cannot have."""
        return np.asarray(1.0 / (1.0 + np.exp(self._stopped_to_not(known))))

    def expected(self, known: Purchases, weeks: float) -> Floats:
        """How many purchases a customer makes on average in the weeks to come."""
        r, alpha, a, b = self
        a = a if abs(a - 1) > 1e-6 else 1 + 1e-6  # the formula has a gap there, its limit none
        x, since = known.repeats, alpha + known.age
        series = hyp2f1(r + x, b + x, a + b + x - 1, weeks / (since + weeks))
        shrunk = np.exp((r + x) * np.log(since / (since + weeks))) * series
        bought = (a + b + x - 1) / (a - 1) * (1 - shrunk)
        return np.asarray(np.maximum(bought * self.alive(known), 0.0))

    def _stopped_to_not(self, known: Purchases) -> Floats:
        """The logarithm of the odds."""
        r, alpha, a, b = self
        x = known.repeats
        chance = np.log(a) - np.log(b + np.maximum(x, 1.0) - 1)
        silence = (r + x) * np.log((alpha + known.age) / (alpha + known.last))
        return np.where(x > 0, chance + silence, -np.inf)

    def log_likelihoods(self, known: Purchases) -> Floats:
        r, alpha, a, b = self
        x = known.repeats
        bought = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
        went_on = betaln(a, b + x) - betaln(a, b)
        until_now = -(r + x) * np.log(alpha + known.age)
        return np.asarray(
            bought + went_on + until_now + np.logaddexp(0.0, self._stopped_to_not(known))
        )


def fit_bg_nbd(known: Purchases) -> BgNbd:
    """The likeliest parameters. Customers who are alike in everything are counted together."""
    _enough(known)
    alike, counts = np.unique(np.column_stack(known[:3]), axis=0, return_counts=True)
    repeats, last, age = alike.T
    groups = known._replace(repeats=repeats, last=last, age=age, value=np.zeros(len(alike)))

    def likelihood(parameters: Floats) -> float:
        # Summed by itself: a product of vectors starts threads, which cost more than they do.
        each = counts * BgNbd(*parameters).log_likelihoods(groups)
        return float(each.sum()) / len(known.age)

    return BgNbd(*likeliest(likelihood, START, "BG/NBD"))


def _enough(known: Purchases) -> None:
    customers, repeating = len(known.age), int((known.repeats > 0).sum())
    if customers < LEAST_CUSTOMERS or repeating < LEAST_REPEATING:
        raise InputError(
            f"{customers} customers, of whom {repeating} bought again, are too few to say what "
            f"customers will buy: {LEAST_CUSTOMERS} are needed, {LEAST_REPEATING} who bought again"
        )
