"""Points around places that are far apart, in a random order, and who belongs where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from stream.model.arrays import Floats, Ints

PLACES = ((0.0, 0.0, 0.0), (6.0, 0.0, 0.0), (0.0, 6.0, 6.0), (7.0, 7.0, 7.0))


def planted(clusters: int = 3, each: int = 150, seed: int = 0) -> tuple[Floats, Ints]:
    rng = np.random.default_rng(seed)
    truth = rng.permutation(np.repeat(np.arange(clusters), each))
    return np.array(PLACES)[truth] + rng.normal(0.0, 0.6, (len(truth), 3)), truth


def cloud(count: int = 300, seed: int = 0) -> Floats:
    """One cluster, whatever anybody says."""
    return np.random.default_rng(seed).normal(0.0, 1.0, (count, 3))
