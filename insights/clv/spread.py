"""How far a customer's next purchases may lie from what is expected: quantiles, by simulation.

Who is still there buys at a rate and stops with a chance that are known only so well; both
depend on the number of purchases and on age alone, and so does how well the value of a purchase is
known. So customers share their draws by these two, and a million of them take seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from insights.arrays import Floats, Ints
    from insights.clv.bg_nbd import BgNbd
    from insights.clv.gamma_gamma import GammaGamma
    from insights.clv.purchases import Purchases

DRAWS = 512
EXACT_REPEATS = 32
"""Beyond, numbers of repeats within 6 % share their draws."""

AGE_WEEKS = 4.0


def quantiles(
    bg_nbd: BgNbd,
    gamma_gamma: GammaGamma,
    known: Purchases,
    weeks: float,
    shares: tuple[float, ...],
) -> list[Floats]:
    """For each share, what customers spend at most with that probability, by the value of their
    average purchase: 2.0 is twice that."""
    cells = np.column_stack([_repeats(known.repeats), np.round(known.age / AGE_WEEKS)])
    different, which = np.unique(cells, axis=0, return_inverse=True)
    table = np.stack([_spent(bg_nbd, gamma_gamma, x, age, weeks) for x, age in different])
    alive = bg_nbd.alive(known)
    return [_of_mixture(table, which.ravel(), alive, share) for share in shares]


def _repeats(exact: Floats) -> Floats:
    steps = np.round(np.log(np.maximum(exact, 1.0) / EXACT_REPEATS) / np.log(1.06))
    return np.where(exact <= EXACT_REPEATS, exact, np.round(EXACT_REPEATS * 1.06**steps))


def _spent(
    bg_nbd: BgNbd, gamma_gamma: GammaGamma, repeats: float, age: float, weeks: float
) -> Floats:
    """Sorted draws for one who is there now. The seed is the cell's, so that what is said of a
    customer doesn't depend on who else is looked at."""
    r, alpha, a, b = bg_nbd
    random = np.random.default_rng([int(repeats), int(age)])
    rate = random.gamma(r + repeats, 1 / (alpha + age * AGE_WEEKS), DRAWS)
    stops = random.geometric(np.maximum(random.beta(a, b + repeats, DRAWS), 1e-9))
    bought = np.minimum(random.poisson(rate * weeks), stops)
    shape = gamma_gamma.p * repeats + gamma_gamma.q
    worth = (shape - 1) / random.gamma(shape, 1.0, DRAWS)
    return np.sort(bought * worth)


def _of_mixture(table: Floats, which: Ints, alive: Floats, share: float) -> Floats:
    """Who is gone spends nothing: that much of the probability lies at zero."""
    among = (share - (1 - alive)) / np.maximum(alive, 1e-12)
    place = np.minimum((among * DRAWS).astype(np.int64), DRAWS - 1)
    return np.where(among <= 0, 0.0, table[which, np.maximum(place, 0)])
