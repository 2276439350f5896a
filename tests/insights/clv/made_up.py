"""Customers made by the models' own story, with what they do afterwards."""

from __future__ import annotations

import numpy as np

from insights.clv.bg_nbd import BgNbd
from insights.clv.gamma_gamma import GammaGamma
from insights.clv.purchases import Purchases

TRUTH = BgNbd(r=0.8, alpha=6.0, a=0.9, b=3.0)
WORTH = GammaGamma(p=5.0, q=4.0, v=18.0)


def shop(customers: int, seed: int, weeks: float, later: float) -> tuple[Purchases, np.ndarray]:
    """What is known after `weeks`, and what each spends in the `later` ones."""
    random = np.random.default_rng(seed)
    rows = [_customer(random, random.uniform(0, weeks / 2), weeks, later) for _ in range(customers)]
    known = Purchases(*np.array([row[:4] for row in rows]).T)
    return known, np.array([row[4] for row in rows])


def _customer(
    random: np.random.Generator, first: float, weeks: float, later: float
) -> tuple[float, float, float, float, float]:
    rate = random.gamma(TRUTH.r, 1 / TRUTH.alpha)
    stop = random.beta(TRUTH.a, TRUTH.b)
    scale = random.gamma(WORTH.q, 1 / WORTH.v)
    at, times = first, []
    while (at := at + random.exponential(1 / rate)) < weeks + later:
        times.append(at)
        if random.random() < stop:
            break
    values = random.gamma(WORTH.p, 1 / scale, len(times) + 1)
    before = [time for time in times if time < weeks]
    last = before[-1] - first if before else 0.0
    seen = float(values[1 : len(before) + 1].mean()) if before else 0.0
    return len(before), last, weeks - first, seen, float(values[len(before) + 1 :].sum())
