"""Where segments run: on each customer's own partition, and over all of them on average."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from snapshot.running import learned_segments, nearest_running, present_positions
from stream.model.arrays import Shapes
from stream.model.assignment import assign
from stream.model.space import space_of
from tests.snapshot.crowds import moment, reconciled, three, under, with_running
from tests.stream.model.models import value_lens

if TYPE_CHECKING:
    from snapshot.moment import Moment
    from stream.contracts.model import SegmentModel
    from stream.model.arrays import Floats


def running() -> tuple[SegmentModel, Moment, Floats]:
    model = reconciled(moment(three())).model
    assert model is not None
    published = np.array([each.position for each in model.lenses[0].centroids])
    return model, under(moment(three(), 1, partitions=3), model, partitions=3), published


def test_everybody_is_compared_with_the_centroids_of_their_own_partition() -> None:
    model, at, published = running()
    rng = np.random.default_rng(0)
    theirs = {number: published + rng.normal(0, 0.5, (3, 3)) for number in range(3)}
    moved = with_running(at, theirs)
    (lens,) = model.lenses
    labels = nearest_running(moved, lens, 1, np.ones(len(at), np.bool_))
    space = space_of(lens.features)
    points = space.project(at.table.columns(space.needs))
    for number, positions in theirs.items():
        mine = at.partition == number
        oracle = ((points[mine, None] - positions) ** 2).sum(axis=2).argmin(axis=1)
        assert labels[mine].tolist() == oracle.tolist()


def test_positions_are_averaged_over_partitions_by_their_customers() -> None:
    model, at, published = running()
    moved = with_running(at, {0: published + 1.0, 1: published - 2.0})
    counts = np.bincount(at.partition)
    off = (counts[0] - 2.0 * counts[1]) / counts.sum()
    found = present_positions(moved, model.lenses[0], 1)
    assert found == pytest.approx(published + off)


def test_what_is_not_taken_up_yet_is_where_it_was_published() -> None:
    model, at, published = running()
    moved = with_running(at, {0: published + 1.0})
    assert present_positions(moved, model.lenses[0], 2).tolist() == published.tolist()
    assert present_positions(moment(three()), model.lenses[0], 1).tolist() == published.tolist()


def test_a_segment_with_several_centroids_is_one() -> None:
    lens = value_lens([(0, 0, 0), (5, 5, 5), (9, 9, 9)], numbers=[2, 1, 2])
    assert [segment.id for segment in learned_segments(lens)] == ["value-2", "value-1"]
    at = moment(three())
    labels = nearest_running(at, lens, 1, np.ones(len(at), np.bool_))
    space = space_of(lens.features)
    points = space.project(at.table.columns(space.needs))
    shapes = Shapes(np.array([each.position for each in lens.centroids]), np.array([0, 1, 0]))
    assert labels.tolist() == assign(shapes, points, 1.0).segment.tolist()
