"""A compiled lens keeps the model's segments, and carries codes from version to version."""

import numpy as np
import pytest

from stream.errors import FeatureError
from stream.model.arrays import GONE, NONE, Shapes
from stream.model.lens import compile_lens
from stream.model.standing import no_standings, recode
from tests.stream.model.models import plain_lens, value_lens


def test_learned_segments_come_first_then_those_of_rules() -> None:
    lens = compile_lens(value_lens(numbers=(2, 1, 2)), 7)
    names = [segment.name for segment in lens.segments]
    assert names == ["Segment 2", "Segment 1", "Dormant", "No net spend"]
    assert lens.shapes.segments.tolist() == [0, 1, 0]
    assert lens.arrays.knobs.learned == 2
    assert lens.segment(NONE) is None
    assert (lens.name, lens.version) == ("value", 7)


def test_the_spend_that_a_rule_reads_is_needed_though_it_is_no_axis() -> None:
    axes = value_lens().features[:1]
    centroid = value_lens().centroids[0].model_copy(update={"position": (0.0,)})
    model = value_lens().model_copy(update={"features": axes, "centroids": (centroid,)})
    lens = compile_lens(model, 1)
    assert lens.needs == ("orders_d90", "spend_d90")
    assert lens.arrays.rules.spend_column == 1
    assert lens.space.dimensions == 1


def test_standings_find_their_segments_in_the_next_version() -> None:
    old = compile_lens(plain_lens([[0.0], [1.0], [2.0]], [1, 2, 3]), 1)
    new = compile_lens(plain_lens([[0.0], [1.0], [2.0]], [4, 3, 1]), 2)
    assert old.codes_in(new).tolist() == [2, GONE, 1]
    stands = no_standings(4)
    stands["segment"], stands["left"] = [0, 1, 2, NONE], [NONE, GONE, 1, 0]
    carried = recode(stands, old.codes_in(new))
    assert carried["segment"].tolist() == [2, GONE, 1, NONE]
    assert carried["left"].tolist() == [NONE, GONE, GONE, 2]


def test_centroids_from_a_block_take_the_models_place() -> None:
    lens = compile_lens(plain_lens([[0.0], [1.0]]), 1)
    moved = lens.with_positions(np.array([[0.5], [1.5]]))
    assert moved.shapes.positions.tolist() == [[0.5], [1.5]]
    assert lens.shapes.positions.tolist() == [[0.0], [1.0]]


@pytest.mark.parametrize("positions", [np.ones((2, 3)), np.array([[np.nan]]), np.empty((0, 1))])
def test_centroids_that_are_none_are_refused(positions: "np.typing.NDArray[np.float64]") -> None:
    lens = compile_lens(plain_lens([[0.0]]), 1)
    with pytest.raises(FeatureError, match="centroids"):
        lens.with_shapes(Shapes(positions, np.zeros(len(positions), np.int64)))
