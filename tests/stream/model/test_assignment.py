"""The nearest segment, how far, how sure: equal to plain arithmetic, one by one and all at once."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stream.contracts.lens import LensModel
from stream.model.arrays import Shapes
from stream.model.assignment import (
    LARGEST_MARGIN,
    assign,
    distance_to,
    margin_between,
    measure,
    nearest_of,
    posterior,
)
from stream.model.lens import compile_lens
from stream.model.reference import sum_in_order
from tests.stream.model.models import coordinates, lenses


@given(lenses(), st.data())
def test_all_at_once_gives_the_same_bits_as_one_by_one_and_as_plain_python(
    model: LensModel, data: st.DataObject
) -> None:
    lens = compile_lens(model, 1)
    shapes, variance = lens.shapes, lens.arrays.knobs.variance
    point = st.tuples(*[coordinates] * lens.space.dimensions)
    points = np.array(data.draw(st.lists(point, min_size=1, max_size=5)))
    found = assign(shapes, points, variance)
    squared = np.empty(len(shapes.segments))
    for row, point_ in enumerate(points):
        nearest = measure(shapes.positions, point_, squared)
        assert found.centroid[row] == nearest == int(np.argmin(squared))
        assert found.distances[row].tolist() == [math.sqrt(away) for away in plain(shapes, point_)]
        assert found.segment[row] == shapes.segments[nearest]
        sure = posterior(shapes.segments, squared, int(found.segment[row]), variance)
        assert found.confidence[row] == sure
        assert 0.0 < sure <= 1.0


def plain(shapes: Shapes, point: "np.typing.NDArray[np.float64]") -> list[float]:
    return [
        sum_in_order([(x - c) * (x - c) for x, c in zip(point.tolist(), centre, strict=True)])
        for centre in shapes.positions.tolist()
    ]


def test_of_equally_near_centroids_the_first_counts() -> None:
    shapes = Shapes(np.array([[1.0], [-1.0], [1.0]]), np.array([0, 1, 2]))
    assert assign(shapes, np.array([[0.0], [1.0]]), 1.0).centroid.tolist() == [0, 0]


def test_confidence_is_the_posterior_of_equal_gaussians() -> None:
    shapes = Shapes(np.array([[0.0], [3.0]]), np.array([0, 1]))
    density = [math.exp(-(1.0**2) / (2 * 0.5)), math.exp(-(2.0**2) / (2 * 0.5))]
    expected = density[0] / sum(density)
    assert assign(shapes, np.array([[1.0]]), 0.5).confidence[0] == pytest.approx(expected)


def test_half_way_between_two_segments_confidence_is_half() -> None:
    shapes = Shapes(np.array([[0.0], [2.0]]), np.array([0, 1]))
    assert assign(shapes, np.array([[1.0]]), 0.5).confidence[0] == 0.5


def test_far_from_everything_confidence_is_still_a_number() -> None:
    shapes = Shapes(np.array([[0.0], [1.0]]), np.array([0, 1]))
    assert assign(shapes, np.array([[1e9]]), 0.5).confidence[0] == 1.0


def test_a_larger_variance_makes_less_sure() -> None:
    shapes = Shapes(np.array([[0.0], [3.0]]), np.array([0, 1]))
    narrow, wide = (assign(shapes, np.array([[1.0]]), v).confidence[0] for v in (0.5, 5.0))
    assert wide < narrow


def test_a_segment_of_several_centroids_is_as_near_as_the_nearest_and_as_likely_as_all() -> None:
    shapes = Shapes(np.array([[0.0], [4.0], [1.0]]), np.array([0, 1, 0]))
    squared = np.empty(3)
    measure(shapes.positions, np.array([2.0]), squared)
    assert nearest_of(shapes.segments, squared, 0) == 2
    assert distance_to(shapes.segments, squared, 0) == 1.0
    one, both = (
        posterior(segments, squared, 0, 1.0) for segments in map(np.array, ([0, 1, 2], [0, 1, 0]))
    )
    assert both > one


def test_a_segment_without_a_centroid_is_infinitely_far() -> None:
    assert distance_to(np.array([0, 1]), np.array([1.0, 2.0]), 5) == math.inf


@given(st.floats(0, 1e9), st.floats(1e-6, 1e9))
def test_the_margin_is_the_ratio_of_the_distances_less_one(previous: float, current: float) -> None:
    assert margin_between(previous, current) == min(previous / current - 1.0, LARGEST_MARGIN)


def test_on_the_centroid_the_margin_is_the_largest_that_is_said() -> None:
    assert margin_between(1.0, 0.0) == LARGEST_MARGIN
    assert margin_between(0.0, 0.0) == 0.0
