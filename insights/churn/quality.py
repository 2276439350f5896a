"""How far predictions are to be believed: how well they rank, and whether they come true."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from sklearn.metrics import brier_score_loss, roc_auc_score

if TYPE_CHECKING:
    from insights.arrays import Floats, Ints

BINS = 10


class Bin(NamedTuple):
    """Customers of about the same predicted probability."""

    customers: int
    predicted: float
    observed: float


class Quality(NamedTuple):
    """On customers, and a time, that the model had not seen."""

    customers: int
    silent: float
    """The share that fell silent."""

    auc: float | None
    """None where all of them did the same."""

    brier: float
    calibration: tuple[Bin, ...]


def quality(predicted: Floats, silent: Ints) -> Quality:
    """
    >>> told = quality(np.array([0.9, 0.8, 0.1, 0.2]), np.array([1, 1, 0, 0]))
    >>> told.auc, round(told.brier, 3)
    (1.0, 0.025)
    """
    both = 0 < silent.sum() < len(silent)
    return Quality(
        len(silent),
        float(silent.mean()) if len(silent) else 0.0,
        float(roc_auc_score(silent, predicted)) if both else None,
        float(brier_score_loss(silent, predicted, labels=[0, 1])) if len(silent) else 0.0,
        _calibration(predicted, silent),
    )


def _calibration(predicted: Floats, silent: Ints) -> tuple[Bin, ...]:
    """As many customers in each bin, as nearly as can be."""
    order = np.argsort(predicted, kind="stable")
    return tuple(
        Bin(len(rows), float(predicted[rows].mean()), float(silent[rows].mean()))
        for rows in np.array_split(order, BINS)
        if len(rows)
    )
