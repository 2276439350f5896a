"""Where customers stand: how sure that is, by the centroids of their own partition."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.backtest.standing import USUAL_SHARE, standing
from snapshot.active import are_active
from stream.model.arrays import NONE
from stream.model.space import space_of
from tests.app.backtest.shops import live

if TYPE_CHECKING:
    from app.backtest.run import Run


@pytest.fixture(scope="module")
def lived() -> Run:
    return live(partitions=2)


def test_confidence_is_the_posterior_of_the_published_segment(lived: Run) -> None:
    moment = lived.moment(lived.tasks.event_ms)
    assert lived.models.last is not None
    lens = lived.models.last.lenses[-1]
    assert lens.lens == "value"
    found = standing(moment, lens, 0.0)
    at, space = moment.lenses["value"], space_of(lens.features)
    points = space.project(moment.table.columns(space.needs))
    learned = 0
    for row, code in enumerate(at.published.tolist()):
        running = at.running[int(moment.partition[row])]
        assert found.published[row] == (None if code == NONE else at.segments[code])
        if code == NONE or at.segments[code].id not in running.segments:
            assert math.isnan(found.confidence[row])
            continue
        weights = [
            math.exp(-sum((points[row] - place) ** 2) / (2 * lens.pooled_variance))
            for place in running.positions
        ]
        own = weights[running.segments.index(at.segments[code].id)]
        assert found.confidence[row] == pytest.approx(own / sum(weights), rel=1e-9)
        learned += 1
    assert learned > 100


def test_few_are_outliers_and_only_of_those_who_are_fitted_on(lived: Run) -> None:
    moment = lived.moment(lived.tasks.event_ms)
    assert lived.models.last is not None
    lens = lived.models.last.lenses[-1]
    active = are_active(moment.table, lens.rule_segments)
    usual, many = standing(moment, lens, 0.0), standing(moment, lens, 0.1)
    np.testing.assert_array_equal(np.isnan(usual.outlier_scores), ~active)
    assert not usual.outliers[~active].any()
    assert 0 < usual.outliers.sum() <= USUAL_SHARE * active.sum()
    assert usual.outliers.sum() < many.outliers.sum() <= 0.1 * active.sum()
