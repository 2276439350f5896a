"""Centroids go into River's KMeans and come back, and both go on learning the same."""

from typing import Any

import numpy as np
import pytest
from river import cluster

from stream.errors import FeatureError
from stream.model.learning import learned
from stream.model.river_objects import as_river, from_river, to_river

RNG = np.random.default_rng(11)


def test_a_model_taken_out_learns_on_as_the_task_does_and_can_be_put_back() -> None:
    positions, points = RNG.normal(0, 2, (4, 3)), RNG.normal(0, 2, (900, 3))
    step, order = 0.01, RNG.permutation(900)
    halfway = learned(positions, points, order[:450], step)
    model: Any = to_river(halfway, step)
    for row in order[450:]:
        model.learn_one(as_river(points[row]))
    in_task = learned(positions, points, order, step)
    assert from_river(model).tobytes() == in_task.tobytes()
    assert learned(from_river(model), points, order, step).tobytes() == (
        learned(in_task, points, order, step).tobytes()
    )


def test_there_and_back_nothing_changes() -> None:
    positions = RNG.normal(0, 2, (3, 12))
    model = to_river(positions, 0.25)
    assert from_river(model).tobytes() == positions.tobytes()
    assert (model.n_clusters, model.halflife) == (3, 0.25)


def test_the_object_is_rivers_own() -> None:
    assert type(to_river(np.zeros((2, 2)), 0.1)) is cluster.KMeans


def test_a_model_that_never_learned_has_no_centroids_to_take() -> None:
    with pytest.raises(FeatureError, match="features 0, 1, 2"):
        from_river(cluster.KMeans(n_clusters=2, seed=1))


def test_a_model_with_named_features_is_refused() -> None:
    model: Any = cluster.KMeans(n_clusters=1, seed=1)
    model.learn_one({"spend": 1.0})
    with pytest.raises(FeatureError, match="features 0, 1, 2"):
        from_river(model)


def test_a_model_that_was_taught_a_nan_is_refused() -> None:
    model: Any = to_river(np.zeros((1, 1)), 0.5)
    model.learn_one({0: float("nan")})
    with pytest.raises(FeatureError, match="NaN or infinite"):
        from_river(model)
