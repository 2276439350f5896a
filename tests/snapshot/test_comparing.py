"""Two versions side by side, and an old one published again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from snapshot.comparing import differences, renewal_events
from snapshot.rolling_back import rolled_back
from stream.contracts.segment import SegmentRef
from stream.contracts.segment_event import Happened
from stream.errors import InputError
from tests.snapshot.logs import NOW, START, made_by_hand

if TYPE_CHECKING:
    from stream.contracts.lens import Centroid, LensModel
    from stream.contracts.model import SegmentModel

OLD = made_by_hand()
LENS = OLD.lenses[0]


def version(number: int, *centroids: Centroid, **fields: object) -> SegmentModel:
    lens = LENS.model_copy(update={"centroids": centroids or LENS.centroids})
    return OLD.model_copy(update={"version": number, "lenses": (lens,), **fields})


def changed(place: int, **fields: object) -> Centroid:
    return LENS.centroids[place].model_copy(update=fields)


def called(lens: str) -> LensModel:
    return LENS.model_copy(update={"lens": lens})


def test_what_came_went_moved_and_was_renamed() -> None:
    first, second, third = LENS.centroids
    further = tuple(value + 3.0 for value in second.position[:1]) + second.position[1:]
    renamed = SegmentRef(id=first.segment.id, name="Better")
    newborn = SegmentRef(id="value-9", name="New")
    newer = version(
        2,
        changed(0, segment=renamed),
        changed(1, position=further),
        changed(2, segment=newborn),
    )
    (lens,) = differences(OLD, newer)
    by_id = {one.id: one for one in lens.segments}
    assert by_id[second.segment.id].distance == pytest.approx(3.0)
    assert by_id[first.segment.id].distance == 0
    assert (by_id["value-9"].before, by_id[third.segment.id].after) == (None, None)
    told = {(one.segment.id, one.happened) for one in renewal_events(OLD, newer, NOW)}
    assert told == {
        (first.segment.id, Happened.RENAMED),
        ("value-9", Happened.BORN),
        (third.segment.id, Happened.RETIRED),
    }


def test_versions_that_are_alike_differ_in_nothing() -> None:
    (lens,) = differences(OLD, version(2))
    assert {one.distance for one in lens.segments} == {0.0}
    assert renewal_events(OLD, version(2), NOW) == ()


def test_how_far_a_centroid_went_is_told_in_the_newer_scale() -> None:
    """Twice the scale, half the position: the same place."""
    features = tuple(one.model_copy(update={"scale": one.scale * 2}) for one in LENS.features)
    centroids = tuple(
        one.model_copy(update={"position": tuple(value / 2 for value in one.position)})
        for one in LENS.centroids
    )
    lens = LENS.model_copy(update={"features": features, "centroids": centroids})
    newer = OLD.model_copy(update={"version": 2, "lenses": (lens,)})
    (found,) = differences(OLD, newer)
    assert [one.distance for one in found.segments] == pytest.approx([0.0] * 3)


def test_lenses_that_only_one_version_has_are_said() -> None:
    newer = OLD.model_copy(update={"version": 2, "lenses": (called("habits"),)})
    habits, value = differences(OLD, newer)
    assert (habits.lens, habits.before, value.lens, value.after) == ("habits", None, "value", None)
    assert all(one.distance is None for one in (*habits.segments, *value.segments))


def test_a_version_taken_back_keeps_what_came_since_and_says_whose_shape_it_has() -> None:
    second = version(2, instant=NOW).model_copy(
        update={"lenses": (called("value"), called("habits"))}
    )
    made = rolled_back([OLD, second], 1)
    assert (made.shape_of, made.based_on, made.instant) == (1, 2, NOW)
    assert [lens.lens for lens in made.lenses] == ["value", "habits"]
    assert made.lenses[0] == LENS
    assert START < NOW


def test_what_cannot_be_taken_back_is_said() -> None:
    with pytest.raises(InputError, match="nothing to take back"):
        rolled_back([OLD], 1)
    with pytest.raises(InputError, match="no version 3: 1 to 2"):
        rolled_back([OLD, version(2)], 3)
