"""How many segments there are is asked where customers lie far wider apart than they did."""

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
LINE = ((0.0, 0.0), (0.0, 3.0), (9.0, 0.0), (18.0, 9.0))
JOINED = ((0.0, 1.5), *LINE[2:])


def around(places: tuple[tuple[float, ...], ...]) -> Floats:
    return np.random.default_rng(0).normal(np.repeat(places, 60, axis=0), 0.5)


def found(
    middles: tuple[tuple[float, ...], ...], points: Floats, *, young: bool = False, **said: object
) -> int:
    """How many segments are found from there, where customers lie far wider apart than they did;
    and as many as run where they don't."""
    (spec,) = specs(clusterer_parameters={"starts": 3}, **said)
    wide, close = (
        find(points, spec, Start(np.array(middles), before), CHOICES, young=young)
        for before in (1e-9, 1e9)
    )
    assert len(close.centres) == len(middles)
    assert not close.fresh
    assert wide.fresh == (len(wide.centres) != len(middles))
    if wide.fresh:
        assert wide.stability is not None
        assert wide.stability > 0.95
        assert wide.least_inertia == pytest.approx(0.5, abs=0.1)
    return len(wide.centres)


@pytest.mark.parametrize("young", [False, True])
@pytest.mark.parametrize(("middles", "places"), [(MIDDLES, SQUARE), (JOINED, LINE)])
def test_another_number_is_taken_where_it_is_found(
    middles: tuple[tuple[float, ...], ...], places: tuple[tuple[float, ...], ...], young: bool
) -> None:
    assert found(middles, around(places), young=young) == 4


def test_in_a_young_shop_it_is_the_least_that_holds_or_one_more() -> None:
    """Customers in an even line can be cut into three, four and five, each found again."""
    points = np.random.default_rng(0).uniform(0.0, 1.0, (300, 1)) * np.ones(2)
    (spec,) = specs(clusterer_parameters={"starts": 2})
    start = Start(np.array([[place, place] for place in (1 / 6, 3 / 6, 5 / 6)]), 1e-9)
    found = [find(points, spec, start, CHOICES, young=young) for young in (False, True)]
    assert [len(one.centres) for one in found] == [5, 4]


def test_a_certain_number_stays_whatever_else_is_found() -> None:
    points, _ = planted(3, 60)
    places = ((0.0, 0.0, 0.0), (6.0, 0.0, 0.0), (0.0, 6.0, 6.0))
    assert found(places, points) == 3


def test_a_number_that_was_said_is_not_asked() -> None:
    assert found(MIDDLES, around(SQUARE), k=3) == 3


def test_there_are_never_more_than_are_tried() -> None:
    ring = [(np.cos(turn), np.sin(turn)) for turn in np.arange(MOST + 1) * 2 * np.pi / (MOST + 1)]
    places = tuple((float(9 * x), float(9 * y)) for x, y in ring)
    points = around(places)
    middles = (((places[0][0] + places[1][0]) / 2, (places[0][1] + places[1][1]) / 2), *places[2:])
    assert found(middles, points) == MOST
