"""How sure it is that segments differ in a feature, and how much: a test and an effect size each.

With thousands of customers every difference is significant: the effect says whether it matters. A
feature that the fit compared customers by differs because segments were made so; its p-value says
nothing, and it is marked.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from snapshot.explaining.features import known_features
from snapshot.explaining.profiles import members_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from snapshot.batch_fit import BatchFit
    from snapshot.moment import Moment
    from stream.model.arrays import Floats, Ints
    from stream.profile.feature_table import Feature

MOST_CUSTOMERS = 20_000
"""Tested: of more every nth, in the order of their ids. Effects hardly change beyond, and sorting
a million customers by fifty features takes a minute."""

LEAST_EXPECTED = 5.0
"""Customers in a cell, below which chi² isn't to be trusted: rarer values are taken together."""


class Method(StrEnum):
    """What was asked."""

    KRUSKAL_WALLIS = "Kruskal-Wallis"
    """Of numbers: whether some segments' ranks are higher. The effect is epsilon²."""

    CHI_SQUARED = "chi²"
    """Of values without an order: whether some are commoner in some segments. The effect is
    Cramér's V."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One feature."""

    feature: str
    method: Method
    statistic: float
    p: float
    """Corrected by Holm's way for all features that were tested."""

    effect: float
    """From 0 (no difference) to 1 (the segment says all): epsilon² or Cramér's V."""

    in_fit: bool
    """Whether segments were made by it, so that they cannot but differ."""

    @property
    def matters(self) -> bool:
        """Surely there, and not small: p under 0.05 and the usual bound of a medium effect."""
        medium = 0.06 if self.method is Method.KRUSKAL_WALLIS else 0.3
        return self.p < 0.05 and self.effect >= medium


def significance(
    moment: Moment, fit: BatchFit, labels: Mapping[str, Sequence[str | None]] | None = None
) -> tuple[Difference, ...]:
    """Every feature of the moment's table, the largest effect first; those that can't be tested
    (the same for everybody, fewer than two segments) are left out.

    `labels` are of all customers of the moment, such as their countries.
    """
    members = members_of(fit)
    rows = np.flatnonzero(members >= 0)
    rows = rows[:: max(1, -(-len(rows) // MOST_CUSTOMERS))]
    customers = np.flatnonzero(fit.active)[rows]
    table = moment.table
    values = {name: table.columns([name])[customers, 0] for name in table.names}
    words = {
        name: [said[customer] for customer in customers.tolist()]
        for name, said in (labels or {}).items()
    }
    axes = {feature.name for feature in fit.lens.features}
    return differences(members[rows], values, words, axes)


def differences(
    segments: Ints,
    features: Mapping[str, Floats],
    labels: Mapping[str, Sequence[str | None]],
    axes: Collection[str],
) -> tuple[Difference, ...]:
    """The same of any customers: a row each, with the number of its segment. `axes` are the
    features that segments were made by."""
    found = [
        Difference(name, method, statistic, p, effect, name in axes)
        for name, (method, statistic, p, effect) in _tested(segments, features, labels)
    ]
    corrected = holm([one.p for one in found])
    sure = [replace(one, p=p) for one, p in zip(found, corrected, strict=True)]
    return tuple(sorted(sure, key=lambda one: (-one.effect, one.feature)))


def holm(ps: Sequence[float]) -> list[float]:
    """Corrected for their number: the chance that any of them is false stays where it was.

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    corrected, largest = [0.0] * len(ps), 0.0
    for rank, place in enumerate(sorted(range(len(ps)), key=ps.__getitem__)):
        largest = max(largest, min((len(ps) - rank) * ps[place], 1.0))
        corrected[place] = largest
    return corrected


def _tested(
    segments: Ints, features: Mapping[str, Floats], labels: Mapping[str, Sequence[str | None]]
) -> Iterator[tuple[str, tuple[Method, float, float, float]]]:
    known = known_features(tuple(features))
    for name, values in features.items():
        without_order = _without_order(known.get(name), values)
        found = _chi_squared(values, segments) if without_order else _kruskal(values, segments)
        if found:
            yield name, found
    for name, said in labels.items():
        words = np.array([one or "" for one in said])
        if found := _chi_squared(words, segments):
            yield name, found


def _without_order(feature: Feature | None, values: Floats) -> bool:
    """Months go round, and two values are a yes and a no."""
    return (feature is not None and feature.unit == "month") or len(np.unique(values)) <= 2


def _kruskal(values: Floats, segments: Ints) -> tuple[Method, float, float, float] | None:
    from scipy.stats import kruskal

    groups = [values[segments == segment] for segment in np.unique(segments).tolist()]
    if len(groups) < 2 or values.min(initial=math.inf) == values.max(initial=-math.inf):
        return None
    statistic, p = (float(each) for each in kruskal(*groups))
    return Method.KRUSKAL_WALLIS, statistic, p, min(statistic / (len(values) - 1), 1.0)


def _chi_squared(values: np.ndarray, segments: Ints) -> tuple[Method, float, float, float] | None:
    from scipy.stats import chi2_contingency

    table = _pooled(_counts(values, segments))
    if min(table.shape) < 2:
        return None
    statistic, p = (float(each) for each in chi2_contingency(table, correction=False)[:2])
    most = table.sum() * (min(table.shape) - 1)
    return Method.CHI_SQUARED, statistic, p, math.sqrt(min(statistic / most, 1.0))


def _counts(values: np.ndarray, segments: Ints) -> Ints:
    """A row a segment, a column a value."""
    _, rows = np.unique(segments, return_inverse=True)
    _, columns = np.unique(values, return_inverse=True)
    shape = int(rows.max(initial=-1)) + 1, int(columns.max(initial=-1)) + 1
    return np.bincount(rows * shape[1] + columns, minlength=shape[0] * shape[1]).reshape(shape)


def _pooled(table: Ints) -> Ints:
    """The rare values as one, where some segment would expect too few of them."""
    if not table.size:
        return table
    smallest = table.sum(axis=1).min() / table.sum()
    rare = table.sum(axis=0) * smallest < LEAST_EXPECTED
    others = table[:, rare].sum(axis=1, keepdims=True)
    kept = table[:, ~rare]
    return np.hstack([kept, others]) if others.sum() else kept
