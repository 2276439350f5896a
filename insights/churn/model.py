"""A boosted-tree model of silence, tested on a time after everything that it learned from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import xxhash
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from insights.churn.quality import quality
from stream.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from insights.arrays import Floats
    from insights.churn.examples import Examples
    from insights.churn.quality import Quality

LEAST_EXAMPLES = 200
MOST_EXAMPLES = 200_000
TESTED_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class ChurnModel:
    """Learned from all examples; `tested` is what one like it did that had learned less."""

    trees: HistGradientBoostingClassifier
    tested: Quality
    tested_in_time: bool
    """False: there was one instant only, so other customers of the same time were held out."""

    def predict(self, table: Floats) -> Floats:
        """The probability that each falls silent."""
        return _predicted(self.trees, table)


def fit_churn(past: Sequence[Examples]) -> ChurnModel:
    """From pasts of any order. Tested on the last of them by what was known at its instant."""
    last = max(past, key=lambda one: one.instant_ms, default=None)
    if last is None or sum(len(one.silent) for one in past) < LEAST_EXAMPLES:
        raise InputError(
            f"churn needs {LEAST_EXAMPLES} customers seen at an instant and again 90 days later: "
            "keep snapshots for longer (history.keep_days), or come back later"
        )
    earlier = [one for one in past if one.known_ms <= last.instant_ms]
    in_time = sum(len(one.silent) for one in earlier) >= LEAST_EXAMPLES
    if in_time:
        trees, tested = _fit(earlier), (last.table, last.silent)
    else:
        held = _held_out(last)
        trees = _fit_on(last.table[~held], last.silent[~held])
        tested = (last.table[held], last.silent[held])
    told = quality(_predicted(trees, tested[0]), tested[1])
    return ChurnModel(_fit(past), told, in_time)


def _fit(past: Sequence[Examples]) -> HistGradientBoostingClassifier:
    table = np.concatenate([one.table for one in past])
    silent = np.concatenate([one.silent for one in past])
    step = -(-len(silent) // MOST_EXAMPLES)
    return _fit_on(table[::step], silent[::step])


def _fit_on(table: Floats, silent: np.ndarray) -> HistGradientBoostingClassifier:
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
