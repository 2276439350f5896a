"""How much of what customers spend next their segments say, beside RFM and beside all there is.

For customers in a learned segment: the variance of the logarithm of the next 90 days' net spend
that is explained on customers who were left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.quality.aims import Aim, Table
from snapshot.choices import choices_of
from snapshot.clusterers.one_thread import one_thread
from snapshot.refitting import refit
from stream.settings import Settings
from stream.settings.lenses import lens_specs
from stream.times import DAY_MS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.quality.lived import Lived
    from snapshot.moment import Moment
    from stream.model.arrays import Floats, Ints

AHEAD_DAYS = 91
"""Thirteen weeks: snapshots lie a week apart."""

INSTANTS = 6
"""At most so many, evenly spread."""

FOLDS = 5
LENS = "value"
RFM = ("recency_days", "orders_w90", "spend_w90")

AIMS = (
    Aim("over_rfm", "explained by segments, over RFM's", 1.05),
    Aim("over_ceiling", "explained by segments, over boosted trees on everything", 0.85),
    Aim("segments", "variance explained by segments"),
    Aim("rfm", "… by as many segments of RFM over 90 days"),
    Aim("ceiling", "… by boosted trees on every feature"),
    Aim("instants", "instants looked at"),
)


def measured(lives: Sequence[Lived], reported: frozenset[str]) -> Table:
    says = (
        "The variance of log(1 + net spend of the next 90 days) that is explained, five-fold "
        "cross-validated, for active customers; RFM is k-means on days since the last order, "
        "orders and money of the last 90 days, with as many segments."
    )
    columns = {life.name: _figures(life) for life in lives}
    return Table("Saying what comes", says, AIMS, columns, reported)


def _figures(life: Lived) -> dict[str, float | None]:
    all_pairs = _pairs(life)
    if not all_pairs:
        return {}
    places = np.linspace(0, len(all_pairs) - 1, min(INSTANTS, len(all_pairs))).round().astype(int)
    pairs = [all_pairs[place] for place in places.tolist()]
    found = np.array([_explained(now, later) for now, later in pairs]).mean(axis=0)
    segments, rfm, ceiling = found.tolist()
    return {
        "segments": segments,
        "rfm": rfm,
        "ceiling": ceiling,
        "over_rfm": segments / rfm if rfm > 0 else None,
        "over_ceiling": segments / ceiling if ceiling > 0 else None,
        "instants": float(len(pairs)),
    }


def _pairs(life: Lived) -> list[tuple[Moment, Moment]]:
    """Moments with a model, and the ones 90 days after them."""
    at = {one.moment.instant_ms: one.moment for one in life.seen}
    return [
        (moment, at[instant_ms + AHEAD_DAYS * DAY_MS])
        for instant_ms, moment in at.items()
        if LENS in moment.lenses and instant_ms + AHEAD_DAYS * DAY_MS in at
    ]


def _explained(now: Moment, later: Moment) -> tuple[float, float, float]:
    lens = now.lenses[LENS]
    learned = set(lens.running[0].segments)
    codes = [code for code, segment in enumerate(lens.segments) if segment.id in learned]
    moment = now.of(np.isin(lens.published, codes))
    target = _next_spend(moment, later)
    folds = np.random.default_rng(0).integers(0, FOLDS, len(target))
    segments = moment.lenses[LENS].published
    rfm = _rfm_labels(moment, len(codes))
    return (
        _by_group(segments, target, folds),
        _by_group(rfm, target, folds),
        _by_trees(moment.table.features, target, folds),
    )


def _next_spend(moment: Moment, later: Moment) -> Floats:
    then = dict(zip(later.table.ids, later.table.columns(["spend"])[:, 0].tolist(), strict=True))
    before = moment.table.columns(["spend"])[:, 0]
    after = np.array([then[customer] for customer in moment.table.ids])
    spend: Floats = np.log1p(np.maximum(after - before, 0.0))
    return spend


def _rfm_labels(moment: Moment, k: int) -> Ints:
    lenses = {"rfm": {"features": list(RFM), "k": k, "no_net_spend": False, "dormant_days": 36_500}}
    settings = Settings.model_validate({"lenses": lenses})
    (spec,) = lens_specs(settings)
    fit = refit(moment, spec, None, choices_of(settings)).fit
    return fit.labels


def _by_group(groups: Ints, target: Floats, folds: Ints) -> float:
    predicted = np.empty(len(target))
    for fold in range(FOLDS):
        known = folds != fold
        sizes = np.bincount(groups[known], minlength=groups.max() + 1)
        sums = np.bincount(groups[known], target[known], groups.max() + 1)
        means = np.where(sizes > 0, sums / np.maximum(sizes, 1), target[known].mean())
        predicted[~known] = means[groups[~known]]
    return _r2(target, predicted)


def _by_trees(features: Floats, target: Floats, folds: Ints) -> float:
    """Held back as far as so few customers need it: trees that learn them by heart say less."""
    from sklearn.ensemble import HistGradientBoostingRegressor

    predicted = np.empty(len(target))
    with one_thread():
        for fold in range(FOLDS):
            known = folds != fold
            trees = HistGradientBoostingRegressor(
                max_iter=80,
                learning_rate=0.06,
                max_leaf_nodes=8,
                min_samples_leaf=40,
                l2_regularization=5.0,
                random_state=0,
            )
            predicted[~known] = trees.fit(features[known], target[known]).predict(features[~known])
    return _r2(target, predicted)


def _r2(target: Floats, predicted: Floats) -> float:
    left = float(((target - predicted) ** 2).sum())
    return 1.0 - left / float(((target - target.mean()) ** 2).sum())
