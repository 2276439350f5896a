"""Centroids go into River's own object and come back to the bit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from snapshot.river_export import RiverExport, positions_of, river_export
from stream.errors import FeatureError, InputError, InvalidMessage
from stream.model.learning import learned
from tests.snapshot.logs import made_by_hand


def test_there_and_back_is_the_same_to_the_bit() -> None:
    export = river_export(made_by_hand(3), {"value": 2_000}, partition=1)
    assert RiverExport.from_json(export.to_json()) == export
    back = export.with_kmeans("value", export.kmeans("value"))
    assert back.lenses == export.model.lenses
    assert back.based_on == 3


def test_river_goes_on_as_the_task_would_have() -> None:
    export = river_export(made_by_hand(), {"value": 2_000})
    points = np.random.default_rng(1).normal(2, 2, (300, 3))
    kmeans: Any = export.kmeans("value")  # River's methods have no types
    for point in points.tolist():
        kmeans.learn_one(dict(enumerate(point)))
    after = positions_of(export.with_kmeans("value", kmeans).lenses[0])
    before = positions_of(export.model.lenses[0])
    step = 1.5 * 3 / 2_000
    assert after.tobytes() == learned(before, points, np.arange(300), step).tobytes()


def test_a_lens_that_it_does_not_have_is_refused() -> None:
    with pytest.raises(InputError, match="no lens 'habits': it has value"):
        river_export(made_by_hand(), {"value": 5}).kmeans("habits")


def test_centroids_of_another_shape_are_refused() -> None:
    export = river_export(made_by_hand(), {"value": 5})
    kmeans = export.kmeans("value")
    del kmeans.centers[2]
    with pytest.raises(FeatureError, match="has 3 centroids of 3 coordinates, not 2 of 3"):
        export.with_kmeans("value", kmeans)


def test_a_file_that_leaves_a_lens_out_is_refused() -> None:
    export = river_export(made_by_hand(), {"value": 5})
    other = export.to_json().replace(b'"lens":"value","active"', b'"lens":"other","active"')
    with pytest.raises(InvalidMessage, match="lenses should be those of the model"):
        RiverExport.from_json(other)
