"""Points in their segment's colour, names beside each other and not upon each other."""

from __future__ import annotations

import numpy as np
import pytest

from app.dashboard.pictures.customer_map import NAME_SIZE, customer_map, rfm_space
from app.dashboard.pictures.shown import Shown
from app.dashboard.theme import colour
from insights.points import Plane

KNOWN = [Shown(f"value-{number}", f"Segment {number}", colour(f"value-{number}"))
         for number in range(1, 8)]  # fmt: skip


def plane(places: np.ndarray) -> Plane:
    return Plane(("spend", "orders"), places, (0.6, 0.3), np.eye(2))


def test_every_customer_is_one_point() -> None:
    places = np.random.default_rng(1).normal(size=(50, 2))
    segments = ["value-1"] * 20 + ["value-2"] * 25 + [None] * 5
    figure = customer_map(plane(places), segments, KNOWN)
    assert [(one.name, len(one.x)) for one in figure.data] == [
        ("Segment 1", 20), ("Segment 2", 25), ("no segment", 5),
    ]  # fmt: skip
    assert figure.data[0].marker.color == KNOWN[0].colour


@pytest.mark.parametrize("spread", [0.0, 0.01, 1.0])
def test_names_never_lie_on_each_other(spread: float) -> None:
    generator = np.random.default_rng(2)
    places = generator.normal(size=(700, 2))
    segments = [f"value-{1 + number % 7}" for number in range(700)]
    places += spread * np.array([[number % 7, number % 7] for number in range(700)])
    named = customer_map(plane(places), segments, KNOWN).layout.annotations
    assert len(named) == 7
    width, height = np.ptp(places, axis=0) * NAME_SIZE
    for place, one in enumerate(named):
        for other in named[:place]:
            assert abs(one.x - other.x) >= width or abs(one.y - other.y) >= height


def test_who_has_bought_nothing_still_has_a_place_on_a_scale_of_powers() -> None:
    features = {name: np.zeros(3) for name in ("recency_days", "orders", "spend")}
    figure = rfm_space(features, ["value-1"] * 3, KNOWN)
    assert min(figure.data[0].y) >= 1
    assert min(figure.data[0].z) >= 1
