"""Maximum likelihood over positive parameters: both models are fitted by this one function."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize

from stream.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from insights.arrays import Floats

WIDEST = 12.0
"""Parameters lie within e to the power of this, either way: beyond, a likelihood is flat."""


def likeliest(likelihood: Callable[[Floats], float], start: Floats, what: str) -> tuple[float, ...]:
    """The parameters of the greatest log likelihood, searched as logarithms from `start`.

    A simplex first, which no flat stretch stops, then a gradient to the last digits.
    """
    bounds = [(-WIDEST, WIDEST)] * len(start)

    def loss(logs: Floats) -> float:
        found = -likelihood(np.exp(np.clip(logs, -WIDEST, WIDEST)))
        return found if np.isfinite(found) else 1e12

    rough = minimize(loss, np.log(start), method="Nelder-Mead", options=_SIMPLEX)
    fine = minimize(loss, rough.x, method="L-BFGS-B", bounds=bounds, options=_GRADIENT)
    best = min((rough, fine), key=lambda found: found.fun)
    if not np.isfinite(best.fun) or best.fun >= 1e12:
        raise InputError(f"{what} has no likeliest parameters on these customers")
    return tuple(float(each) for each in np.exp(np.clip(best.x, -WIDEST, WIDEST)))


_SIMPLEX = {"xatol": 1e-6, "fatol": 1e-10, "maxiter": 4_000, "maxfev": 4_000, "adaptive": True}
_GRADIENT = {"ftol": 1e-15, "gtol": 1e-9, "maxiter": 500}
