"""How many customers it takes to find a lift, before any of them is asked."""

from __future__ import annotations

from math import ceil, log, sqrt

from scipy.optimize import brentq
from scipy.stats import norm

from stream.errors import InputError

ALPHA, POWER = 0.05, 0.8


def customers_for_share(
    base: float, lift: float, *, alpha: float = ALPHA, power: float = POWER
) -> int:
    """An arm's, to find that a share of buyers of `base` grows by `lift` (0.1: by a tenth).

    >>> customers_for_share(0.10, 0.20)
    3841
    """
    _within("base", base)
    other = base * (1 + lift)
    if not 0 < other < 1 or lift == 0:
        raise InputError(f"a share of {base:g} can't change by {lift:+.0%}: it would be {other:g}")
    both = (base + other) / 2
    spread = _sides(alpha) * sqrt(2 * both * (1 - both)) + _chance(power) * sqrt(
        base * (1 - base) + other * (1 - other)
    )
    return ceil((spread / (other - base)) ** 2)


def customers_for_mean(
    mean: float, deviation: float, lift: float, *, alpha: float = ALPHA, power: float = POWER
) -> int:
    """An arm's, to find that a mean of so much, which varies by so much, grows by `lift`.

    >>> customers_for_mean(50.0, 80.0, 0.1)
    4019
    """
    if mean <= 0 or deviation <= 0 or lift == 0:
        raise InputError("mean and deviation should be above 0, and the lift not 0")
    spread = (_sides(alpha) + _chance(power)) * deviation
    return ceil(2 * (spread / (mean * lift)) ** 2)


def _sides(alpha: float) -> float:
    _within("alpha", alpha)
    return float(norm.ppf(1 - alpha / 2))


def _chance(power: float) -> float:
    _within("power", power)
    return float(norm.ppf(power))


def cost_of_looking(*, alpha: float = ALPHA, power: float = POWER) -> float:
    """How many times as many customers it takes where one may look at any time, and stop.

    The intervals of `insights.experiments.reading` are that much wider: they find their lift as
    often with that many.

    >>> round(cost_of_looking(), 2)
    1.94
    """
    chance = _chance(power)

    def lacking(errors: float) -> float:
        """Of a lift of so many standard errors, which is the width that intervals are made for."""
        both = 1 + errors**2
        return errors - chance - sqrt(both / errors**2 * log(both / alpha**2))

    return float((brentq(lacking, 1.0, 100.0) / (_sides(alpha) + chance)) ** 2)


def _within(name: str, number: float) -> None:
    if not 0 < number < 1:
        raise InputError(f"{name} should be between 0 and 1, and is {number:g}")
