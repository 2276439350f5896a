"""A boosted-tree model of silence, tested on a time after everything that it learned from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import xxhash
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from insights.churn.examples import SILENT_DAYS
from stream.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from insights.arrays import Floats, Ints
    from insights.churn.examples import Examples

LEAST_EXAMPLES = 200
MOST_EXAMPLES = 200_000
TESTED_SHARE = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Tested:
    """What a model said of customers at an instant whose answers it did not know."""

    instant_ms: int
    customers: tuple[str, ...]
    predicted: Floats
    silent: Ints
    in_time: bool
    """It had learned from earlier instants only; False where there were too few, and other
    customers of the same instant were held out."""


@dataclass(frozen=True, slots=True, eq=False)
class ChurnModel:
    """Learned from all examples; `tested` is what one like it did that had learned less."""

    trees: HistGradientBoostingClassifier
    trained_on: int
    """Customers."""

    tested: Tested

    def predict(self, table: Floats) -> Floats:
        """The probability that each falls silent."""
        return _predicted(self.trees, table)


def fit_churn(past: Sequence[Examples]) -> ChurnModel:
    """From pasts of any order. Tested on the last of them by what was known at its instant."""
    last = max(past, key=lambda one: one.instant_ms, default=None)
    if last is None or sum(len(one.silent) for one in past) < LEAST_EXAMPLES:
        raise InputError(
            f"{LEAST_EXAMPLES} customers are needed of whom is known whether they bought in the "
            f"{SILENT_DAYS} days after a snapshot: come back later, or take snapshots more often"
        )
    table, silent = _together(past)
    return ChurnModel(_fit(table, silent), len(silent), _tested(past, last))


def _tested(past: Sequence[Examples], last: Examples) -> Tested:
    """On the last instant, by what was known then; else on customers of it that are held out."""
    earlier = [one for one in past if one.known_ms <= last.instant_ms]
    in_time = sum(len(one.silent) for one in earlier) >= LEAST_EXAMPLES
    held = np.ones(len(last.silent), np.bool_) if in_time else _held_out(last)
    learned = _together(earlier) if in_time else (last.table[~held], last.silent[~held])
    return Tested(
        last.instant_ms,
        tuple(one for one, tested in zip(last.customers, held, strict=True) if tested),
        _predicted(_fit(*learned), last.table[held]),
        last.silent[held],
        in_time,
    )


def _together(past: Sequence[Examples]) -> tuple[Floats, Ints]:
    """Of each instant the same share, where they are too many."""
    table = np.concatenate([one.table for one in past])
    silent = np.concatenate([one.silent for one in past])
    step = max(1, -(-len(silent) // MOST_EXAMPLES))
    return table[::step], silent[::step]


def _fit(table: Floats, silent: Ints) -> HistGradientBoostingClassifier:
    trees = HistGradientBoostingClassifier(
        learning_rate=0.06,
        max_iter=150,
        max_leaf_nodes=15,
        min_samples_leaf=30,
        l2_regularization=1.0,
        early_stopping=False,
        random_state=0,
    )
    with threadpool_limits(1):
        return trees.fit(table, silent)


def _predicted(trees: HistGradientBoostingClassifier, table: Floats) -> Floats:
    """Where all examples did the same, that is what is predicted."""
    if not len(table):
        return np.empty(0)
    with threadpool_limits(1):
        chances = trees.predict_proba(table)
    return np.asarray(
        chances[:, list(trees.classes_).index(1)] if 1 in trees.classes_ else 0.0 * chances[:, 0]
    )


def _held_out(past: Examples) -> np.ndarray:
    """By the customers' ids: the same ones each time."""
    share = [xxhash.xxh3_64_intdigest(one.encode()) / 2.0**64 for one in past.customers]
    return np.array(share) < TESTED_SHARE
