"""What is measured of a lens is what others' code says of the same customers."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from snapshot.drift import lens_drift
from stream.contracts.drift import DriftReport
from tests.snapshot.drift.shop import (
    LENS,
    SEGMENTS,
    Shop,
    Week,
    distances,
    drift_of,
    report_of,
    weeks_of,
    with_running,
)

if TYPE_CHECKING:
    from stream.model.arrays import Floats


@lru_cache
def weeks() -> list[Week]:
    return weeks_of(Shop(customers=600), 6)


def centres_of(week: Week) -> Floats:
    return np.array([centroid.position for centroid in week.running.centroids])


def test_centroids_that_are_the_batchs_agree_in_everything() -> None:
    last = weeks()[-1]
    batch = np.array([centroid.position for centroid in last.fit.lens.centroids])
    found = drift_of([*weeks()[:-1], with_running(last, [batch])])
    assert found.agreement is not None
    assert (found.agreement.share, found.agreement.ari) == (1.0, 1.0)
    assert found.inertia_ratio == pytest.approx(1.0)
    assert [segment.centroid_distance for segment in found.segments[:SEGMENTS]] == [0.0] * 4
    assert found.partition_spread is None


def test_agreement_and_inertia_are_what_numpy_and_scikit_learn_say() -> None:
    last = weeks()[-1]
    astray = with_running(last, [centres_of(last) + 0.3])
    found = drift_of([*weeks()[:-1], astray])
    there = distances(last.running, last.fit.points - 0.3)
    labels = there.argmin(axis=1)
    assert found.agreement is not None
    assert found.agreement.share == pytest.approx((labels == last.fit.labels).mean())
    assert found.agreement.ari == pytest.approx(adjusted_rand_score(last.fit.labels, labels))
    least = distances(last.fit.lens, last.fit.points).min(axis=1)
    ratio = (there.min(axis=1) ** 2).sum() / (least**2).sum()
    assert found.inertia_ratio == pytest.approx(ratio)
    published = last.moment.lenses[LENS].published
    assert found.published_agreement is not None
    assert found.published_agreement.share == pytest.approx((published == last.fit.labels).mean())


def test_tracking_gain_is_agreement_less_that_of_the_centroids_as_published() -> None:
    last = weeks()[-1]
    frozen = drift_of([last])
    assert frozen.tracking_gain == 0.0
    found = drift_of([with_running(last, [centres_of(last) + 0.5])])
    assert found.agreement is not None
    assert frozen.agreement is not None
    gain = found.agreement.share - frozen.agreement.share
    assert found.tracking_gain == pytest.approx(gain)
    assert gain < 0
    assert found.tracking_noise is not None
    assert found.tracking_noise > 0


def test_each_partition_is_held_against_its_own_centroids() -> None:
    last = weeks()[-1]
    centres = centres_of(last)
    away = np.zeros_like(centres)
    away[1] = [0.0, 3.0, 4.0]
    found = drift_of([with_running(last, [centres, centres + away])])
    assert found.partition_spread == pytest.approx(5.0)
    same = drift_of([with_running(last, [centres, centres])])
    assert same.agreement == drift_of([last]).agreement
    assert same.partition_spread == 0.0


def test_a_promotion_moves_whom_the_transition_rule_lets_go() -> None:
    last = weeks()[-1]
    published = last.moment.lenses[LENS].published
    away = distances(last.fit.lens, last.fit.points)
    rows = np.arange(len(published))
    moves = away[rows, published] > 1.1 * away.min(axis=1)
    assert drift_of([last]).relabelled == pytest.approx(moves.mean())


def test_features_are_compared_with_the_moment_of_the_fit() -> None:
    first, last = weeks()[0], weeks()[-1]
    found = drift_of(weeks(), first.moment)
    assert [feature.feature for feature in found.features] == [
        "orders_d90",
        "spend_d90",
        "lines_d90",
    ]
    for axis, feature in enumerate(found.features):
        means = [np.log1p(week.moment.table.features[:, axis]).mean() for week in (first, last)]
        assert [feature.before, feature.after] == pytest.approx(means)
        assert feature.split is not None
        parts = feature.split.mix + feature.split.behaviour + feature.split.model
        assert parts == pytest.approx(feature.after - feature.before, abs=1e-12)
        assert feature.psi_interval is not None
        assert feature.wasserstein is not None


def test_a_lens_that_nobody_ran_yet_is_measured_as_far_as_it_can_be() -> None:
    last = weeks()[-1]
    bare = replace(last.moment, lenses={})
    found = lens_drift(LENS, bare, [], last.running, last.fit)
    assert found.active_customers == 600
    assert found.agreement is None
    assert found.segments == ()


def test_a_first_report_has_nothing_to_compare_with() -> None:
    found = drift_of(weeks()[:1])
    assert found.shares_since is None
    assert all(segment.share_log_ratio is None for segment in found.segments)
    assert sum(segment.customers for segment in found.segments) == 600


def test_nobody_at_all_is_no_trouble() -> None:
    last = weeks()[-1]
    nobody = np.zeros(600, np.bool_)
    empty = replace(
        last.fit,
        active=nobody[:0],
        labels=last.fit.labels[nobody],
        points=last.fit.points[nobody],
        outlier_scores=last.fit.outlier_scores[nobody],
        outliers=nobody[:0],
    )
    past = [week.moment for week in weeks()[:-1]]
    found = lens_drift(LENS, last.moment.of(nobody), past, last.running, empty, None, past[0])
    assert found.active_customers == 0
    assert found.agreement is None


def test_the_same_moments_give_the_same_bytes() -> None:
    once, again = (report_of(weeks(), []).to_json() for _ in range(2))
    assert once == again
    assert DriftReport.from_json(once).to_json() == once
