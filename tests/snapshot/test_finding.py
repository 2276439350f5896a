"""How many segments there are is asked once more when a shop has settled in, seldom after that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from snapshot.choosing import MOST
from snapshot.finding import Start, find
from tests.snapshot.crowds import CHOICES
from tests.snapshot.planted import planted
from tests.snapshot.shops import specs

if TYPE_CHECKING:
    from stream.model.arrays import Floats

SQUARE = ((0.0, 0.0), (0.0, 6.0), (6.0, 0.0), (6.0, 6.0))
"""Whichever two of four go together, another two might."""

MIDDLES = ((0.0, 3.0), (6.0, 0.0), (6.0, 6.0))


def around(places: tuple[tuple[float, ...], ...]) -> Floats:
    return np.random.default_rng(0).normal(np.repeat(places, 60, axis=0), 0.5)


def found(middles: tuple[tuple[float, ...], ...], points: Floats, **settings: object) -> int:
    """How many segments are found from there. Nobody lies wider apart than they did."""
    (spec,) = specs(clusterer_parameters={"starts": 3}, **settings)
    young, old = (
        find(points, spec, Start(np.array(middles), 1e9, settles_in), CHOICES)
        for settles_in in (True, False)
    )
    assert len(old.centres) == len(middles)
    assert not old.fresh
    assert young.fresh == (len(young.centres) != len(middles))
    if young.fresh:
        assert young.stability is not None
        assert young.stability > 0.95
        assert young.least_inertia == pytest.approx(0.5, abs=0.1)
    return len(young.centres)


def test_one_more_is_taken_where_those_that_run_are_found_no_more() -> None:
    assert found(MIDDLES, around(SQUARE)) == 4


def test_one_more_is_taken_where_both_are_found() -> None:
    """As at the first fit: as far up as each number more holds."""
    four = ((0.0, 0.0), (0.0, 3.0), (9.0, 0.0), (18.0, 9.0))
    assert found(((0.0, 1.5), *four[2:]), around(four)) == 4


def test_a_certain_number_stays_whatever_else_is_found() -> None:
    points, _ = planted(3, 60)
    places = ((0.0, 0.0, 0.0), (6.0, 0.0, 0.0), (0.0, 6.0, 6.0))
    assert found(places, points) == 3


def test_one_more_has_to_hold_itself() -> None:
    points = np.random.default_rng(0).normal(0.0, 1.0, (200, 2))
    assert found(((1.0, 0.0), (-1.0, 1.0), (-1.0, -1.0)), points) == 3


def test_a_number_that_was_said_is_not_asked() -> None:
    assert found(MIDDLES, around(SQUARE), k=3) == 3


def test_there_are_never_more_than_are_tried() -> None:
    ring = [(np.cos(turn), np.sin(turn)) for turn in np.arange(MOST + 1) * 2 * np.pi / (MOST + 1)]
    places = tuple((float(9 * x), float(9 * y)) for x, y in ring)
    points = around(places)
    middles = (((places[0][0] + places[1][0]) / 2, (places[0][1] + places[1][1]) / 2), *places[2:])
    assert found(middles, points) == MOST
